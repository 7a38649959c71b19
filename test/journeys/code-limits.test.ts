// How many letters with codes can be asked for, and how many codes can be tried.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import type { HostStorage } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { formsIn, hiddenFields } from "../../src/testing/forms-in.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { type MockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { throughX, titleOf } from "../kit/plugin/at-x.ts";
import { openHouse } from "../kit/plugin/open-house.ts";

const MINUTE = 60_000;
const WRONG = "0000 0000 0000";
/** The stored state of a log-in. */
interface StoredLogIn {
	readonly code: { readonly guesses: number } | null;
}

/** X accounts without an address. */
const accounts = Array.from({ length: 6 }, (_, index) => ({
	id: `${100 + index}`,
	screenName: `nobody${index}`,
	name: "Nobody",
}));
const [FIRST = "", SECOND = "", THIRD = "", FOURTH = "", FIFTH = ""] = accounts.map(({ id }) => id);

function markupOf(seen: LoginResponse | undefined): string {
	return seen && "page" in seen ? seen.page.html : "";
}

function statusOf(response: LoginResponse): number | undefined {
	return "page" in response ? response.page.status : undefined;
}

function alertIn(response: LoginResponse): string {
	const [, alert = ""] = /role="alert"[^>]*>([^<]*)</.exec(markupOf(response)) ?? [];
	return alert.replaceAll("&#39;", "'");
}

/** The id of the log-in in the forms of the last page. */
function loginOf(browser: MockBrowser): string {
	const fields = formsIn(markupOf(browser.seen)).flatMap(hiddenFields);
	return fields.find(([name]) => name === "login")?.[1] ?? "";
}

/** A visitor with an X account, at the form that asks for an address. */
async function comeFromX(
	host: MockHost,
	accountId: string,
	{ network = "192.0.2.1", brandId = "brand" } = {},
): Promise<MockBrowser> {
	const browser = host.newBrowser({ brandId });
	browser.clientAddress = network;
	expect(titleOf(await throughX(browser, { accountId }))).toBe("What is your e-mail address?");
	return browser;
}

/** The same, after a letter was sent. */
async function askForCode(
	host: MockHost,
	accountId: string,
	email: string,
	place: { readonly network?: string; readonly brandId?: string } = {},
): Promise<MockBrowser> {
	const browser = await comeFromX(host, accountId, place);
	expect(statusOf(await browser.submit("email", { email }))).toBe(200);
	return browser;
}

async function guess(browser: MockBrowser, times: number, code = WRONG): Promise<void> {
	for (let done = 0; done < times; done += 1) {
		expect(statusOf(await browser.submit("code", { code }))).toBe(400);
	}
}

function hashOf(...texts: readonly string[]): string {
	return createHash("sha256").update(texts.join("")).digest("base64url");
}

/** The key of the log-in whose form the browser shows. */
function keyFor(browser: MockBrowser): readonly string[] {
	const [binding = ""] = browser.cookies.values();
	return ["continuation", hashOf(binding, loginOf(browser))];
}

async function storedFor({ storage }: MockHost, browser: MockBrowser): Promise<StoredLogIn> {
	return (await storage.get(keyFor(browser)))?.value as unknown as StoredLogIn;
}

function delegating(storage: HostStorage): HostStorage {
	return {
		get: (key) => storage.get(key),
		take: (key) => storage.take(key),
		list: (prefix, options) => storage.list(prefix, options),
		commit: (change) => storage.commit(change),
	};
}

async function guessesIn({ storage }: MockHost): Promise<number> {
	const { entries } = await storage.list(["continuation"], { limit: 1000 });
	const logIns = entries.map(({ value }) => value as unknown as StoredLogIn);
	return logIns.reduce((sum, { code }) => sum + (code?.guesses ?? 0), 0);
}

