// Requests that belong to no log-in of their browser. Anybody can send any number of them, without X.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { LoginEnded } from "../../src/contract/login-ended.ts";
import type { LoginRequest } from "../../src/contract/login-request.ts";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import { type HostStorage, StorageError } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const HOUR = 60 * 60_000;
const MOST = 20;
const FLOOD = 400;

const STRANGER: LoginRequest = {
	brandId: "brand",
	method: "GET",
	query: [],
	form: [],
	cookies: {},
	locale: "en",
	clientAddress: "203.0.113.7",
	clientNetwork: "203.0.113.7",
	currentUser: undefined,
};

function endsIn({ events }: MockHost): LoginEnded[] {
	return events.filter((event): event is LoginEnded => event.name === "login.ended");
}

function traceCodeIn(response: LoginResponse): string {
	return "traceCode" in response ? response.traceCode : `no end, but ${response.kind}`;
}

function pageIn(response: LoginResponse): string {
	return "page" in response ? response.page.html : `no page, but ${response.kind}`;
}

/** The cookie that says that this browser has finished the made-up log-in. Anybody can write it. */
function madeUpCookie(path: string): string {
	const print = createHash("sha256").update("made-up").digest("base64url");
	return `${print}.${Buffer.from(path).toString("base64url")}`;
}

function madeUpForm(): LoginRequest["form"] {
	return [
		["login", "a".repeat(22)],
		["action", "code"],
		["code", "123456"],
	];
}

/** A storage that counts its operations and can be away. */
class CountingStorage extends MemoryStorage {
	readonly counts = { get: 0, commit: 0, take: 0, list: 0 };
	isAway = false;

	override get: HostStorage["get"] = async (key) => this.count("get", () => super.get(key));
	override take: HostStorage["take"] = async (key) => this.count("take", () => super.take(key));
	override list: HostStorage["list"] = async (...of) => this.count("list", () => super.list(...of));
	override commit: HostStorage["commit"] = async (commit) =>
		this.count("commit", () => super.commit(commit));

	private async count<Result>(
		operation: keyof CountingStorage["counts"],
		call: () => Promise<Result>,
	): Promise<Result> {
		this.counts[operation] += 1;
		if (this.isAway) {
			throw new StorageError("the storage is away");
		}
		return call();
	}
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	const FORGED_CALLBACK: LoginRequest["query"] = [
		[x.token, "made-up"],
		[x.proof, "made-up"],
	];
	const FORGED_DENIAL: LoginRequest["query"] =
		x.protocol === "oauth1"
			? [["denied", "made-up"]]
			: [
					["state", "made-up"],
					["error", "access_denied"],
				];

	function forge(
		{ plugin }: MockHost,
		request: Partial<LoginRequest> = {},
	): Promise<LoginResponse> {
		return plugin.handleCallback({ ...STRANGER, query: FORGED_CALLBACK, ...request });
	}

	async function flood(host: MockHost, times = FLOOD): Promise<LoginResponse[]> {
		const responses: LoginResponse[] = [];
		for (let each = 0; each < times; each += 1) {
			responses.push(await forge(host));
		}
		return responses;
	}

	test("400 forged callbacks of one network: the first 20 have an entry and a code, the others a page that says what to do without", async () => {
		const { host, fakeX } = await openHouse();

		const responses = await flood(host);

		const codes = responses.map(traceCodeIn);
		expect(codes.slice(0, MOST)).toEqual(endsIn(host).map(({ fields }) => fields.traceCode));
		expect(new Set(codes.slice(0, MOST)).size).toBe(MOST);
		expect(codes.slice(MOST)).toEqual(Array(FLOOD - MOST).fill(""));
		expect(host.events).toHaveLength(MOST);
		for (const response of responses) {
			expect(response).toMatchObject({ kind: "refused", code: "unknown-login" });
			expect(pageIn(response)).toContain("Try again with X");
		}
		expect(pageIn(responses[0] as LoginResponse)).toContain(`quote this code: ${codes[0]}`);
		expect(pageIn(responses[MOST] as LoginResponse)).toContain(
			"This page has no code to quote. If you ask for help, say what its heading is and when you tried.",
		);
		expect(fakeX.stats().calls).toMatchObject({ request_token: 0, [x.exchange]: 0 });
	});

	/** All that a stranger can send at will, without X and without a log-in of theirs. */
	const AT_WILL: readonly [code: string, send: (host: MockHost) => Promise<LoginResponse>][] = [
		["unknown-login", (host) => forge(host)],
		["unknown-login", (host) => forge(host, { cookies: { browser: "a".repeat(43) } })],
		["unknown-login", (host) => forge(host, { query: FORGED_DENIAL })],
		["malformed-callback", (host) => forge(host, { query: [] })],
		[
			"malformed-callback",
			(host) => forge(host, { query: [...FORGED_CALLBACK, ...FORGED_CALLBACK] }),
		],
		["login-used", (host) => forge(host, { cookies: { finished: madeUpCookie("/") } })],
		["not-available", (host) => forge(host, { brandId: "unknown" })],
		["form-expired", ({ plugin }) => plugin.continueLogin({ ...STRANGER, query: madeUpForm() })],
		[
			"form-expired",
			({ plugin }) =>
				plugin.continueLogin({
					...STRANGER,
					query: madeUpForm(),
					cookies: { browser: "a".repeat(43) },
				}),
		],
		[
			"form-expired",
			({ plugin }) => plugin.continueLogin({ ...STRANGER, method: "POST", form: madeUpForm() }),
		],
		[
			"not-available",
			({ plugin }) =>
				plugin.continueLogin({ ...STRANGER, brandId: "unknown", query: madeUpForm() }),
		],
	];

