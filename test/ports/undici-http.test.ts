import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { UndiciHttp } from "../../src/ports/undici-http.ts";

async function serve(answer: RequestListener): Promise<{ url: string; connections: () => number }> {
	let connections = 0;
	const server = createServer(answer).on("connection", () => {
		connections += 1;
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/`, connections: () => connections };
}

function newClient(): UndiciHttp {
	const http = new UndiciHttp();
	onTestFinished(() => http.close());
	return http;
}

const get = (url: string) =>
	({ method: "GET", url, headers: {}, timeoutMs: 30_000, maxBytes: 1000 }) as const;

test("gives status, headers and body, over one connection for two calls", async () => {
	const { url, connections } = await serve((_, response) => {
		response.writeHead(418, { "X-Twice": ["one", "two"] }).end("tea");
	});
	const http = newClient();

	expect(await http.send(get(url))).toMatchObject({
		kind: "answer",
		status: 418,
		headers: { "x-twice": "one" },
		body: "tea",
	});
	await http.send(get(url));
	expect(connections()).toBe(1);
});

test("sends method, headers and body", async () => {
	const { url } = await serve((request, response) => {
		request.setEncoding("utf8").on("data", (body) => {
			response.end(`${request.method} ${request.headers["authorization"]} ${body}`);
		});
	});
	const headers = { authorization: "OAuth a" };

	const answer = await newClient().send({ ...get(url), method: "POST", headers, body: "a=b" });

	expect(answer).toMatchObject({ body: "POST OAuth a a=b" });
});

test("a redirect is an answer and is not followed", async () => {
	const { url, connections } = await serve((_, response) => {
		response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
	});

	expect(await newClient().send(get(url))).toMatchObject({ kind: "answer", status: 302 });
	expect(connections()).toBe(1);
});

test.each([
	["with its length", (size: number) => ({ "content-length": String(size) })],
	["in chunks", () => ({})],
])("a body that is too large %s is a failure", async (_, headers) => {
	const { url } = await serve((_request, response) => {
		response.writeHead(200, headers(100_000)).end("x".repeat(100_000));
	});

	expect(await newClient().send(get(url))).toMatchObject({ kind: "failure", reason: "too-large" });
});

test("silence and an endless body are timeouts", async () => {
	const { url } = await serve((request, response) => {
		if (request.url !== "/") {
			response.writeHead(200).write("x");
		}
	});
	const http = newClient();

	expect(await http.send({ ...get(url), timeoutMs: 50 })).toMatchObject({ reason: "timeout" });
	expect(await http.send({ ...get(`${url}slow`), timeoutMs: 50 })).toMatchObject({
		reason: "timeout",
	});
});

test("a call that times out before it is connected is never sent", async () => {
	const asked: (string | undefined)[] = [];
	const { url } = await serve((request, response) => {
		asked.push(request.url);
		response.end();
	});
	const http = newClient();

	const late = http.send({ ...get(url), timeoutMs: 1 });
	// Timers run before sockets: after this the deadline is over, and nothing is connected yet.
	const until = performance.now() + 20;
	while (performance.now() < until);

	expect(await late).toMatchObject({ reason: "timeout" });
	await http.send(get(`${url}in-time`));
	expect(asked).toEqual(["/in-time"]);
});

test("a text that is not an address gives a failure", async () => {
	expect(await newClient().send(get("nowhere"))).toMatchObject({ kind: "failure" });
});

test("a refused or broken connection is a reset, and plain http instead of TLS is a TLS failure", async () => {
	const { url } = await serve((request) => request.socket.destroy());
	const http = newClient();

	expect(await http.send(get("http://127.0.0.1:1/"))).toMatchObject({ reason: "reset" });
	expect(await http.send(get(url))).toMatchObject({ reason: "reset" });
	expect(await http.send(get(url.replace("http:", "https:")))).toMatchObject({ reason: "tls" });
});

test("a declared host has the origin that the operator set, or else its own", () => {
	const http = new UndiciHttp({ "api.x.com": "http://localhost:9" });

	expect(http.originOf("api.x.com")).toBe("http://localhost:9");
	expect(http.originOf("api.example.com")).toBe("https://api.example.com");
});
