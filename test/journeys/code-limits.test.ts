// How many codes can be tried, and that a counter stops nobody but the one who fills it.
import { expect, test } from "vitest";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import type { HostStorage } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { type MockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { throughX } from "../kit/plugin/at-x.ts";
import {
	accounts,
	alertIn,
	askForCode,
	comeFromX,
	delegating,
	FIFTH,
	FIRST,
	FOURTH,
	guess,
	guessesIn,
	hashOf,
	keyFor,
	loginOf,
	MINUTE,
	SECOND,
	statusOf,
	storedFor,
	THIRD,
	WRONG,
} from "../kit/plugin/code-forms.ts";
import { openHouse } from "../kit/plugin/open-house.ts";

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
