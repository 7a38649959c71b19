import { readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, isIPv6 } from "node:net";
import { createSecureContext, createServer as createTlsServer } from "node:tls";
import { expect, onTestFinished, test, vi } from "vitest";
import { PublicHttp } from "../../src/ports/public-http.ts";
import { pem } from "../kit/browser/open-tls-site.ts";

type Parts = ConstructorParameters<typeof PublicHttp>[0];

interface Server {
	readonly port: number;
	connections(): number;
}

const LOOPBACK = "127.0.0.1";
/** An address of the internet, which no test connects to. */
const PUBLIC = "1.1.1.1";
/** An address of this machine with no server. */
const AWAY = "127.0.0.9";

async function serve(answer: RequestListener): Promise<Server> {
	let connections = 0;
	const server = createServer(answer).on("connection", () => {
		connections += 1;
	});
	await new Promise<void>((listening) => server.listen(0, LOOPBACK, listening));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	return { port, connections: () => connections };
}

function newClient(parts: Partial<Parts> = {}): PublicHttp {
	const http = new PublicHttp({ allowPrivate: [], ...parts });
	onTestFinished(() => http.close());
	return http;
}

/** A name server. Each look-up takes the next answer, and the last answer stays. */
function names(...answers: string[][]): {
	resolve: NonNullable<Parts["resolve"]>;
	asked: string[];
} {
	const asked: string[] = [];
	return {
		asked,
		resolve: async (host) => {
			const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
			asked.push(host);
			return answer.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
		},
	};
}

const get = (url: string) => ({ method: "GET", url, headers: {} }) as const;
const refused = (reason: string) => ({ kind: "refused", reason });

test("a host that is allowed is called by http at its private address", async () => {
	const { port } = await serve((request, response) => {
		request.setEncoding("utf8").on("data", (body) => {
			response.end(`${request.method} ${request.url} ${request.headers.host} ${body}`);
		});
	});
	const { resolve, asked } = names([LOOPBACK]);
	const http = newClient({ allowPrivate: ["rt.internal"], resolve });

	const answer = await http.send({
		...get(`http://RT.internal:${port}/logout?a=b`),
		method: "POST",
		body: "c=d",
	});

	expect(answer).toMatchObject({
		kind: "answer",
		body: `POST /logout?a=b rt.internal:${port} c=d`,
	});
	expect(asked).toEqual(["rt.internal"]);
});

test("an address that is allowed is called by http", async () => {
	const { port } = await serve((_, response) => {
		response.end("here");
	});
	const http = newClient({ allowPrivate: [LOOPBACK] });

	expect(await http.send(get(`http://127.1:${port}/`))).toMatchObject({ body: "here" });
});

test.each([
	["a name below it", "www.rt.internal"],
	["a name above it", "internal"],
	["a name that ends like it", "xrt.internal"],
	["the same name with a dot at the end", "rt.internal."],
])("an allowed host does not allow %s", async (_, host) => {
	const { port, connections } = await serve((_request, response) => {
		response.end();
	});
	const http = newClient({ allowPrivate: ["rt.internal"], resolve: names([LOOPBACK]).resolve });

	expect(await http.send(get(`https://${host}:${port}/`))).toEqual(refused("private-address"));
	expect(await http.send(get(`http://${host}:${port}/`))).toEqual(refused("https-needed"));
	expect(connections()).toBe(0);
});

test("an allowed address does not allow a name that leads to it", async () => {
	const { port, connections } = await serve((_, response) => {
		response.end();
	});
	const http = newClient({ allowPrivate: [LOOPBACK], resolve: names([LOOPBACK]).resolve });

	expect(await http.send(get(`https://help.example:${port}/`))).toEqual(refused("private-address"));
	expect(connections()).toBe(0);
});

