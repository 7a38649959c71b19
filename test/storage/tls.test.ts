// Off this machine a database is reached by TLS, unless its URL says otherwise. In these tests 0.0.0.0 is such a server: it
// leads back here, and it is no loopback address.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/ports/system-clock.ts";
import { PostgresStorage } from "../../src/storage/postgres-storage.ts";
import { RedisStorage } from "../../src/storage/redis-storage.ts";
import { startOwnServer } from "../kit/storage/own-server.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";

const AUTHORITY = fileURLToPath(new URL("../fixtures/tls/cert.pem", import.meta.url));
const SSL_REQUEST = [0, 0, 0, 8, 4, 210, 22, 47];

function open(url: string): Promise<PostgresStorage | RedisStorage> {
	return url.startsWith("redis")
		? RedisStorage.open(url, systemClock)
		: PostgresStorage.open(url, systemClock);
}

async function expectOpens(url: string): Promise<void> {
	const storage = await open(url);
	try {
		await storage.commit({ sets: [{ key: ["a"], value: 1 }] });
		expect((await storage.get(["a"]))?.value).toBe(1);
	} finally {
		await storage.close();
	}
}

/** @returns the sentence. It has one line, and nothing of the password. */
async function refusalOf(url: string): Promise<string> {
	const error: unknown = await open(url).then(
		(storage) => storage.close(),
		(reason: unknown) => reason,
	);
	const message = error instanceof Error ? error.message : expect.fail(`${url} was not refused`);
	expect(message).not.toContain("\n");
	expect(inspect(error, { depth: 9 })).not.toContain("secret-password");
	return message;
}

/** The same URL with another host and other parameters. */
function changed(url: string, hostname: string, parameters: Record<string, string> = {}): string {
	const other = Object.assign(new URL(url), { hostname });
	for (const [name, value] of Object.entries(parameters)) {
		other.searchParams.set(name, value);
	}
	return other.href;
}

