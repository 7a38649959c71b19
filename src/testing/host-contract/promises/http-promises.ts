import assert from "node:assert/strict";
import type { HttpAnswer, HttpFailure } from "../../../contract/http.ts";
import type { HostPromises } from "../opened-host.ts";

export const HTTP_PROMISES: HostPromises = {
	"originOf returns the operator's address of a declared host, or else its own": async (opener) => {
		const { host } = await opener.open({ origins: { "declared.example": "http://127.0.0.1:9" } });

		assert.equal(host.http.originOf("declared.example"), "http://127.0.0.1:9");
		assert.equal(host.http.originOf("second.example"), "https://second.example");
	},

	"A request carries its method, headers and body": async (opener) => {
		const seen: string[] = [];
		const { host, get } = await opener.openWithServer((request, response) => {
			request.setEncoding("utf8").on("data", (body) => {
				seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
				response.end();
			});
		});
		await host.http.send({
			...get("/a?b=%20c"),
			method: "POST",
			body: "a=b&ä",
			headers: { authorization: "OAuth a", "content-type": "text/plain" },
		});

		assert.deepEqual(seen, ["POST /a?b=%20c OAuth a a=b&ä"]);
	},

	"An answer carries its status, headers and body, whatever the status is": async (opener) => {
		const { host, get } = await opener.openWithServer((_, response) => {
			response.writeHead(503, { "X-Twice": ["one", "two"], "Retry-After": "5" });
			response.end(Buffer.from([0xc3, 0xa4, 0xff]));
		});
		const answer = answerOf(await host.http.send(get()));

		assert.equal(answer.status, 503);
		assert.equal(answer.headers["x-twice"], "one");
		assert.equal(answer.headers["retry-after"], "5");
		assert.equal(answer.body, "ä\ufffd");
	},

	"A redirect is not followed": async (opener) => {
		const { host, get, server } = await opener.openWithServer((_, response) => {
			response.writeHead(302, { location: "/elsewhere" }).end();
		});
		const answer = answerOf(await host.http.send(get()));

		assert.equal(answer.status, 302);
		assert.equal(answer.headers["location"], "/elsewhere");
		assert.deepEqual(server.requests, ["GET /"]);
	},

	"A request is sent once, even if it fails": async (opener) => {
		const { host, get, server } = await opener.openWithServer((request) =>
			request.socket.destroy(),
		);
		await host.http.send(get());
		await host.http.send({ ...get("/b"), method: "POST", body: "a" });

		assert.deepEqual(server.requests, ["GET /", "POST /b"]);
	},

	"Requests share a connection": async (opener) => {
		const { host, get, server } = await opener.openWithServer((_, response) => {
			response.end("ok");
		});
		for (let call = 0; call < 3; call += 1) {
			await host.http.send(get());
		}

		assert.equal(server.connections(), 1);
	},

	"A broken or refused connection fails with the reason reset": async (opener) => {
		const { host, get, server } = await opener.openWithServer((request, response) => {
			if (request.url === "/half") {
				response.writeHead(200, { "content-length": "10" }).write("half");
			}
			setTimeout(() => request.socket.destroy(), 20);
		});

		assert.equal(reasonOf(await host.http.send(get())), "reset");
		assert.equal(reasonOf(await host.http.send(get("/half"))), "reset");
		await server.close();
		assert.equal(reasonOf(await host.http.send(get())), "reset");
	},

	"An answer that does not come or end within its time limit fails with the reason timeout": async (
		opener,
	) => {
		let answer = (): void => {};
		const answered = new Promise<void>((resolve) => {
			answer = resolve;
		});
		const { host, get } = await opener.openWithServer((request, response) => {
			if (request.url === "/endless") {
				response.writeHead(200).write("x");
			} else if (request.url === "/late") {
				void answered.then(() => response.end());
			}
		});
		const waitBriefly = async (): Promise<string[]> => {
			const ends: string[] = [];
			for (const path of ["/", "/endless"]) {
				ends.push(reasonOf(await host.http.send({ ...get(path), timeoutMs: 100 })));
			}
			answer();
			return ends;
		};
		// A request with more time still waits when the others have failed.
		const [late, ends] = await Promise.all([host.http.send(get("/late")), waitBriefly()]);

		assert.deepEqual(ends, ["timeout", "timeout"]);
		assert.equal(reasonOf(late), "an answer: 200");
	},

	"An unknown host name fails with the reason dns": async (opener) => {
		const origin = "http://nobody.invalid";
		const { host } = await opener.open({ origins: { "declared.example": origin } });
		const sent = await host.http.send({
			method: "GET",
			url: origin,
			headers: {},
			timeoutMs: 30_000,
			maxBytes: 10,
		});

		assert.equal(reasonOf(sent), "dns");
	},

	"A server without TLS fails with the reason tls": async (opener) => {
		const server = await opener.listen((_, response) => {
			response.end();
		});
		const origin = server.origin.replace("http:", "https:");
		const { host } = await opener.open({ origins: { "declared.example": origin } });
		const sent = await host.http.send({
			method: "GET",
			url: origin,
			headers: {},
			timeoutMs: 30_000,
			maxBytes: 10,
		});

		assert.equal(reasonOf(sent), "tls");
	},

	"A body above the size limit fails with the reason too-large": async (opener) => {
		const { host, get } = await opener.openWithServer((request, response) => {
			response.writeHead(200, request.url === "/sized" ? { "content-length": "1000" } : {});
			response.end("x".repeat(1000));
		});
		for (const path of ["/sized", "/chunked"]) {
			const whole = answerOf(await host.http.send({ ...get(path), maxBytes: 1000 }));
			const short = await host.http.send({ ...get(path), maxBytes: 999 });
			assert.equal(whole.body.length, 1000);
			assert.equal(reasonOf(short), "too-large");
		}
	},

	"A failure reveals nothing about the request": async (opener) => {
		const { host, get } = await opener.openWithServer((request) => request.socket.destroy());
		const headers = { authorization: "canary-of-a-header" };
		const failure = await host.http.send({ ...get("/canary-of-a-path"), headers });

		assert.ok(!JSON.stringify(failure).includes("canary"), JSON.stringify(failure));
	},
};

function answerOf(sent: HttpAnswer | HttpFailure): HttpAnswer {
	return sent.kind === "answer" ? sent : assert.fail(`a failure: ${sent.reason}, ${sent.detail}`);
}

function reasonOf(sent: HttpAnswer | HttpFailure): string {
	return sent.kind === "failure" ? sent.reason : `an answer: ${sent.status}`;
}
