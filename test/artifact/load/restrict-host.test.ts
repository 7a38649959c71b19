import { expect, test } from "vitest";
import { restrictHost } from "../../../src/artifact/load/restrict-host.ts";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { MailMessage } from "../../../src/contract/mail.ts";
import type { Capabilities } from "../../../src/contract/manifest.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../../src/contract/storage.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { MockMail } from "../../../src/testing/mock-host/mock-mail.ts";
import { MockSettings } from "../../../src/testing/mock-host/mock-settings.ts";
import { MockUsers } from "../../../src/testing/mock-host/mock-users.ts";

const NOTHING: Capabilities = { network: [], navigation: [], ports: [] };
const sent: string[] = [];

function hostFor(
	capabilities: Capabilities,
	storage: HostStorage = new MemoryStorage(new MockClock()),
	ports: Partial<HelpdeskHost> = {},
	contract = "^1.0.0",
): HelpdeskHost {
	const clock = new MockClock();
	const settings = new MockSettings({
		$schema: "https://json-schema.org/draft/2020-12/schema",
		type: "object",
		additionalProperties: false,
		properties: {},
	});
	const host: HelpdeskHost = {
		storage,
		secrets: settings,
		settings,
		brands: { find: async () => undefined, list: async () => [] },
		users: new MockUsers(),
		mail: new MockMail(),
		http: {
			originOf: (name) => (name === "api.x.com" ? "http://localhost:9" : `https://${name}`),
			send: async ({ url }) => {
				sent.push(url);
				return { kind: "failure", reason: "dns", detail: "test" };
			},
		},
		events: { emit: () => {} },
		clock,
		random: cryptoRandom,
		...ports,
	};
	return restrictHost(host, { capabilities, engines: { contract, node: ">=20" } });
}

const PORTS = [
	"storage",
	"secrets",
	"settings",
	"mail",
	"brands",
	"users",
	"http",
	"events",
	"clock",
	"random",
] as const;

const get = (url: string) =>
	({ method: "GET", url, headers: {}, timeoutMs: 1, maxBytes: 1 }) as const;

test.each([
	["storage", async (host: HelpdeskHost) => host.storage],
	["secrets", async (host: HelpdeskHost) => host.secrets],
	["settings", async (host: HelpdeskHost) => host.settings],
	["users:read", (host: HelpdeskHost) => host.users.find("1")],
	["users:read", (host: HelpdeskHost) => host.users.ownerOf("b", "a@b.c")],
	[
		"users:create",
		(host: HelpdeskHost) =>
			host.users.create("k", {
				brandId: "b",
				name: "n",
				email: "e@f.g",
				emailProof: "asserted",
				locale: "en",
			}),
	],
	["users:confirm", (host: HelpdeskHost) => host.users.confirm("1")],
	["mail", async (host: HelpdeskHost) => host.mail],
	["network: api.x.com", async (host: HelpdeskHost) => host.http.originOf("api.x.com")],
	["network: evil.example", (host: HelpdeskHost) => host.http.send(get("https://evil.example/"))],
])("a use of %s that is not declared is refused by that name", async (capability, reach) => {
	await expect(reach(hostFor(NOTHING))).rejects.toMatchObject({
		name: "CapabilityError",
		capability,
	});
});

test("a declared host is called at the operator's address for it, and nowhere else", async () => {
	const { http } = hostFor({ ...NOTHING, network: ["api.x.com"] });

	expect(http.originOf("api.x.com")).toBe("http://localhost:9");
	await http.send(get("http://localhost:9/oauth/request_token"));
	expect(sent).toEqual(["http://localhost:9/oauth/request_token"]);
	await expect(http.send(get("https://api.x.com/"))).rejects.toThrow("network: api.x.com");
	await expect(http.send(get("http://localhost:9@evil.example/"))).rejects.toThrow("network");
});

