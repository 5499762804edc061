/** @type {{ print: (line: string) => void }} */
const { print } = /** @type {any} */ (globalThis);

/**
 * One line to the host.
 * @param {object} message
 */
export const tell = (message) => print(JSON.stringify(message));
