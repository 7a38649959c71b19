// Finding 19: two Host headers, and connections without a bound.
import { once } from "node:events";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { closed, LIMITS, type ListenOptions, listen } from "../../../src/helpdesk/web/listen.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { exchange, headOf, openConnection } from "../../kit/helpdesk/raw-http.ts";

const CLOSE = "Connection: close";

test.each([
	["two Host headers", ["Host: 127.0.0.1", "Host: evil.example"]],
	["the same Host header twice", ["Host: 127.0.0.1", "Host: 127.0.0.1"]],
	["two Host headers in other spellings", ["HOST: 127.0.0.1", "host: evil.example"]],
	["no Host header", ["Accept: text/html"]],
	["an empty Host header", ["Host:"]],
	["a Host header with a path", ["Host: 127.0.0.1/evil"]],
	["a Host header with a user", ["Host: user@127.0.0.1"]],
])("a request with %s is refused", async (_, headers) => {
	const { portal } = await openHelpdesk();

	const answer = await exchange(portal, "GET /login HTTP/1.1", ...headers, CLOSE);

	expect(headOf(answer).status).toBe(400);
	expect(answer).not.toContain("<html");
});

test.each([
	"http://evil.example/login",
	"https://evil.example/login",
	"http://127.0.0.1:1/login",
	"http://127.0.0.1@evil.example/login",
	"ftp://127.0.0.1/login",
	"evil.example/login",
	"*",
])("a request for %s at another host than its Host header says is refused", async (target) => {
	const { portal } = await openHelpdesk();

	const answer = await exchange(portal, `GET ${target} HTTP/1.1`, "Host: 127.0.0.1", CLOSE);

	expect(headOf(answer).status).toBe(400);
});

test("a request for a whole address at its own host is answered", async () => {
	const { portal } = await openHelpdesk();
	const { host } = new URL(portal);

	const answer = await exchange(portal, `GET ${portal}/login HTTP/1.1`, `Host: ${host}`, CLOSE);

	expect(headOf(answer).status).toBe(200);
});

test("TRACE is refused, and repeats nothing of the request", async () => {
	const { portal, log } = await openHelpdesk();
	const { host } = new URL(portal);

	const answer = await exchange(portal, "TRACE /login HTTP/1.1", `Host: ${host}`, "X-A: b", CLOSE);

	expect(headOf(answer).status).toBe(405);
	expect(answer).not.toContain("X-A");
	expect(log).toEqual([]);
});

test.each([
	["a length and chunks", ["Content-Length: 3", "Transfer-Encoding: chunked"], 400],
	["two lengths", ["Content-Length: 3", "Content-Length: 4"], 400],
	["a line that is no header", ["nonsense"], 400],
	["a header that goes on in the next line", ["X-A: b", " Host: evil.example"], 400],
	["101 headers", Array.from({ length: 99 }, (_, index) => `X-${index}: y`), 431],
	["2,001 headers", Array<string>(2000).fill("A:"), 431],
	["headers of more than 16 KiB", [`X-Long: ${"y".repeat(LIMITS.maxHeaderSize)}`], 431],
])("a request with %s is refused", async (_, headers, status) => {
	const { portal } = await openHelpdesk();

	const answer = await exchange(portal, "POST /login HTTP/1.1", "Host: a", ...headers, CLOSE);

	expect(headOf(answer).status).toBe(status);
});

