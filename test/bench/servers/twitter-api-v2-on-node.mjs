import { listen } from "./listen.mjs";
import { SmallSessions } from "./small-sessions.mjs";
import { linkToX, userAtX } from "./twitter-api-client.mjs";

const pendingLogIns = new SmallSessions();
const sessions = new SmallSessions();

async function start(url, response) {
	const { location, pending } = await linkToX(`${url}/callback`);
	const cookie = pendingLogIns.open("pending", pending);
	response.writeHead(303, { location, "set-cookie": cookie }).end();
}

async function finish(request, response) {
	const query = new URLSearchParams(request.url.slice(request.url.indexOf("?")));
	const pending = pendingLogIns.take("pending", request);
	const user = await userAtX(pending, query.get("oauth_token"), query.get("oauth_verifier"));
	if (user === undefined) {
		response.writeHead(400).end();
		return;
	}
	response.writeHead(303, { location: "/", "set-cookie": sessions.open("session", user) }).end();
}

await listen((url) => (request, response) => {
	if (request.url === "/start" && request.method === "POST") {
		return start(url, response);
	}
	if (request.url.startsWith("/callback?")) {
		return finish(request, response);
	}
	response.end(JSON.stringify(sessions.of("session", request) ?? null));
});
