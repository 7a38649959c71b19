import { KEYS } from "./keys.mjs";
import { X_URL } from "./listen.mjs";

export function grantConfig(url) {
	return {
		defaults: { origin: url, transport: "session", response: ["tokens", "raw", "profile"] },
		twitter: {
			key: KEYS.apiKey,
			secret: KEYS.apiKeySecret,
			request_url: `${X_URL}/oauth/request_token`,
			authorize_url: `${X_URL}/oauth/authenticate`,
			access_url: `${X_URL}/oauth/access_token`,
			profile_url: `${X_URL}/1.1/account/verify_credentials.json?include_email=true`,
			callback: "/",
		},
	};
}