	test("every request that a stranger can make up counts, whatever its end is", async () => {
		const { host } = await openHouse();

		const responses: LoginResponse[] = [];
		for (let round = 0; round < 4; round += 1) {
			for (const [code, send] of AT_WILL) {
				const response = await send(host);
				expect(response).toMatchObject({ kind: "refused", code });
				responses.push(response);
			}
		}

		expect(endsIn(host)).toHaveLength(MOST);
		expect(responses.filter((response) => traceCodeIn(response) !== "")).toHaveLength(MOST);
	});

	test("400 forged callbacks at once have no more entries than one after the other", async () => {
		const { host } = await openHouse();

		const responses = await Promise.all(Array.from({ length: FLOOD }, () => forge(host)));

		expect(endsIn(host)).toHaveLength(MOST);
		expect(responses.filter((response) => traceCodeIn(response) !== "")).toHaveLength(MOST);
	});

	test("a count is no weapon: a visitor of another network still gets a code", async () => {
		const { host } = await openHouse();
		await flood(host);

		const elsewhere = await forge(host, {
			clientAddress: "198.51.100.1",
			clientNetwork: "198.51.100.1",
		});

		expect(traceCodeIn(elsewhere)).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
		expect(endsIn(host)).toHaveLength(MOST + 1);
	});

	test("a count is no weapon: people of a flooded network log in, and an attempt of theirs that fails has a code", async () => {
		const { host } = await openHouse();
		for (let each = 0; each < FLOOD; each += 1) {
			// A mock browser has this address.
			await forge(host, { clientAddress: "127.0.0.1", clientNetwork: "127.0.0.1" });
		}
		const visitor = host.newBrowser();
		const other = host.newBrowser();

		const cancelled = await other.openCallback(await cancelAtX(await goToX(other)));
		expect(await throughX(visitor)).toMatchObject({ kind: "signed-up" });

		expect(cancelled).toMatchObject({ kind: "cancelled", code: "cancelled" });
		expect(traceCodeIn(cancelled)).not.toBe("");
		expect(endsIn(host).map(({ fields }) => fields.code)).toEqual([
			...Array(MOST).fill("unknown-login"),
			"cancelled",
			"signed-up",
		]);
	});

	test("an hour after the first, forged callbacks of the network are recorded again", async () => {
		const { host } = await openHouse();
		await flood(host, MOST + 1);
		expect(traceCodeIn(await forge(host))).toBe("");

		host.clock.advance(HOUR);

		expect(traceCodeIn(await forge(host))).not.toBe("");
	});

	test("addresses count as one network where the helpdesk says so, and by themselves where it says nothing", async () => {
		const { host } = await openHouse();
		const { clientNetwork: _, ...older } = STRANGER;
		const callback = { ...older, query: FORGED_CALLBACK };
		for (let each = 0; each < MOST; each += 1) {
			await forge(host, { clientAddress: `2001:db8::${each}`, clientNetwork: "2001:db8::/64" });
			await host.plugin.handleCallback({ ...callback, clientAddress: `198.51.100.${each}` });
		}

		const known = await forge(host, {
			clientAddress: "2001:db8::f",
			clientNetwork: "2001:db8::/64",
		});
		const unknown = await host.plugin.handleCallback({ ...callback, clientAddress: "192.0.2.1" });

		expect(traceCodeIn(known)).toBe("");
		expect(traceCodeIn(unknown)).not.toBe("");
	});

	test("forged callbacks cost a bounded storage: one entry for each network, and no write after the first 20", async () => {
		const clock = new MockClock();
		const storage = new CountingStorage(clock);
		const { host } = await openHouse({ clock, storage });

		await flood(host);

		expect(storage.counts).toEqual({ get: FLOOD, commit: MOST, take: 0, list: 0 });
		const { entries } = await storage.list([]);
		expect(entries).toHaveLength(1);
		expect(JSON.stringify(entries).length).toBeLessThan(300);
		expect(JSON.stringify(entries)).not.toContain("203.0.113.7");
		clock.advance(HOUR);
		expect((await storage.list([])).entries).toEqual([]);
	});

	test("while the storage is away, forged callbacks have their page and leave no entry", async () => {
		const clock = new MockClock();
		const storage = new CountingStorage(clock);
		const { host } = await openHouse({ clock, storage });
		storage.isAway = true;

		const responses = await flood(host, 5);

		expect(responses.map(traceCodeIn)).toEqual(["", "", "", "", ""]);
		expect(host.events).toEqual([]);
	});
});
