import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import type { HttpAnswer } from "../../../src/contract/http.ts";
import { providerFetch } from "../../../src/helpdesk/openid/provider-fetch.ts";
import { PublicHttp, type PublicHttpRequest } from "../../../src/ports/public-http.ts";

const URL_OF_RT = "https://rt.example/logout";

/** The options that `oidc-provider` passes for a back-channel log-out. */
const backChannel = (signal = AbortSignal.timeout(2500)) => ({
	method: "POST",
	redirect: "manual" as const,
	headers: new Headers({
		"content-type": "application/x-www-form-urlencoded",
		"user-agent": "",
	}),
	body: new URLSearchParams({ logout_token: "a.b.c" }),
	signal,
});

function answering(answer: Partial<HttpAnswer>) {
	const sent: PublicHttpRequest[] = [];
	const fetch = providerFetch({
		send: async (request) => {
			sent.push(request);
			return { kind: "answer", status: 200, headers: {}, body: "", ...answer };
		},
	});
	return { fetch, sent };
}

test("a back-channel log-out goes through the port", async () => {
	const { fetch, sent } = answering({ headers: { "cache-control": "no-store" }, body: "done" });

	const response = await fetch(URL_OF_RT, backChannel());

	expect(sent).toEqual([
		{
			method: "POST",
			url: URL_OF_RT,
			headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": "" },
			body: "logout_token=a.b.c",
		},
	]);
	expect(response.status).toBe(200);
	expect(response.headers.get("cache-control")).toBe("no-store");
	expect(await response.text()).toBe("done");
});

test.each([204, 205, 302, 304, 400, 501])("the status %i is an answer", async (status) => {
	const { fetch } = answering({ status, headers: { location: "http://127.0.0.1/" } });

	expect((await fetch(URL_OF_RT, backChannel())).status).toBe(status);
});

test("the library's time limit does not end a call: the port's does", async () => {
	const { fetch } = answering({ status: 200 });

	expect((await fetch(URL_OF_RT, backChannel(AbortSignal.abort()))).status).toBe(200);
});

test("a failure rejects like fetch, and says why", async () => {
	const failure = { kind: "failure", reason: "timeout", detail: "TimeoutError" } as const;
	const fetch = providerFetch({ send: async () => failure });

	const error: unknown = await fetch(URL_OF_RT, backChannel()).catch((reason: unknown) => reason);

	expect(error).toBeInstanceOf(TypeError);
	expect(error).toMatchObject({
		message: "the connected helpdesk did not answer: timeout (TimeoutError)",
		cause: failure,
	});
});

test.each([
	["a private address", "https://127.0.0.1/", "--allow-private"],
	["plain http", "http://rt.example/", "needs https"],
	["credentials", "https://user:secret-password@rt.example/", "a user name or a password"],
	["no URL", "nowhere", "is not a URL"],
])("%s is refused with a sentence", async (_, url, sentence) => {
	const http = new PublicHttp({ allowPrivate: [] });
	onTestFinished(() => http.close());

	const error: unknown = await providerFetch(http)(url, backChannel()).catch(
		(reason: unknown) => reason,
	);

	expect(error).toBeInstanceOf(TypeError);
	expect(String(error)).toContain(sentence);
	expect(inspect(error, { depth: 9 })).not.toContain("secret-password");
});

test("another method is refused", async () => {
	const { fetch, sent } = answering({});

	await expect(fetch(URL_OF_RT, { method: "PUT" })).rejects.toThrow("PUT");
	expect(sent).toEqual([]);
});

test("an allowed helpdesk is told, and its redirect is not followed", async () => {
	const told: string[] = [];
	const server = createServer((request, response) => {
		request.setEncoding("utf8").on("data", (body) => {
			told.push(`${request.url} ${body}`);
			response.writeHead(302, { location: "/elsewhere" }).end();
		});
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const http = new PublicHttp({ allowPrivate: ["127.0.0.1"] });
	onTestFinished(async () => {
		await http.close();
		server.close();
	});
	const { port } = server.address() as AddressInfo;

	const response = await providerFetch(http)(`http://127.0.0.1:${port}/logout`, backChannel());

	expect(response.status).toBe(302);
	expect(told).toEqual(["/logout logout_token=a.b.c"]);
});