test("code spraying: an X account gets five letters an hour, whatever the addresses, log-ins and networks", async () => {
	const { host } = await openHouse({ accounts });
	for (let letter = 1; letter <= 5; letter += 1) {
		await askForCode(host, FIRST, `a${letter}@example.com`, { network: `192.0.2.${letter}` });
	}
	host.clock.advance(20 * MINUTE);
	const browser = await comeFromX(host, FIRST, { network: "192.0.2.9" });

	const refused = await browser.submit("email", { email: "a6@example.com" });

	expect(statusOf(refused)).toBe(429);
	expect(alertIn(refused)).toBe(
		"You have asked for as many codes as one X account can get in an hour. Look for the latest e-mail, also among spam, or ask for a new code in 40 minutes. You can also cancel and log in another way.",
	);
	expect(host.mail.sent).toHaveLength(5);
	host.clock.advance(40 * MINUTE);
	await askForCode(host, FIRST, "a6@example.com");
	expect(host.mail.sent).toHaveLength(6);
});

test("code spraying: disconnecting an X account gives it no more letters", async () => {
	const { host } = await openHouse({ accounts });
	const email = "own@example.com";
	const user = host.users.add({ brandId: "brand", email, password: "correct horse" });
	for (let letter = 1; letter <= 5; letter += 1) {
		await askForCode(host, FIRST, "victim@example.com");
	}

	const rows = [{ brandId: "brand", identityId: FIRST, email }];
	await host.plugin.importLinks(rows, { dryRun: false });
	expect(await host.plugin.unlinkAccount(user.id, `x:${FIRST}`)).toEqual({ kind: "unlinked" });

	const browser = await comeFromX(host, FIRST);
	expect(statusOf(await browser.submit("email", { email: "victim@example.com" }))).toBe(429);
});

test("code spraying: a network gets twenty letters an hour, and then adds nothing to the other counts", async () => {
	const { host } = await openHouse({ accounts });
	for (const [index, account] of [FIRST, SECOND, THIRD, FOURTH].entries()) {
		for (let letter = 1; letter <= 5; letter += 1) {
			await askForCode(host, account, `a${index}${letter}@example.com`);
		}
	}
	const browser = await comeFromX(host, FIFTH);

	for (let letter = 1; letter <= 6; letter += 1) {
		const refused = await browser.submit("email", { email: "fifth@example.com" });
		expect(statusOf(refused)).toBe(429);
		expect(alertIn(refused)).toContain("as many codes as one network can get in an hour");
		expect(alertIn(refused)).toContain("in 60 minutes");
	}

	expect(host.mail.sent).toHaveLength(20);
	for (let letter = 1; letter <= 5; letter += 1) {
		await askForCode(host, FIFTH, "fifth@example.com", { network: "198.51.100.1" });
	}
});

test("code spraying: an address gets five letters an hour for one X account, at all brands together", async () => {
	const brands = [mockBrand("one"), mockBrand("two")];
	const { host } = await openHouse({ accounts, brands });
	for (const brandId of ["one", "one", "one", "two", "two"]) {
		await askForCode(host, FIRST, "ada@example.com", { brandId });
	}
	const browser = await comeFromX(host, FIRST, { brandId: "two" });

	const refused = await browser.submit("email", { email: "ada@example.com" });

	expect(statusOf(refused)).toBe(429);
	expect(alertIn(refused)).toContain("as many codes as one address can get in an hour");
	expect(titleOf(await browser.submit("email", { email: "bea@example.com" }))).toBe(
		"Enter the code",
	);
});

test("a counter is no weapon: a stranger who uses up letters to an address does not stop its owner", async () => {
	const { host } = await openHouse({ accounts });
	for (const stranger of [FIRST, SECOND, THIRD, FOURTH]) {
		for (let letter = 1; letter <= 5; letter += 1) {
			await askForCode(host, stranger, "ada@example.com");
		}
	}
	const refused = await comeFromX(host, FIRST);
	expect(statusOf(await refused.submit("email", { email: "ada@example.com" }))).toBe(429);

	const owner = await askForCode(host, FIFTH, "ada@example.com", { network: "198.51.100.1" });
	const code = host.mail.codeFor("ada@example.com");

	expect(await owner.submit("code", { code })).toMatchObject({ kind: "signed-up" });
});

