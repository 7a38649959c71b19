// Runs the built artifact in the least code that keeps the contract: node:http and memory. The argument is the protocol
// that the brand has chosen.
import { loadPlugin } from "../../../dist/host.mjs";
import { listen } from "./listen.mjs";
import { portsInMemory, readArtifact } from "./ports-in-memory.mjs";
import { SmallSessions } from "./small-sessions.mjs";

const [, , protocol] = process.argv;
const COOKIE = "x-login-";

const sessions = new SmallSessions();

function pluginCookies({ headers }) {
	const cookies = {};
	for (const pair of (headers.cookie ?? "").split("; ")) {
		if (pair.startsWith(COOKIE)) {
			const equals = pair.indexOf("=");
			cookies[pair.slice(COOKIE.length, equals)] = pair.slice(equals + 1);
		}
	}
	return cookies;
}

function formOf(request) {
	return new Promise((resolve, reject) => {
		let body = "";
		request.setEncoding("utf8");
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", () => resolve([...new URLSearchParams(body)]));
		request.on("error", reject);
	});
}

async function loginRequest(request, form) {
	const [, query = ""] = request.url.split("?");
	const user = sessions.of("session", request);
	return {
		brandId: "acorn",
		method: request.method,
		query: [...new URLSearchParams(query)],
		form,
		cookies: pluginCookies(request),
		locale: "en",
		clientAddress: request.socket.remoteAddress,
		currentUser: user && { id: user.id, provenAt: user.provenAt },
	};
}

async function send(response, login, users) {
	const cookies = (login.cookies ?? []).map(
		({ name, value, maxAgeSeconds }) =>
			`${COOKIE}${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`,
	);
	switch (login.kind) {
		case "redirect":
			response.writeHead(303, { location: login.location, "set-cookie": cookies }).end();
			break;
		case "signed-in":
		case "signed-up": {
			const { id, name } = await users.find(login.userId);
			const session = sessions.open("session", { id, name, provenAt: Date.now() });
			response
				.writeHead(303, { location: login.returnPath, "set-cookie": [...cookies, session] })
				.end();
			break;
		}
		default:
			response.writeHead(login.page?.status ?? 500).end(login.page?.html);
	}
	await login.afterwards?.();
}

await listen(async (url) => {
	const ports = portsInMemory(url, { protocol });
	const { createPlugin } = await loadPlugin(await readArtifact());
	const plugin = createPlugin(ports);
	await plugin.onActivate();
	return async (request, response) => {
		if (request.url === "/start" && request.method === "POST") {
			if (request.headers.origin !== url) {
				response.writeHead(403).end();
				return;
			}
			const login = await plugin.startLogin(await loginRequest(request, await formOf(request)));
			await send(response, login, ports.users);
		} else if (request.url.startsWith("/callback?")) {
			const login = await plugin.handleCallback(await loginRequest(request, []));
			await send(response, login, ports.users);
		} else {
			response.end(JSON.stringify(sessions.of("session", request) ?? null));
		}
	};
});
