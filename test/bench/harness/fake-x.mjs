// Answers X's sign-in from canned answers, without a check. The project's own fake X checks every signature, sweeps
// every token and nonce at each call and has X's rate limits, which is more work than the measured servers do.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { answerParent } from "./answer-parent.mjs";
import { cannedAnswer } from "./canned-answers.mjs";

const tls = {
	key: await readFile(new URL("../../fixtures/tls/key.pem", import.meta.url)),
	cert: await readFile(new URL("../../fixtures/tls/cert.pem", import.meta.url)),
};

// Headers recorded from X.
const HEADERS = {
	"cache-control": "no-cache, no-store, must-revalidate, pre-check=0, post-check=0",
	expires: "Tue, 31 Mar 1981 05:00:00 GMT",
	pragma: "no-cache",
	"strict-transport-security": "max-age=631138519",
	"x-connection-hash": "0",
	"x-response-time": "1",
	"x-frame-options": "SAMEORIGIN",
	"x-xss-protection": "0",
};

class Site {
	calls = 0;
	connections = 0;
	delayMs = 0;

	receive(request, response) {
		let body = "";
		request.setEncoding("utf8");
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", () => this.#answer(request, response, body));
	}

	#answer({ url, headers }, response, body) {
		const answer = cannedAnswer(url, headers.authorization ?? "", body);
		if (answer === undefined) {
			response.writeHead(404).end();
			return;
		}
		this.calls += 1;
		const send = () => {
			response
				.writeHead(200, {
					...HEADERS,
					"content-type": answer.type,
					"content-length": Buffer.byteLength(answer.text),
					// Written by hand, because Node would add a hint for how long it keeps the connection. X does not.
					connection: headers.connection === "close" ? "close" : "keep-alive",
				})
				.end(answer.text);
		};
		if (this.delayMs > 0) {
			setTimeout(send, this.delayMs);
		} else {
			send();
		}
	}
}

const sites = [];

/** @returns the addresses of another X, with separate counts. */
async function open({ delayMs = 0, idleMs = 0 }) {
	const site = new Site();
	site.delayMs = delayMs;
	const listener = (request, response) => site.receive(request, response);
	const urls = {};
	for (const [scheme, server] of [
		["http", createServer(listener)],
		["https", createTlsServer(tls, listener)],
	]) {
		// 0 keeps idle connections forever.
		server.keepAliveTimeout = idleMs;
		server.on("connection", () => {
			site.connections += 1;
		});
		await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
		urls[scheme] = `${scheme}://127.0.0.1:${server.address().port}`;
	}
	return { id: sites.push(site) - 1, ...urls };
}

answerParent({
	open,
	counts: ({ id }) => ({ calls: sites[id].calls, connections: sites[id].connections }),
	delay: ({ id, delayMs }) => {
		sites[id].delayMs = delayMs;
		return null;
	},
});