test("a counter is no weapon: what one X account is refused uses up nothing of its network", async () => {
	const { host } = await openHouse({ accounts });
	for (let letter = 1; letter <= 5; letter += 1) {
		await askForCode(host, FIRST, "ada@example.com");
	}
	const stranger = await comeFromX(host, FIRST);
	const statuses: (number | undefined)[] = [];
	for (let sent = 1; sent <= 320; sent += 1) {
		statuses.push(statusOf(await stranger.submit("email", { email: "ada@example.com" })));
	}
	expect(new Set(statuses)).toEqual(new Set([429]));

	for (const colleague of [SECOND, THIRD, FOURTH]) {
		for (let letter = 1; letter <= 5; letter += 1) {
			await askForCode(host, colleague, "bea@example.com");
		}
	}
	expect(host.mail.sent).toHaveLength(20);
});

test("a counter is no weapon: guesses that one X account is refused use up nothing of its network", async () => {
	const { host } = await openHouse({ accounts });
	const browsers = await nineCodes(host);
	for (const browser of browsers) {
		browser.clientAddress = "192.0.2.1";
	}
	for (const browser of browsers.slice(0, 5)) {
		await guess(browser, 5);
	}
	for (const browser of browsers.slice(5, 7)) {
		for (let refused = 0; refused < 50; refused += 1) {
			expect(statusOf(await browser.submit("code", { code: WRONG }))).toBe(429);
		}
	}

	const colleague = await askForCode(host, SECOND, "bea@example.com");
	const code = host.mail.codeFor("bea@example.com");
	expect(await colleague.submit("code", { code })).toMatchObject({ kind: "signed-up" });
});

test("a counter is no weapon: the count of an address alone that 0.2.0 stored stops nobody", async () => {
	const { host } = await openHouse({ accounts });
	const hash = hashOf("ada@example.com");
	const until = host.clock.now() + 60 * MINUTE;
	const key = ["letters", "brand", hash];
	await host.storage.commit({ sets: [{ key, value: { count: 5, until }, expiresAt: until }] });

	await askForCode(host, FIRST, "ada@example.com");

	host.clock.advance(60 * MINUTE);
	expect((await host.storage.list(["letters"])).entries).toEqual([]);
});

test("a code allows five guesses, in ten minutes", async () => {
	const { host } = await openHouse({ accounts });
	const browser = await askForCode(host, FIRST, "new@example.com");

	await guess(browser, 4);
	expect(alertIn(browser.seen as LoginResponse)).toContain("That code isn't right");
	await guess(browser, 1);
	expect(alertIn(browser.seen as LoginResponse)).toContain("no longer valid");
	const late = await browser.submit("code", { code: host.mail.codeFor("new@example.com") });
	expect(alertIn(late)).toContain("Press “Send a new code”");

	await browser.submit("send-code");
	host.clock.advance(10 * MINUTE);
	const expired = await browser.submit("code", { code: host.mail.codeFor("new@example.com") });
	expect(alertIn(expired)).toContain("no longer valid");

	await browser.submit("send-code");
	expect(
		await browser.submit("code", { code: host.mail.codeFor("new@example.com") }),
	).toMatchObject({ kind: "signed-up" });
});

/** Codes of one X account from two hours' letters, all of them valid now. */
async function nineCodes(host: MockHost): Promise<MockBrowser[]> {
	await askForCode(host, FIRST, "early@example.com");
	host.clock.advance(52 * MINUTE);
	const browsers: MockBrowser[] = [];
	for (let letter = 1; letter <= 9; letter += 1) {
		if (letter === 5) {
			host.clock.advance(8 * MINUTE);
		}
		const network = `198.51.100.${letter}`;
		browsers.push(await askForCode(host, FIRST, `a${letter}@example.com`, { network }));
	}
	return browsers;
}

test("code spraying: an X account gets 25 guesses an hour, whatever the codes, log-ins and networks", async () => {
	const { host } = await openHouse({ accounts });
	const browsers = await nineCodes(host);
	for (const browser of browsers.slice(0, 5)) {
		await guess(browser, 5);
	}
	const last = browsers.at(-1) as MockBrowser;

	const refused = await last.submit("code", { code: host.mail.codeFor("a9@example.com") });

	expect(statusOf(refused)).toBe(429);
	expect(alertIn(refused)).toContain("Too many codes have been entered for this X account");
	expect(alertIn(refused)).toContain("in 60 minutes");
	expect(await guessesIn(host)).toBe(25);
	expect(host.users.all()).toEqual([]);
	host.clock.advance(60 * MINUTE);
	const later = await askForCode(host, FIRST, "a9@example.com");
	const code = host.mail.codeFor("a9@example.com");
	expect(await later.submit("code", { code })).toMatchObject({ kind: "signed-up" });
});