test("an address that browsers read as a declared one is called as it was read, and no other is called", async () => {
	const { http } = hostFor({ ...NOTHING, network: ["api.x.com"] });
	const before = sent.length;
	for (const url of ["HTTP://LocalHost:9/a", "http://localhost:0009/a", "http:\\\\localhost:9/a"]) {
		await http.send(get(url));
	}
	expect(sent.slice(before)).toEqual(new Array(3).fill("http://localhost:9/a"));
	for (const url of [
		"http://localhost/",
		"http://localhost:90/",
		"http://localhost.evil.example:9/",
		"https://localhost:9/",
		"http://localhost:9@evil.example/",
		"http://evil.example/http://localhost:9/",
		"http://127.1:9/",
	]) {
		await expect(http.send(get(url)), url).rejects.toThrow("network: ");
	}
	expect(sent.slice(before)).toHaveLength(3);
	const answers = ["http://localhost:9/b", "http://evil.example/"];
	const turning = { toString: () => answers.shift() ?? "http://evil.example/" };
	await http.send(get(turning as unknown as string));
	expect(sent.slice(before + 3)).toEqual(["http://localhost:9/b"]);
});

test.each([
	["https://X.example:443/", "https://x.example"],
	["http://127.1:80", "http://127.0.0.1"],
	["http://localhost:9/proxy", "http://localhost:9"],
])("a plugin gets the origin of %s as browsers write it", (given, origin) => {
	const http = { originOf: () => given, send: () => expect.fail("nothing is sent") };
	const host = hostFor({ ...NOTHING, network: ["api.x.com"] }, undefined, { http });

	expect(host.http.originOf("api.x.com")).toBe(origin);
});

const EVERYTHING: Capabilities = {
	network: ["api.x.com"],
	navigation: [],
	ports: ["storage", "secrets", "settings", "users:read", "users:create", "users:confirm", "mail"],
};

test("a port has the members of the contract, and nothing of the object behind it", () => {
	const host = hostFor(EVERYTHING);
	const members = PORTS.map((name) => [name, ...Object.keys(host[name])]);

	expect(members.map((names) => names.join(" ")).sort()).toEqual([
		"brands find list",
		"clock now",
		"events emit",
		"http originOf send",
		"mail send",
		"random bytes",
		"secrets get has",
		"settings read",
		"storage get commit take list",
		"users ownerOf find create confirm",
	]);
	expect(Object.keys(host).sort()).toEqual([...PORTS].sort());
	for (const name of PORTS) {
		expect(Object.getPrototypeOf(host[name]), name).toBe(Object.prototype);
	}
});

test("the capability to read settings does not include secrets", () => {
	const { settings } = hostFor({ ...NOTHING, ports: ["settings"] });

	expect(settings).not.toHaveProperty("get");
	expect(settings).not.toHaveProperty("save");
});

test("a plugin cannot replace the helpdesk's randomness, clock or brands", () => {
	const host = hostFor(EVERYTHING);

	expect(() => Object.assign(host.random, { bytes: () => new Uint8Array(32) })).toThrow(TypeError);
	expect(() => Object.assign(host.clock, { now: () => 0 })).toThrow(TypeError);
	expect(() => Object.assign(host, { brands: {} })).toThrow(TypeError);
	expect(cryptoRandom.bytes(32)).not.toEqual(Buffer.alloc(32));
});

test("a request whose address changes between two reads is sent to the first", async () => {
	const { http } = hostFor({ ...NOTHING, network: ["api.x.com"] });
	const urls = ["http://localhost:9/a", "https://evil.example/"];
	const before = sent.length;

	await http.send({
		method: "GET",
		headers: {},
		timeoutMs: 1,
		maxBytes: 1,
		get url() {
			return urls.shift() ?? "";
		},
	});

	expect(sent.slice(before)).toEqual(["http://localhost:9/a"]);
});

