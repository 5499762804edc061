// The worlds in which the mutants show, as the simulator's arguments.

export const bearer = ['--mode', 'bearer', '--storage', 'shared', '--locks', 'web', '--lag', '0'];
export const lagging = ['--mode', 'bearer', '--storage', 'shared', '--locks', 'web', '--lag', '10'];
export const lease = ['--mode', 'bearer', '--storage', 'shared', '--locks', 'none'];
export const hybrid = ['--mode', 'hybrid', '--storage', 'shared', '--locks', 'web'];
export const hybridMemory = ['--mode', 'hybrid', '--storage', 'memory'];
export const async_ = ['--mode', 'bearer', '--storage', 'shared_async'];
export const memory = ['--mode', 'bearer', '--storage', 'memory'];
export const asyncCookie = ['--mode', 'cookie', '--storage', 'shared_async'];
export const asyncHybrid = ['--mode', 'hybrid', '--storage', 'shared_async', '--locks', 'none'];
export const asyncLease = ['--mode', 'bearer', '--storage', 'shared_async', '--locks', 'none'];
export const cookie = ['--mode', 'cookie', '--storage', 'shared'];
export const own = ['--mode', 'bearer', '--storage', 'per_tab'];

/**
 * Where a defect shows seldom.
 * @param {string[]} world
 */
export const long = (world) => [...world, '--events', '40000000'];