test("code spraying: of 100 simultaneous guesses of one X account at most 25 are compared", async () => {
	const { host } = await openHouse({ accounts });
	const browsers = await nineCodes(host);
	const logins = browsers.map((browser) => [browser, loginOf(browser)] as const);

	await Promise.all(
		Array.from({ length: 100 }, async (_, index) => {
			const [browser, login] = logins[index % logins.length] ?? [];
			await browser?.postForm([
				["login", login ?? ""],
				["action", "code"],
				["code", String(index).padStart(12, "0")],
			]);
		}),
	);

	expect(await guessesIn(host)).toBe(25);
});

test("code spraying: of 100 simultaneous guesses at one code at most five are compared", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const held: (() => void)[] = [];
	let toHold = 0;
	/** Holds the guesses until ten of them have read the same record. */
	const commit: HostStorage["commit"] = async (change) => {
		if (toHold > 0 && change.sets?.some(({ key }) => key.includes("continuation"))) {
			toHold -= 1;
			await new Promise<void>((resolve) => held.push(resolve));
		}
		return inner.commit(change);
	};
	const storage = { ...delegating(inner), commit };
	const { host } = await openHouse({ accounts, clock, storage });
	const browser = await askForCode(host, FIRST, "new@example.com");
	const login = loginOf(browser);
	toHold = 10;

	const guesses = Array.from({ length: 100 }, (_, index) =>
		browser.postForm([
			["login", login],
			["action", "code"],
			["code", String(index).padStart(12, "0")],
		]),
	);
	await expect.poll(() => held.length).toBe(10);
	for (const release of held) {
		release();
	}
	await Promise.all(guesses);

	expect(await guessesIn(host)).toBe(5);
	await browser.openForm(`/login/continue?login=${login}`);
	browser.clientAddress = "198.51.100.1";
	await browser.submit("code", { code: host.mail.codeFor("new@example.com") });
	expect(host.users.all()).toEqual([]);
});

test("code spraying: a network gets 100 guesses an hour, and then adds nothing to the other counts", async () => {
	const { host } = await openHouse({ accounts });
	for (const [index, account] of [FIRST, SECOND, THIRD, FOURTH].entries()) {
		for (let letter = 1; letter <= 5; letter += 1) {
			const network = `198.51.100.${index}`;
			const browser = await askForCode(host, account, `a${index}@example.com`, { network });
			browser.clientAddress = "192.0.2.1";
			await guess(browser, 5);
		}
	}
	const before = await guessesIn(host);
	const browser = await askForCode(host, FIFTH, "new@example.com", { network: "198.51.100.9" });
	const code = host.mail.codeFor("new@example.com");
	browser.clientAddress = "192.0.2.1";

	for (let guesses = 0; guesses < 30; guesses += 1) {
		const refused = await browser.submit("code", { code });
		expect(statusOf(refused)).toBe(429);
		expect(alertIn(refused)).toContain("People in your network have entered too many codes");
	}

	expect(await guessesIn(host)).toBe(before);
	browser.clientAddress = "198.51.100.9";
	expect(await browser.submit("code", { code })).toMatchObject({ kind: "signed-up" });
});

test("a network is what the helpdesk says it is: two addresses of one are counted together", async () => {
	const { host } = await openHouse({ accounts });
	const statuses: (number | undefined)[] = [];
	for (const [index, account] of [FIRST, SECOND, THIRD, FOURTH, FIFTH].entries()) {
		const browser = await comeFromX(host, account);
		for (let letter = 1; letter <= 5; letter += 1) {
			const answer = await host.plugin.continueLogin({
				brandId: "brand",
				method: "POST",
				query: [],
				form: [
					["login", loginOf(browser)],
					["action", "email"],
					["email", `a${index}@example.com`],
				],
				cookies: Object.fromEntries(browser.cookies),
				locale: "en",
				clientAddress: `2001:db8::${index}${letter}`,
				clientNetwork: "2001:db8::/64",
				currentUser: undefined,
			});
			statuses.push(statusOf(answer));
		}
	}

	expect(statuses).toEqual([...Array(20).fill(undefined), ...Array(5).fill(429)]);
});

