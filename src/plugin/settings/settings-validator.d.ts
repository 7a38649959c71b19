// The implementation is written by build.mjs: ajv's standalone code for settings-schema.json.
export function validateSettings(values: unknown): boolean;