/** A server that answers nothing but this. @returns its port and what it received. */
async function startDouble(answer: string): Promise<{ port: number; received: number[] }> {
	const received: number[] = [];
	const server = createServer((socket) => {
		socket.on("error", () => undefined);
		socket.on("data", (data) => {
			received.push(...data);
			socket.end(answer);
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => {
		server.close();
	});
	return { port: (server.address() as AddressInfo).port, received };
}

test("a PostgreSQL elsewhere without TLS gets no password, and the sentence has the URL to give instead", async () => {
	const { port, received } = await startDouble("N");

	expect(await refusalOf(`postgres://ada:secret-password@0.0.0.0:${port}/helpdesk`)).toBe(
		`PostgreSQL at 0.0.0.0:${port} cannot be used: it offers no TLS, so that everybody on the way could read the password and all data; switch TLS on there, or give the storage URL postgres://ada:***@0.0.0.0:${port}/helpdesk?sslmode=disable if nobody else is on the way`,
	);
	expect(received).toEqual(SSL_REQUEST);
});

test.each(["require", "no-verify", "verify-full"])(
	"sslmode=%s asks a PostgreSQL for TLS first, on loopback as well",
	async (sslmode) => {
		const { port, received } = await startDouble("N");
		const url = `postgres://ada:secret-password@127.0.0.1:${port}/x?sslmode=${sslmode}`;

		expect(await refusalOf(url)).toContain("it offers no TLS");
		expect(received).toEqual(SSL_REQUEST);
	},
);

test.each([
	["postgres://u:secret-password@127.0.0.1:PORT/x?host=0.0.0.0", "a host in a parameter"],
	["postgres://u:secret-password@127.0.0.1:1/x?host=127.0.0.1&host=0.0.0.0&port=PORT", "two hosts"],
	["postgres://u@0.0.0.0:PORT/x?password=secret-password", "a password in a parameter"],
])("PostgreSQL is asked for TLS at the host that is called: %s has %s", async (url) => {
	const { port, received } = await startDouble("N");

	expect(await refusalOf(url.replace("PORT", String(port)))).toContain("PostgreSQL at 0.0.0.0");
	expect(received).toEqual(SSL_REQUEST);
});

test.each([
	[
		"postgres://u:secret-password@db.example.com/x?sslmode=prefer",
		"none that keeps others from reading along; give postgres://u:***@db.example.com/x?sslmode=verify-full,",
	],
	[
		"postgres://u:secret-password@127.0.0.1/x?ssl=false",
		"give postgres://u:***@127.0.0.1/x?sslmode=verify-full,",
	],
	[
		"postgres://u:secret-password@db.example.com/x?sslmode=verify-ca",
		"without an authority of your own, so that anybody with a certificate could answer; give postgres://u:***@db.example.com/x?sslmode=verify-full,",
	],
	["postgres://u:secret-password@db.example.com/x?sslrootcert=/none.pem", "as sslrootcert cannot"],
	[
		"redis://u:secret-password@redis.example.com:6380/0?prefix=a",
		"the storage URL leads to another machine without TLS, so that everybody on the way could read the password and all data; give rediss://u:***@redis.example.com:6380/0?prefix=a, or redis://u:***@redis.example.com:6380/0?prefix=a&tls=off if nobody else is on the way",
	],
	["redis://:secret-password@127.0.0.1.example.com", "give rediss://:***@127.0.0.1.example.com,"],
	[
		"redis://:secret-password@redis/0?tls=no",
		"give rediss://:***@redis/0 or redis://:***@redis/0?tls=off",
	],
	[
		"rediss://:secret-password@redis/0?tls=off",
		"give rediss://:***@redis/0 or redis://:***@redis/0",
	],
])("%s is refused before a connection", async (url, sentence) => {
	expect(await refusalOf(url)).toContain(sentence);
});

test.each(["127.0.0.1", "127.8.9.10", "localhost", "LOCALHOST", "[::1]", "%2Ftmp"])(
	"%s is this machine: PostgreSQL is called there without TLS",
	async (host) => {
		expect(await refusalOf(`postgres://u:secret-password@${host}:1/x`)).toMatch(
			/ECONNREFUSED|ENOENT/,
		);
	},
);

test.each(["127.0.0.1", "127.8.9.10", "localhost", "[::1]"])(
	"%s is this machine: Redis is called there without TLS",
	async (host) => {
		expect(await refusalOf(`redis://u:secret-password@${host}:1/0`)).toContain("ECONNREFUSED");
	},
);

test("a Redis without TLS gets no password, and the sentence has the URL to give instead", async () => {
	const { port, received } = await startDouble("-ERR unknown command\r\n");

	expect(await refusalOf(`rediss://ada:secret-password@0.0.0.0:${port}/0`)).toBe(
		`Redis at 0.0.0.0:${port} cannot be used: it offers no TLS, so that everybody on the way could read the password and all data; switch TLS on there, or give the storage URL redis://ada:***@0.0.0.0:${port}/0?tls=off if nobody else is on the way`,
	);
	expect(Buffer.from(received).includes("secret-password")).toBe(false);
});

test("a Redis elsewhere is not called without TLS", async () => {
	const { port, received } = await startDouble("+OK\r\n");

	expect(await refusalOf(`redis://ada:secret-password@0.0.0.0:${port}/0`)).toContain("without TLS");
	expect(received).toEqual([]);
});

async function otherAuthority(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "authority-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	const file = join(folder, "authority.pem");
	await writeFile(file, rootCertificates[0] ?? "");
	return file;
}

describeOn("PostgreSQL", "PostgreSQL with TLS", (plain) => {
	test("certificate and name are checked elsewhere unless the URL says otherwise, by libpq's parameters", async () => {
		const { url } = await startOwnServer("postgres", { tls: true });
		const { port } = new URL(url);
		const shown = `postgres://helpdesk:***@0.0.0.0:${port}/postgres`;

		expect(await refusalOf(changed(url, "0.0.0.0"))).toBe(
			`PostgreSQL at 0.0.0.0:${port} cannot be used: its certificate is not trusted (self-signed certificate); renew it, or give the storage URL ${shown}?sslmode=verify-full&sslrootcert=FILE with the file of its authority, or ${shown}?sslmode=require to encrypt without knowing who answers`,
		);
		const named = { sslrootcert: AUTHORITY };
		expect(await refusalOf(changed(url, "0.0.0.0", named))).toContain("altnames");
		const other = { sslmode: "require", sslrootcert: await otherAuthority() };
		expect(await refusalOf(changed(url, "0.0.0.0", other))).toContain("is not trusted");
		const system = { sslmode: "require", sslrootcert: "system" };
		expect(await refusalOf(changed(url, "0.0.0.0", system))).toContain("is not trusted");

		await expectOpens(changed(url, "0.0.0.0", { ...named, sslmode: "verify-ca" }));
		await expectOpens(changed(url, "0.0.0.0", { ...named, sslmode: "require" }));
		await expectOpens(changed(url, "0.0.0.0", { sslmode: "require" }));
		await expectOpens(changed(url, "0.0.0.0", { ssl: "no-verify" }));
		await expectOpens(changed(url, "localhost", { ...named, sslmode: "verify-full" }));
		await expectOpens(changed(url, "localhost", named));
	});

	test("the connection is encrypted where the URL asks for it, and not on loopback", async () => {
		const { url } = await startOwnServer("postgres", { tls: true });
		const client = new pg.Client({ connectionString: url });
		await client.connect();
		onTestFinished(() => client.end());
		const isEncrypted = async (hostname: string, parameters: Record<string, string>) => {
			const named = { ...parameters, application_name: "a_storage" };
			const storage = await PostgresStorage.open(changed(url, hostname, named), systemClock);
			const { rows } = await client.query(
				"SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'a_storage'",
			);
			await storage.close();
			return rows.map(({ ssl }) => ssl);
		};

		expect(await isEncrypted("0.0.0.0", { sslmode: "require" })).toContain(true);
		expect(await isEncrypted("localhost", { sslrootcert: AUTHORITY })).toContain(true);
		expect(await isEncrypted("0.0.0.0", { sslmode: "disable" })).not.toContain(true);
		expect(await isEncrypted("127.0.0.1", {})).not.toContain(true);
	});

	test("a server elsewhere without TLS is used with sslmode=disable only", async () => {
		expect(await refusalOf(changed(plain, "0.0.0.0"))).toContain("it offers no TLS");
		await expectOpens(changed(apart(plain), "0.0.0.0", { sslmode: "disable" }));
	});
});

describeOn("Redis", "Redis with TLS", (plain) => {
	test("rediss: checks certificate and name, by the authorities of Node.js or the one that the URL names", async () => {
		const { url } = await startOwnServer("redis", { tls: true });
		const secure = url.replace("redis:", "rediss:");
		const { port } = new URL(url);

		expect(await refusalOf(secure)).toBe(
			`Redis at 127.0.0.1:${port} cannot be used: its certificate is not trusted (self-signed certificate); renew it, or give the storage URL rediss://:***@127.0.0.1:${port}/0?sslrootcert=FILE with the file of its authority`,
		);
		const named = { sslrootcert: AUTHORITY };
		expect(await refusalOf(changed(secure, "0.0.0.0", named))).toContain("altnames");

		await expectOpens(changed(secure, "127.0.0.1", named));
		await expectOpens(changed(secure, "localhost", named));
	});

	test("a server elsewhere without TLS is used with tls=off only", async () => {
		expect(await refusalOf(changed(plain, "0.0.0.0"))).toContain("another machine without TLS");
		await expectOpens(changed(apart(plain), "0.0.0.0", { tls: "off" }));
	});
});