test("hammering: a log-in may send 60 forms an hour, and can always be cancelled", async () => {
	const { host } = await openHouse({ accounts });
	const browser = await comeFromX(host, FIRST);
	for (let sent = 1; sent <= 60; sent += 1) {
		browser.clientAddress = `192.0.2.${sent}`;
		expect(statusOf(await browser.submit("email", { email: "none" }))).toBe(400);
	}

	const refused = await browser.submit("email", { email: "ada@example.com" });

	expect(statusOf(refused)).toBe(429);
	// The log-in is over before more forms are allowed, so the page promises no time.
	expect(alertIn(refused)).toBe(
		"You have sent this form too often. Press “Cancel” and start again.",
	);
	expect(host.mail.sent).toEqual([]);
	expect(await browser.submit("cancel")).toMatchObject({ kind: "cancelled" });
});

test("hammering: a network may send 300 forms an hour, and another one is not affected", async () => {
	const { host } = await openHouse({ accounts });
	for (const account of [FIRST, SECOND, THIRD, FOURTH, FIFTH]) {
		const browser = await comeFromX(host, account);
		for (let sent = 1; sent <= 60; sent += 1) {
			expect(statusOf(await browser.submit("email", { email: "none" }))).toBe(400);
		}
	}
	const browser = await comeFromX(host, FIRST);

	const refused = await browser.submit("email", { email: "ada@example.com" });

	expect(statusOf(refused)).toBe(429);
	expect(alertIn(refused)).toContain("People in your network have sent this form too often");
	expect(host.mail.sent).toEqual([]);
	expect(await browser.submit("cancel")).toMatchObject({ kind: "cancelled" });
	await askForCode(host, FIRST, "ada@example.com", { network: "198.51.100.1" });
});

test("after its second letter, a log-in keeps its address, and the page says so", async () => {
	const { host } = await openHouse({ accounts });
	const browser = await askForCode(host, FIRST, "typo@example.com");
	const stale = browser.seen;
	expect(markupOf(stale)).toContain("Use another address");

	await browser.submit("email", { email: "right@example.com" });

	const fixed = markupOf(browser.seen);
	expect(fixed).not.toContain("Use another address");
	expect(fixed).toContain("After two e-mails the address stays as it is.");
	browser.seen = stale;
	const refused = await browser.submit("email", { email: "third@example.com" });
	expect(statusOf(refused)).toBe(400);
	expect(alertIn(refused)).toContain("press “Cancel” and start again");
	expect(markupOf(refused).split("the address stays as it is")).toHaveLength(2);
	await browser.submit("send-code");
	expect(host.mail.sent.map(({ to }) => to)).toEqual([
		"typo@example.com",
		"right@example.com",
		"right@example.com",
	]);
	await browser.submit("cancel");
	await askForCode(host, FIRST, "third@example.com");
});

test("two simultaneous requests for a code send one letter, and its code works", async () => {
	const { host } = await openHouse({ accounts });
	const browser = await comeFromX(host, FIRST);
	const form = browser.seen;
	const twice = ["one@example.com", "two@example.com"].map((email) => {
		browser.seen = form;
		return browser.submit("email", { email });
	});
	await Promise.all(twice);

	expect(host.mail.sent).toHaveLength(1);
	const [{ to = "" } = {}] = host.mail.sent;
	expect(await browser.submit("code", { code: host.mail.codeFor(to) })).toMatchObject({
		kind: "signed-up",
	});
});

