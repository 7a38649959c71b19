/**
 * The `Reflect` of the plugin's bundle, which build.mjs puts in the place of the global one: the metadata of its classes
 * goes here. The helpdesk's process may have a polyfill of its own, and a second one would take the place of the first.
 */
const own: typeof globalThis.Reflect = Object.create(globalThis.Reflect);

export { own as Reflect };
