// expo-secure-store, without a phone.
/** @type {Map<string, string>} */
const items = new Map();

export const getItemAsync = async (/** @type {string} */ key) => items.get(key) ?? null;
export const setItemAsync = async (/** @type {string} */ key, /** @type {string} */ value) =>
  void items.set(key, value);
export const deleteItemAsync = async (/** @type {string} */ key) => void items.delete(key);
