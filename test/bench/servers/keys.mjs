/** The app at X. */
export const KEYS = { apiKey: "bench-api-key", apiKeySecret: "bench-api-key-secret" };

/** The same app's keys for OAuth 2.0. */
export const OAUTH2_KEYS = { clientId: "bench-client", clientSecret: "bench-secret" };