test("a code on its way at the upgrade: six digits from 0.2.0 end with a request for a new code", async () => {
	const { host } = await openHouse({ accounts });
	const browser = await askForCode(host, FIRST, "new@example.com");
	const login = loginOf(browser);
	const [binding = ""] = browser.cookies.values();
	// As 0.2.0 stored it, with the hash of the code 123456.
	const hash = hashOf(binding, `${login} 123456`);
	const code = { hash, expiresAt: host.clock.now() + 10 * MINUTE, guesses: 0 };
	const value = { ...(await storedFor(host, browser)), code };
	await host.storage.commit({ sets: [{ key: keyFor(browser), value }] });

	const opened = await browser.openForm(`/login/continue?login=${login}`);
	const sent = await browser.submit("code", { code: "123456" });

	for (const page of [opened, sent]) {
		expect(titleOf(page)).toBe("Enter the code");
		expect(alertIn(page)).toBe(
			"The last code we sent is no longer valid: a code works for ten minutes and five tries. Press “Send a new code” and enter the twelve digits from the new e-mail.",
		);
	}
	expect(host.users.all()).toEqual([]);
	await browser.submit("send-code");
	expect(
		await browser.submit("code", { code: host.mail.codeFor("new@example.com") }),
	).toMatchObject({ kind: "signed-up" });
});

test("the letter shows twelve digits in groups, and the field takes what people paste", async () => {
	const { host } = await openHouse({ accounts });
	const browser = await askForCode(host, FIRST, "new@example.com");
	const { text } = host.mail.lastTo("new@example.com");
	expect(text).toMatch(/^Your code is \d{4} \d{4} \d{4}\. It is valid for ten minutes\.\n/);
	const [sentence = ""] = text.split("\n");
	const [input = ""] = /<input id="login-code"[^>]*>/.exec(markupOf(browser.seen)) ?? [];

	expect(input).toContain('inputmode="numeric" autocomplete="one-time-code"');
	expect(input).not.toContain("pattern");
	expect(Number(/maxlength="(\d+)"/.exec(input)?.[1])).toBeGreaterThan(sentence.length);
	expect(await browser.submit("code", { code: sentence })).toMatchObject({ kind: "signed-up" });
});

test.each([
	["letters", (browser: MockBrowser) => browser.submit("send-code")],
	["wrong-codes", (browser: MockBrowser) => browser.submit("code", { code: WRONG })],
])(
	"an attack on a whole brand is reported once an hour, and refuses nobody: %s",
	async (what, act) => {
		const { host } = await openHouse({ accounts });
		const browser = await askForCode(host, FIRST, "new@example.com");
		const until = host.clock.now() + 60 * MINUTE;
		const key = ["code-counts", `${what}-of-brand`, hashOf("brand")];
		await host.storage.commit({ sets: [{ key, value: { count: 199, until }, expiresAt: until }] });
		const reports = () => host.events.filter(({ name }) => name === "codes.many");
		expect(reports()).toEqual([]);

		await act(browser);
		await act(browser);

		const report = { level: "warn", brandId: "brand", fields: { what, count: 200 } };
		expect(reports()).toMatchObject([report]);
		expect((await host.storage.get(key))?.value).toEqual({ count: 200, until });
		await act(browser);
		expect((await host.storage.get(key))?.value).toEqual({ count: 200, until });
		expect(JSON.stringify(reports())).not.toMatch(/example|x:\d|nobody/);
		expect(titleOf(browser.seen as LoginResponse)).toBe("Enter the code");
		host.clock.advance(60 * MINUTE);
		await host.storage.commit({
			sets: [{ key, value: { count: 199, until: until + 60 * MINUTE } }],
		});
		await act(await askForCode(host, SECOND, "other@example.com"));
		expect(reports()).toHaveLength(2);
	},
);

test("the count of a brand makes no visitor wait for another: it is written once, or left out", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	let tries = 0;
	const commit: HostStorage["commit"] = async (change) => {
		const isBrands = change.sets?.some(({ key }) => key.includes("letters-of-brand")) === true;
		tries += isBrands ? 1 : 0;
		return isBrands ? false : inner.commit(change);
	};
	const storage = { ...delegating(inner), commit };
	const { host } = await openHouse({ accounts, clock, storage });

	await askForCode(host, FIRST, "new@example.com");

	expect(host.mail.sent).toHaveLength(1);
	expect(tries).toBe(1);
});

test("counts hold no address, network, brand or X id, and end after an hour", async () => {
	const { host } = await openHouse({ accounts });
	await guess(await askForCode(host, FIRST, "new@example.com"), 1);

	const { entries } = await host.storage.list(["code-counts"], { limit: 100 });

	expect(new Set(entries.map(({ key }) => key[1]))).toEqual(
		new Set([
			...["letters-of-network", "letters-of-account", "letters-of-address", "letters-of-brand"],
			...["guesses-of-network", "guesses-of-account", "wrong-codes-of-brand"],
			...["forms-of-network", "forms-of-log-in"],
		]),
	);
	expect(JSON.stringify(entries)).not.toMatch(/example|192\.0|x:|100|nobody/);
	host.clock.advance(60 * MINUTE);
	expect((await host.storage.list(["code-counts"])).entries).toEqual([]);
});