test.each([[LOOPBACK], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:1.1.1.1"]])(
	"a public name that leads to %s is refused",
	async (address) => {
		const { port, connections } = await serve((_, response) => {
			response.end();
		});
		const http = newClient({ resolve: names([address]).resolve });

		expect(await http.send(get(`https://help.example:${port}/`))).toEqual(
			refused("private-address"),
		);
		expect(connections()).toBe(0);
	},
);

test("the system's own look-up is filtered, too: localhost is refused", async () => {
	expect(await newClient().send(get("https://localhost/"))).toEqual(refused("private-address"));
});

test.each([
	["first", ["10.0.0.1", LOOPBACK]],
	["last", [LOOPBACK, "10.0.0.1"]],
])("a name with a private address %s is called at its public one", async (_, addresses) => {
	const { port, connections } = await serve((_request, response) => {
		response.end();
	});
	const http = newClient({
		isGlobal: (address) => address === LOOPBACK,
		resolve: names(addresses).resolve,
		timeoutMs: 30_000,
	});

	// There is no TLS at the server.
	expect(await http.send(get(`https://help.example:${port}/`))).toMatchObject({ reason: "tls" });
	expect(connections()).toBe(1);
});

test.each([
	["first", [LOOPBACK, AWAY]],
	["last", [AWAY, LOOPBACK]],
])(
	"a name with a private address %s is not called there, even where nobody answers at the public one",
	async (_, addresses) => {
		const { port, connections } = await serve((_request, response) => {
			response.end();
		});
		const http = newClient({
			isGlobal: (address) => address === AWAY,
			resolve: names(addresses).resolve,
			timeoutMs: 30_000,
		});

		expect(await http.send(get(`https://help.example:${port}/`))).toMatchObject({
			kind: "failure",
			detail: "ECONNREFUSED",
		});
		expect(connections()).toBe(0);
	},
);

test("a name that leads to a private address the second time (DNS rebinding) makes no connection there", async () => {
	// The server is at the private address.
	const { port, connections } = await serve((_, response) => {
		response.end();
	});
	const { resolve, asked } = names([AWAY], [LOOPBACK]);
	const http = newClient({ resolve, isGlobal: (address) => address === AWAY });

	const first = await http.send(get(`https://help.example:${port}/`));
	expect(first).toMatchObject({ kind: "failure", detail: "ECONNREFUSED" });
	expect(asked).toHaveLength(1);

	expect(await http.send(get(`https://help.example:${port}/`))).toEqual(refused("private-address"));
	expect(asked).toHaveLength(2);
	expect(connections()).toBe(0);
});

test.each([
	["127.0.0.1"],
	["127.1"],
	["2130706433"],
	["0x7f000001"],
	["0x7f.0.0.1"],
	["0177.0.0.1"],
	["017700000001"],
	["127.0.0.1."],
	["①②⑦.0.0.1"],
	["%31%32%37.0.0.1"],
	["0"],
	["10.1"],
	["169.254.43518"],
	["[::1]"],
	["[0:0:0:0:0:0:0:1]"],
	["[::]"],
	["[::ffff:127.0.0.1]"],
	["[::ffff:7f00:1]"],
	["[::127.0.0.1]"],
	["[64:ff9b::127.0.0.1]"],
	["[2002:7f00:1::]"],
	["[fe80::1]"],
	["[fd00::1]"],
])("the literal address %s is refused", async (host) => {
	const { port, connections } = await serve((_, response) => {
		response.end();
	});
	const { resolve, asked } = names([PUBLIC]);

	expect(await newClient({ resolve }).send(get(`https://${host}:${port}/`))).toEqual(
		refused("private-address"),
	);
	expect(asked).toEqual([]);
	expect(connections()).toBe(0);
});

test.each([
	["plain http", "http://help.example/", "https-needed"],
	["plain http at a literal address", `http://${PUBLIC}/`, "https-needed"],
	["another scheme", "ftp://help.example/", "https-needed"],
	["another scheme at an allowed host", "ftp://rt.internal/", "https-needed"],
	["a user name", "https://user@help.example/", "credentials"],
	["a password at an allowed host", "http://:secret@rt.internal/", "credentials"],
	["a private address after a user name", "https://help.example@127.0.0.1/", "credentials"],
	["no URL", "help.example", "invalid-url"],
	["a zone", "https://[fe80::1%25eth0]/", "invalid-url"],
	["a port that is none", "https://help.example:65536/", "invalid-url"],
])("a URL with %s is refused", async (_, url, reason) => {
	const { resolve, asked } = names([LOOPBACK]);
	const http = newClient({ allowPrivate: ["rt.internal"], resolve });

	expect(await http.send(get(url))).toEqual(refused(reason));
	expect(asked).toEqual([]);
});

test("a redirect to a private address is an answer and is not followed", async () => {
	const inside = await serve((_, response) => {
		response.end("inside");
	});
	const { port } = await serve((_, response) => {
		response.writeHead(307, { location: `http://${LOOPBACK}:${inside.port}/` }).end();
	});
	const http = newClient({ allowPrivate: ["rt.internal"], resolve: names([LOOPBACK]).resolve });

	const answer = await http.send({ ...get(`http://rt.internal:${port}/`), method: "POST" });

	expect(answer).toMatchObject({ kind: "answer", status: 307 });
	expect(inside.connections()).toBe(0);
});

test("an answer of 16 KB is read, and of one byte more is not", async () => {
	const { port } = await serve((request, response) => {
		response.end("x".repeat(16 * 1024 + (request.url === "/more" ? 1 : 0)));
	});
	const http = newClient({ allowPrivate: [LOOPBACK], timeoutMs: 30_000 });

	expect(await http.send(get(`http://${LOOPBACK}:${port}/`))).toMatchObject({ status: 200 });
	expect(await http.send(get(`http://${LOOPBACK}:${port}/more`))).toMatchObject({
		kind: "failure",
		reason: "too-large",
	});
});

test("headers of more than 16 KB are a failure", async () => {
	const { port } = await serve((_, response) => {
		response.writeHead(200, { "x-long": "x".repeat(17 * 1024) }).end();
	});
	const http = newClient({ allowPrivate: [LOOPBACK], timeoutMs: 30_000 });

	expect(await http.send(get(`http://${LOOPBACK}:${port}/`))).toMatchObject({
		kind: "failure",
		detail: "UND_ERR_HEADERS_OVERFLOW",
	});
});

test("silence, an endless body and a TLS connection that is never made are timeouts", async () => {
	const { port } = await serve((request, response) => {
		if (request.url === "/endless") {
			response.writeHead(200).write("x");
		}
	});
	const silent = createTcpServer((socket) => {
		onTestFinished(() => {
			socket.destroy();
		});
	});
	await new Promise<void>((listening) => silent.listen(0, LOOPBACK, listening));
	onTestFinished(() => {
		silent.close();
	});
	const http = newClient({ allowPrivate: [LOOPBACK], timeoutMs: 50 });

	for (const url of [
		`http://${LOOPBACK}:${port}/`,
		`http://${LOOPBACK}:${port}/endless`,
		`https://${LOOPBACK}:${(silent.address() as AddressInfo).port}/`,
	]) {
		expect(await http.send(get(url))).toMatchObject({ kind: "failure", reason: "timeout" });
	}
});

test("a look-up counts to the three seconds of a call", async () => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	onTestFinished(() => {
		vi.useRealTimers();
	});
	let giveUp: (error: Error) => void = () => expect.fail("nothing was looked up");
	const resolve = () =>
		new Promise<never>((_, reject) => {
			giveUp = reject;
		});
	let result: unknown;
	const sent = newClient({ resolve })
		.send(get("https://help.example/"))
		.then((given) => {
			result = given;
		});

	await vi.advanceTimersByTimeAsync(2999);
	expect(result).toBeUndefined();
	await vi.advanceTimersByTimeAsync(1);
	await sent;

	// By the deadline of the call. undici's own for connections has another name.
	expect(result).toEqual({ kind: "failure", reason: "timeout", detail: "TimeoutError" });
	giveUp(new Error("too late"));
});

