import grant from "grant";
import { grantConfig } from "./grant-config.mjs";
import { listen } from "./listen.mjs";

const sessions = new Map();

await listen((url) => {
	const handler = grant.node({
		config: grantConfig(url),
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
