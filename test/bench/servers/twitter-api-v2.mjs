import { TwitterApi } from "twitter-api-v2";
import { DetourAgent } from "./detour.mjs";
import { KEYS } from "./keys.mjs";
import { listen } from "./listen.mjs";
import { SmallSessions } from "./small-sessions.mjs";

const app = { appKey: KEYS.apiKey, appSecret: KEYS.apiKeySecret };
const settings = { httpAgent: new DetourAgent() };

const pending = new SmallSessions();
const sessions = new SmallSessions();

async function start(url, response) {
	const client = new TwitterApi(app, settings);
	const link = await client.generateAuthLink(`${url}/callback`, { linkMode: "authenticate" });
	const { url: location, oauth_token: token, oauth_token_secret: secret } = link;
	const cookie = pending.open("pending", { token, secret });
	response.writeHead(303, { location, "set-cookie": cookie }).end();
}

async function finish(request, response) {
	const query = new URLSearchParams(request.url.slice(request.url.indexOf("?")));
	const { token, secret } = pending.take("pending", request) ?? {};
	if (token === undefined || token !== query.get("oauth_token")) {
		response.writeHead(400).end();
		return;
	}
	const tokens = { ...app, accessToken: token, accessSecret: secret };
	const { client } = await new TwitterApi(tokens, settings).login(query.get("oauth_verifier"));
	const profile = await client.v1.verifyCredentials({ include_email: true });
	const user = { id: profile.id_str, handle: profile.screen_name, email: profile.email };
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