test("connections have a cap: the surplus is closed, and those that are open go on", async () => {
	const { site, refused } = await listenWith({ maxConnections: 2 });
	const begun = await Promise.all([openConnection(site), openConnection(site)]);
	for (const socket of begun) {
		socket.write("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
	}

	expect(await statusOnNewConnection(site)).toBe("closed");

	expect(refused()).toBe(1);
	for (const socket of begun) {
		const answer = once(socket, "data");
		socket.write("yes\r\n\r\n");
		expect(String(await answer)).toContain("200 OK");
	}
});

test("connections have a cap: those that only wait make room for visitors", async () => {
	const { site } = await listenWith({ maxConnections: 2 });
	for (const socket of await Promise.all([openConnection(site), openConnection(site)])) {
		await ask(socket);
	}

	expect(await statusOnNewConnection(site)).toBe("closed");
	expect(await statusOnNewConnection(site)).toBe(200);
});

test("connections have a cap that the operator sets, and the log says once a minute that it is reached", async () => {
	const { portal, log, clock } = await openHelpdesk({ maxConnections: 2 });
	const full = () => log.filter((line) => line.includes("helpdesk.connections-full")).length;
	const flood = async () => {
		for (let count = 0; count < 6; count += 1) {
			(await openConnection(portal)).write("GET /login HTTP/1.1\r\n");
		}
	};

	await flood();
	await expect.poll(full).toBe(1);
	await flood();
	clock.advance(60_000);
	await flood();
	await expect.poll(full).toBe(2);
});

/** The status of a request on a new connection. */
async function statusOnNewConnection(site: string): Promise<number | "closed"> {
	// A connection that is closed at once may be reset.
	const answer = await exchange(site, "GET /healthz HTTP/1.1", "Host: a", CLOSE).catch(() => "");
	return answer === "" ? "closed" : headOf(answer).status;
}

test("the bounds on slow clients leave honest ones their time", () => {
	expect(LIMITS.headersTimeout).toBeLessThanOrEqual(30_000);
	expect(LIMITS.requestTimeout).toBeLessThanOrEqual(120_000);
	expect(LIMITS.silence).toBeLessThanOrEqual(120_000);
	expect(LIMITS.connectionsCheckingInterval).toBeLessThan(LIMITS.headersTimeout);
	expect(LIMITS.headersTimeout).toBeLessThanOrEqual(LIMITS.requestTimeout);
});

async function listenWith(
	options: Partial<Pick<ListenOptions, "maxConnections" | "limits">>,
	body?: ReadableStream,
): Promise<{ site: string; refused: () => number }> {
	let refused = 0;
	const { server, port } = await listen({
		port: 0,
		site: () => async (request: Request) =>
			new Response(body ?? (await request.text().catch(() => "cut"))),
		headers: {},
		maxConnections: 100,
		onFull: () => {
			refused += 1;
		},
		...options,
	});
	onTestFinished(() => closed(server));
	return { site: `http://127.0.0.1:${port}`, refused: () => refused };
}

test.each([
	["its headers", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "],
	["its first byte", ""],
	["its body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nslow"],
])(
	"a client that is slow with %s loses its connection, and one that waits between requests does not",
	async (_, begun) => {
		const limits = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 10 };
		const { site } = await listenWith({ limits });
		const honest = await openConnection(site);
		await ask(honest);
		const slow = await openConnection(site);
		slow.write(begun);

		await once(slow.resume(), "close");

		// The check that ended the slow one has looked at this one, too.
		expect(await ask(honest)).toContain("200 OK");
	},
);

test("a client that takes no byte of its answer loses its connection", async () => {
	let response: ReadableStream | undefined;
	const ended = new Promise<void>((resolve) => {
		response = new ReadableStream({
			pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
			cancel: () => resolve(),
		});
	});
	const { site } = await listenWith({ limits: { silence: 50 } }, response);
	const socket = await openConnection(site);
	socket.pause().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

	await ended;
});

test("a client that waits long for its answer keeps its connection", async () => {
	let finish: () => void = () => undefined;
	const work = new Promise<void>((resolve) => {
		finish = resolve;
	});
	const { server, port } = await listen({
		port: 0,
		site: () => async () => {
			await work;
			return new Response("done");
		},
		headers: {},
		maxConnections: 10,
		onFull: () => undefined,
		limits: { silence: 50 },
	});
	onTestFinished(() => closed(server));
	const answer = exchange(`http://127.0.0.1:${port}`, "GET / HTTP/1.1", "Host: a", CLOSE);
	for (let count = 0; count < 3; count += 1) {
		const silent = await openConnection(`http://127.0.0.1:${port}`);
		await once(silent.resume(), "close");
	}

	finish();

	expect(await answer).toContain("done");
});

async function ask(socket: Socket): Promise<string> {
	const answer = once(socket, "data");
	socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	return String(await answer);
}

test("every form is refused with a 413 page when it is too large, with and without a length", async () => {
	const scene = await openHelpdesk();
	await setUpX(scene);
	const { portal, helpdesk } = scene;
	const large = `x=${"y".repeat(64 * 1024)}`;
	const type = "application/x-www-form-urlencoded";
	const paths = [
		...["/login", "/register", "/forgot", "/account", "/login/x-login/start", "/nowhere"],
		...["/login/x-login/continue", "/login/x-login/callback", "/password/none"],
		...["/admin/login", "/admin/add-ons/upload", "/admin/settings/general/integrations/x-login"],
	];
	for (const path of paths) {
		for (const method of ["POST", "PUT", "DELETE"]) {
			const url = new URL(path, path.startsWith("/admin") ? helpdesk.adminUrl : portal);
			const answer = await fetch(url, { method, body: large, headers: { "content-type": type } });
			expect([path, method, answer.status]).toEqual([path, method, 413]);
			expect(await answer.text()).toContain("This form is too large");
			const chunks = new Blob([large]).stream();
			const init = {
				method,
				body: chunks,
				duplex: "half" as const,
				headers: { "content-type": type },
			};
			expect((await fetch(url, init)).status, `${method} ${path} in chunks`).toBe(413);
		}
	}
});