test("a user has the fields of the contract, and none of the helpdesk's own", async () => {
	const { users } = hostFor(EVERYTHING);
	const user = { brandId: "b", name: "n", email: "e@f.g", locale: "en" };

	const made = await users.create("k", { ...user, emailProof: "asserted" });

	expect(made).toEqual({
		kind: "created",
		user: { ...user, id: "user-1", status: "active", hasOtherWayIn: false, accessEpoch: "0" },
	});
	expect(await users.find("user-1")).toEqual(made.kind === "created" && made.user);
});

const LETTER = { brandId: "b", to: "ada@example.com", subject: "s", text: "t" };
const USER = { brandId: "b", name: "n", email: null, emailProof: "none", locale: "en" } as const;

test.each<[string, Partial<Record<keyof MailMessage, unknown>>, string]>([
	["an object as its recipient", { to: { at: 1 } }, "to of a letter must be a string"],
	["a text that is no address", { to: "ada" }, "must be one e-mail address"],
	["two recipients", { to: "ada@example.com, bob@example.com" }, "must be one e-mail address"],
	["a recipient with a name", { to: "Ada <ada@example.com>" }, "must be one e-mail address"],
	["a header after its recipient", { to: "ä@example.com\nBcc: b@c.de" }, "one e-mail address"],
	["a list as its subject", { subject: ["s"] }, "subject of a letter must be a string"],
	["a subject of a megabyte", { subject: "s".repeat(1e6) }, "at most 1000 characters"],
	["no text", { text: undefined }, "text of a letter must be a string"],
	["a text of ten megabytes", { text: "t".repeat(1e7) }, "at most 1000000 characters"],
	["a number as its brand", { brandId: 1 }, "brandId of a letter must be a string"],
	["no time to be of use", { usefulForMs: 0 }, "usefulForMs of a letter must be a number"],
	["a word as that time", { usefulForMs: "soon" }, "usefulForMs of a letter must be a number"],
	["a time that is no number", { usefulForMs: Number.NaN }, "usefulForMs of a letter must be"],
])("a plugin's letter with %s is a TypeError and is not sent", async (_, change, why) => {
	const mail = new MockMail();
	const restricted = hostFor(EVERYTHING, undefined, { mail });

	const sending = restricted.mail.send({ ...LETTER, ...change } as typeof LETTER);

	await expect(sending).rejects.toThrow(TypeError);
	await expect(sending).rejects.toThrow(why);
	expect(mail.sent).toEqual([]);
});

test("a plugin's letter says how long it is of use, or nothing about it", async () => {
	const mail = new MockMail();
	const restricted = hostFor(EVERYTHING, undefined, { mail });

	await restricted.mail.send({ ...LETTER, usefulForMs: 600_000 });
	await restricted.mail.send(LETTER);

	expect(mail.sent).toEqual([{ ...LETTER, usefulForMs: 600_000 }, LETTER]);
});

test("a plugin's letter keeps the spelling of an address, also of one that an older version stored", async () => {
	const mail = new MockMail();
	const restricted = hostFor(EVERYTHING, undefined, { mail });
	for (const to of [" Ada@Example.com ", "käthe@example.com"]) {
		await restricted.mail.send({ ...LETTER, to });
	}

	expect(mail.sent.map(({ to }) => to)).toEqual(["Ada@Example.com", "käthe@example.com"]);
});

test.each<[string, Partial<Record<keyof typeof USER, unknown>>, string]>([
	["an object as their locale", { locale: { a: 1 } }, "locale of a new user must be a string"],
	["a locale of 100,000 characters", { locale: "e".repeat(1e5) }, "at most 100 characters"],
	["markup as their locale", { locale: 'en"><b>' }, "BCP 47"],
	["a list as their name", { name: ["n"] }, "name of a new user must be a string"],
	["an object as their address", { email: {} }, "email of a new user must be a string"],
	["no address but undefined", { email: undefined }, "email of a new user must be a string"],
	["an unknown proof", { emailProof: "trust me" }, "one of asserted, code, none"],
	["a number as their brand", { brandId: 1 }, "brandId of a new user must be a string"],
])("a plugin's new user with %s is a TypeError and is not made", async (_, change, why) => {
	const users = new MockUsers();
	const restricted = hostFor(EVERYTHING, undefined, { users });

	const creating = restricted.users.create("k", { ...USER, ...change } as typeof USER);

	await expect(creating).rejects.toThrow(TypeError);
	await expect(creating).rejects.toThrow(why);
	await expect(restricted.users.create({} as string, USER)).rejects.toThrow("key of a new user");
	expect(users.all()).toEqual([]);
});

