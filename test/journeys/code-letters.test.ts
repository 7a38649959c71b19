// How many letters with codes can be asked for, and what is in them.
import { expect, test } from "vitest";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { titleOf } from "../kit/plugin/at-x.ts";
import {
	accounts,
	alertIn,
	askForCode,
	comeFromX,
	FIFTH,
	FIRST,
	FOURTH,
	hashOf,
	keyFor,
	loginOf,
	MINUTE,
	markupOf,
	SECOND,
	statusOf,
	storedFor,
	THIRD,
} from "../kit/plugin/code-forms.ts";
import { openHouse } from "../kit/plugin/open-house.ts";

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
