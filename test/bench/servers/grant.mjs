import grant from "grant";
import { KEYS } from "./keys.mjs";
import { listen, X_URL } from "./listen.mjs";

const sessions = new Map();

await listen((url) => {
	const handler = grant.node({
		config: {
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
		},
		session: {
			secret: "bench",
			store: {
				get: async (id) => sessions.get(id),
				set: async (id, value) => sessions.set(id, value),
				remove: async (id) => sessions.delete(id),
			},
		},
	});
	return async (request, response) => {
		const { session, redirect } = await handler(request, response);
		if (redirect) {
			return;
		}
		const { grant: login } = await session.get();
		response.end(JSON.stringify(login?.response?.profile?.screen_name ?? null));
	};
});