test("a name that nobody has is a failure of the look-up", async () => {
	const resolve = () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" }));

	expect(await newClient({ resolve }).send(get("https://help.example/"))).toMatchObject({
		kind: "failure",
		reason: "dns",
	});
});

test("TLS asks for the host of the URL, whatever address and Host header there are, and checks the certificate", async () => {
	const [key, cert] = await Promise.all([readFile(pem("key")), readFile(pem("cert"))]);
	const asked: string[] = [];
	const server = createTlsServer({
		key,
		cert,
		SNICallback: (name, choose) => {
			asked.push(name);
			choose(null, createSecureContext({ key, cert }));
		},
	});
	await new Promise<void>((listening) => server.listen(0, LOOPBACK, listening));
	onTestFinished(() => {
		server.close();
	});
	const http = newClient({
		isGlobal: (address) => address === LOOPBACK,
		resolve: names([LOOPBACK]).resolve,
		timeoutMs: 30_000,
	});
	const url = `https://help.example:${(server.address() as AddressInfo).port}/`;

	const answer = await http.send({ ...get(url), headers: { Host: "inside.example" } });

	expect(answer).toMatchObject({ kind: "failure", detail: "DEPTH_ZERO_SELF_SIGNED_CERT" });
	expect(asked).toEqual(["help.example"]);
});
