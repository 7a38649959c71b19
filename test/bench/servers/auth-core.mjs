import { Auth, skipCSRFCheck } from "@auth/core";
import Twitter from "@auth/core/providers/twitter";
import { detourFetch } from "./detour.mjs";
import { OAUTH2_KEYS } from "./keys.mjs";
import { listen } from "./listen.mjs";

await detourFetch();

const config = {
	basePath: "/auth",
	secret: "a secret of the bench that is long enough",
	trustHost: true,
	// The host checks the origin, as frameworks with their own protection do. That saves one request for each log-in.
	skipCSRFCheck,
	providers: [Twitter(OAUTH2_KEYS)],
};

async function bodyOf(request) {
	let body = "";
	request.setEncoding("utf8");
	for await (const chunk of request) {
		body += chunk;
	}
	return body;
}

await listen((url) => async (incoming, response) => {
	const { method, headers } = incoming;
	if (method === "POST" && headers.origin !== url) {
		response.writeHead(403).end();
		return;
	}
	const request = new Request(new URL(incoming.url, url), {
		method,
		headers: Object.entries(headers),
		...(method === "POST" && { body: await bodyOf(incoming) }),
	});
	const answer = await Auth(request, config);
	const location = answer.headers.get("location");
	response
		.writeHead(answer.status, {
			"content-type": answer.headers.get("content-type") ?? "text/html",
			...(location !== null && { location }),
			"set-cookie": answer.headers.getSetCookie(),
		})
		.end(await answer.text());
});
