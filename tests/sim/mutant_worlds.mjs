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
/** Tabs with copies of one storage (X9). */
export const copied = [...own, '--locks', 'web'];
export const manyCopies = [...copied, '--tabs', '8'];
/** Many tabs, and a refresh takes long (X10). */
export const queue = [...bearer, '--with', 'slow_endpoint'];
/** Many tabs, and a token that comes again is refused (R7). */
export const losers = [...bearer, '--grace', '0', '--tabs', '8'];

/**
 * Where a defect shows seldom.
 * @param {string[]} world
 */
export const long = (world) => [...world, '--events', '40000000'];
