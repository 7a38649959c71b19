/** The app at X. */
export const KEYS = { apiKey: "bench-api-key", apiKeySecret: "bench-api-key-secret" };