/** A storage that checks what it gets and reads it again a turn later, as an engine behind a network may. */
function laterStorage(got: unknown[]): HostStorage {
	const later = async (...asked: readonly unknown[]): Promise<void> => {
		await new Promise(setImmediate);
		got.push(JSON.parse(JSON.stringify(asked)));
	};
	return {
		get: async (key) => later(key).then(() => undefined),
		take: async (key) => later(key).then(() => undefined),
		commit: async (commit) => later(commit).then(() => true),
		list: async (prefix, options) => later(prefix, options).then(() => ({ entries: [] })),
	};
}

test("a key, a commit or a cursor that the plugin changes after its call reaches the storage as it was", async () => {
	const got: unknown[] = [];
	const { storage } = hostFor({ ...NOTHING, ports: ["storage"] }, laterStorage(got));
	const key = ["a"];
	const set = { key, value: 1 };
	const sets = [set];
	const options = { cursor: "c", limit: 5 };

	const calls = [
		storage.get(key),
		storage.take(key),
		storage.commit({ sets, deletes: [key], checks: [{ key, version: "1" }] }),
		storage.list(key, options),
	];
	key[0] = "operators";
	set.key = ["operators"];
	sets.push({ key: ["operators"], value: 2 });
	Object.assign(options, { cursor: "d", limit: 1e9 });
	await Promise.all(calls);

	expect(got).toEqual([
		[["a"]],
		[["a"]],
		[
			{
				checks: [{ key: ["a"], version: "1" }],
				sets: [{ key: ["a"], value: 1 }],
				deletes: [["a"]],
			},
		],
		[["a"], { cursor: "c", limit: 5 }],
	]);
});

class OwnArray extends Array<string> {
	override [Symbol.iterator] = (): ArrayIterator<string> => ["operators"][Symbol.iterator]();
	override map = () => ["operators"] as never;
	override slice = () => ["operators"];
}

test("a key is read by its indexes, and its parts are strings, whatever the plugin's object does", async () => {
	const got: unknown[] = [];
	const { storage } = hostFor({ ...NOTHING, ports: ["storage"] }, laterStorage(got));
	const answers = ["a", "operators"];
	await storage.get(OwnArray.of("a"));
	await storage.get(Object.defineProperty(["a"], 0, { get: () => answers.shift() }));

	expect(got).toEqual([[["a"]], [["a"]]]);
	const wrong: readonly unknown[] = [
		"operators",
		{ 0: "operators", length: 1 },
		[{ toString: () => "operators" }],
		[["operators"]],
		[Object.assign(Buffer.from("a"), { isWellFormed: () => true, toString: () => "operators/x" })],
		new Array(1e9),
	];
	for (const key of wrong as readonly StorageKey[]) {
		await expect(storage.get(key)).rejects.toThrow(TypeError);
		await expect(storage.take(key)).rejects.toThrow(TypeError);
		await expect(storage.list(key)).rejects.toThrow(TypeError);
		await expect(storage.commit({ deletes: [key] })).rejects.toThrow(TypeError);
	}
	for (const list of [{ map: () => ["operators"] }, "operators", new Set([["operators"]])]) {
		const commit = { deletes: list } as unknown as StorageCommit;
		await expect(storage.commit(commit)).rejects.toThrow(TypeError);
	}
	expect(got).toHaveLength(2);
});