test("deletion: the counts of a user's X account and address are forgotten, and nobody else's", async () => {
	const { host } = await openHouse({ accounts });
	const counted = async () =>
		(await host.storage.list(["code-counts"], { limit: 100 })).entries
			.map(({ key }) => key[1])
			.filter((what) => what?.endsWith("-of-account") || what?.endsWith("-of-address"))
			.sort();
	const browser = await askForCode(host, FIRST, "ada@example.com");
	await browser.submit("code", { code: host.mail.codeFor("ada@example.com") });
	await askForCode(host, SECOND, "ada@example.com");
	await askForCode(host, THIRD, "bea@example.com");
	const ofStrangers = ["letters-of-account", "letters-of-account"];
	expect(await counted()).toEqual([
		"guesses-of-account",
		...["letters-of-account", ...ofStrangers],
		...["letters-of-address", "letters-of-address", "letters-of-address"],
	]);

	await host.plugin.onUserDeleted(browser.currentUserId ?? "");

	expect(await counted()).toEqual([...ofStrangers, "letters-of-address"]);
	await host.plugin.purgeLinks("brand");
	expect(await counted()).toEqual(["letters-of-address"]);
	await host.plugin.onUninstall("purge");
	expect((await host.storage.list(["code-counts"])).entries).toEqual([]);
});

// CVE-2026-82968: a proof for one identity was accepted for another one.
test("CVE-2026-82968, a linking proof is bound to the X account it proves: a code works in no other log-in, browser or brand", async () => {
	const brands = [mockBrand("one"), mockBrand("two")];
	const { host } = await openHouse({ accounts, brands });
	const ada = host.users.add({ brandId: "one", email: "ada@example.com", password: "hers" });
	const owner = await askForCode(host, FIRST, ada.email, { brandId: "one" });
	const code = host.mail.codeFor(ada.email);
	const send = (browser: MockBrowser, login: string) =>
		browser.postForm([
			["login", login],
			["action", "code"],
			["code", code],
		]);

	// The log-in of another X account for the same address, in another browser and in the same one.
	const mallory = await askForCode(host, SECOND, ada.email, { brandId: "one" });
	expect(alertIn(await send(mallory, loginOf(mallory)))).toContain("That code isn't right");
	const together = host.newBrowser({ brandId: "one" });
	for (const [name, value] of owner.cookies) {
		together.cookies.set(name, value);
	}
	await throughX(together, { accountId: SECOND });
	await together.submit("email", { email: ada.email });
	expect(alertIn(await send(together, loginOf(together)))).toContain("That code isn't right");
	// Not even if the stored code of the one log-in is copied to the other.
	const { code: stored } = await storedFor(host, owner);
	const value = { ...(await storedFor(host, together)), code: stored };
	await host.storage.commit({ sets: [{ key: keyFor(together), value }] });
	expect(alertIn(await send(together, loginOf(together)))).toContain("That code isn't right");
	// The same log-in in another browser, and at another brand.
	const stranger = host.newBrowser({ brandId: "one" });
	await throughX(stranger, { accountId: SECOND });
	expect(await send(stranger, loginOf(owner))).toMatchObject({ code: "form-expired" });
	const elsewhere = host.newBrowser({ brandId: "two" });
	for (const [name, value] of owner.cookies) {
		elsewhere.cookies.set(name, value);
	}
	expect(await send(elsewhere, loginOf(owner))).toMatchObject({ code: "form-expired" });
	expect(await host.plugin.listLinkedAccounts(ada.id)).toEqual([]);

	await send(owner, loginOf(owner));
	expect(await owner.submit("link")).toMatchObject({ kind: "linked", userId: ada.id });
	expect(await host.plugin.listLinkedAccounts(ada.id)).toMatchObject([
		{ identityId: `x:${FIRST}` },
	]);
});
