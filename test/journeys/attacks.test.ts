// Attacks on accounts, by name. The first five are those of Sudhodanan & Paverd, "Pre-hijacked accounts" (2022).
import { describe, expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { type MockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { ADA } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const VICTIM = ADA.email ?? "";
const PASSWORD = "the attacker's";
const MALLORY = {
	id: "666",
	screenName: "mallory",
	name: "Mallory",
	email: "mallory@example.com",
};
const IMPOSTOR = { id: "667", screenName: "ada_", name: "Ada", email: VICTIM };

/** An account with the victim's address, made by somebody who cannot read mail there. */
function squat(host: MockHost) {
	return host.users.add({
		brandId: "brand",
		email: VICTIM,
		confirmed: false,
		password: PASSWORD,
	});
}

/** The victim logs in with X for the first time, and does what the pages ask. */
async function victimArrives(host: MockHost): Promise<MockBrowser> {
	const browser = host.newBrowser();
	await throughX(browser, { accountId: ADA.id });
	await browser.submit("send-code");
	await browser.submit("code", { code: host.mail.codeFor(VICTIM) });
	await browser.submit("link");
	return browser;
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test("pre-hijack, classic-federated merge: the attacker's password does not outlive the victim's claim", async () => {
		const { host } = await openHouse();
		const squatted = squat(host);

		const arrived = await throughX(host.newBrowser());
		expect(arrived).toMatchObject({ kind: "page" });
		expect(await host.plugin.listLinkedAccounts(squatted.id)).toEqual([]);
		const victim = await victimArrives(host);

		expect(victim.currentUserId).toBe(squatted.id);
		expect(() => host.newBrowser().logIn(VICTIM, PASSWORD)).toThrow(
			"incorrect e-mail address or password",
		);
	});

	test("pre-hijack, classic-federated merge: what the attacker's password opened and linked ends at the victim's claim", async () => {
		const { host } = await openHouse({ accounts: [MALLORY, IMPOSTOR, ADA] });
		const squatted = squat(host);
		const attacker = host.newBrowser();
		const proof = await throughX(attacker, { accountId: IMPOSTOR.id });
		expect(proof).toMatchObject({ kind: "page", page: { title: "Is this account yours?" } });
		const form = (await attacker.submit("log-in")) as { returnPath: string };
		attacker.logIn(VICTIM, PASSWORD);
		await attacker.openForm(form.returnPath);
		expect(await attacker.submit("link")).toMatchObject({ kind: "linked", userId: squatted.id });
		expect(await host.users.ownerOf("brand", VICTIM)).toMatchObject({ confirmed: false });

		const victim = await victimArrives(host);

		expect(victim.currentUserId).toBe(squatted.id);
		expect(attacker.currentUserId).toBeUndefined();
		expect(() => attacker.logIn(VICTIM, PASSWORD)).toThrow("incorrect e-mail address or password");
		expect(await host.plugin.listLinkedAccounts(squatted.id)).toMatchObject([{ label: "@ada" }]);
		await throughX(attacker, { accountId: IMPOSTOR.id });
		expect(attacker.currentUserId).toBeUndefined();
	});

	test("pre-hijack, unexpired session: the attacker's sessions end at the claim", async () => {
		const { host } = await openHouse();
		const squatted = squat(host);

		await victimArrives(host);

		expect(host.users.sessionsEnded).toEqual([squatted.id]);
	});

	test("pre-hijack, trojan identifier: the attacker's X account is unlinked at the claim", async () => {
		const { host } = await openHouse({ accounts: [MALLORY, ADA] });
		const squatted = squat(host);
		const attacker = host.newBrowser();
		attacker.logIn(VICTIM, PASSWORD);
		await throughX(attacker, { page: "account" });
		expect(await host.plugin.listLinkedAccounts(squatted.id)).toMatchObject([
			{ label: "@mallory" },
		]);

		await victimArrives(host);

		expect(await host.plugin.listLinkedAccounts(squatted.id)).toMatchObject([{ label: "@ada" }]);
		attacker.signOut();
		await throughX(attacker, { accountId: MALLORY.id });
		expect(attacker.currentUserId).not.toBe(squatted.id);
	});

	test("pre-hijack, unexpired e-mail change: the host is told to drop it at the claim, before the link is made", async () => {
		const { host } = await openHouse();
		const squatted = squat(host);
		const order: string[] = [];
		const { confirm } = host.users;
		host.users.confirm = async (userId) => {
			order.push(`confirm with ${(await host.plugin.listLinkedAccounts(userId)).length} links`);
			return confirm.call(host.users, userId);
		};

		await victimArrives(host);

		expect(order).toEqual(["confirm with 0 links"]);
		expect(host.users.all()).toMatchObject([{ id: squatted.id, confirmed: true }]);
	});

	test("pre-hijack, non-verifying provider: an address that X asserts opens no existing account", async () => {
		const { host } = await openHouse({ accounts: [IMPOSTOR] });
		const victim = host.users.add({ brandId: "brand", email: VICTIM, password: "the victim's" });
		const attacker = host.newBrowser();

		expect(await throughX(attacker)).toMatchObject({ kind: "page" });

		expect(attacker.currentUserId).toBeUndefined();
		expect(await host.plugin.listLinkedAccounts(victim.id)).toEqual([]);
	});

	test("e-mail take-over: accounts are recognised by X's id, so a recycled address or handle opens nothing", async () => {
		const { host } = await openHouse({ accounts: [ADA, IMPOSTOR] });
		const victim = host.newBrowser();
		await throughX(victim, { accountId: ADA.id });
		const attacker = host.newBrowser();

		expect(await throughX(attacker, { accountId: IMPOSTOR.id })).toMatchObject({ kind: "page" });

		expect(attacker.currentUserId).toBeUndefined();
		expect(await host.plugin.listLinkedAccounts(victim.currentUserId ?? "")).toMatchObject([
			{ identityId: `x:${ADA.id}` },
		]);
	});

	test("login CSRF: an attacker's callback does not log the victim in as the attacker", async () => {
		const { host } = await openHouse({ accounts: [MALLORY] });
		const callback = await approveAtX(await goToX(host.newBrowser()));
		const victim = host.newBrowser();
		await goToX(victim);

		expect(await victim.openCallback(callback)).toMatchObject({ code: "unknown-login" });
		expect(victim.currentUserId).toBeUndefined();
	});

	test("session fixation (OAuth, 2009): the victim's approval of the attacker's log-in does not complete the attacker's link", async () => {
		const { host } = await openHouse();
		const attacker = host.newBrowser();
		const started = await goToX(attacker);
		const victim = host.newBrowser();
		const callback = await approveAtX(started);

		expect(await victim.openCallback(callback)).toMatchObject({ code: "unknown-login" });
		const { searchParams } = new URL(callback);
		const forged = new URL(callback);
		forged.searchParams.set(x.proof, `${searchParams.get(x.proof)}x`);
		expect(await attacker.openCallback(forged.href)).toMatchObject({ kind: "refused" });
		expect(host.users.all()).toEqual([]);
	});

	test("link hijack: an attacker's callback is not linked to the account of a victim who is logged in", async () => {
		const { host } = await openHouse({ accounts: [MALLORY] });
		const victim = host.users.add({ brandId: "brand", email: VICTIM, password: "the victim's" });
		const attacker = host.newBrowser();
		const eve = host.users.add({ brandId: "brand", email: "eve@example.com", password: PASSWORD });
		attacker.logIn(eve.email, PASSWORD);
		const callback = await approveAtX(await goToX(attacker, { page: "account" }));
		const browser = host.newBrowser();
		browser.logIn(VICTIM, "the victim's");
		await goToX(browser, { page: "account" });

		expect(await browser.openCallback(callback)).toMatchObject({ code: "unknown-login" });
		expect(await host.plugin.listLinkedAccounts(victim.id)).toEqual([]);
	});

	test("link hijack: Connect X links nothing if another user logs in before the callback", async () => {
		const { host } = await openHouse();
		const one = host.users.add({ brandId: "brand", email: "one@example.com", password: PASSWORD });
		const two = host.users.add({ brandId: "brand", email: "two@example.com", password: PASSWORD });
		const browser = host.newBrowser();
		browser.logIn(one.email, PASSWORD);
		const callback = await approveAtX(await goToX(browser, { page: "account" }));
		browser.logIn(two.email, PASSWORD);

		expect(await browser.openCallback(callback)).toMatchObject({ code: "user-changed" });
		for (const { id } of [one, two]) {
			expect(await host.plugin.listLinkedAccounts(id)).toEqual([]);
		}
	});

	test("link hijack: a callback of one user's link intent finished in another user's session links nobody", async () => {
		const { host, fakeX } = await openHouse();
		const one = host.users.add({ brandId: "brand", email: "one@example.com", password: PASSWORD });
		const two = host.users.add({ brandId: "brand", email: "two@example.com", password: PASSWORD });
		const starter = host.newBrowser();
		starter.logIn(one.email, PASSWORD);
		const callback = await approveAtX(await goToX(starter, { page: "account" }));
		const later = await goToX(starter, { page: "account" });
		const other = host.newBrowser();
		other.logIn(two.email, PASSWORD);
		fakeX.resetStats();

		expect(await other.openCallback(callback)).toEqual({ kind: "redirect", location: "/" });
		expect(fakeX.stats().total).toBe(0);
		for (const [name, value] of starter.cookies) {
			other.cookies.set(name, value);
		}
		expect(await other.openCallback(callback)).toMatchObject({ code: "user-changed" });
		starter.logIn(one.email, PASSWORD);
		host.clock.advance(9 * 60_000);
		starter.currentUser = { id: one.id, provenAt: 0 };
		const away = await starter.openCallback(await approveAtX(later));
		const form = away.kind === "reauthenticate" ? away.returnPath : "";
		starter.logIn(two.email, PASSWORD);
		expect(await starter.openForm(form)).toMatchObject({ kind: "reauthenticate" });
		for (const { id } of [one, two]) {
			expect(await host.plugin.listLinkedAccounts(id)).toEqual([]);
		}
	});

	/** Ways in which an X account stops being the one that opens a user's account. */
	const CHANGES_OF_PROVIDER: Readonly<
		Record<string, (host: MockHost, userId: string) => Promise<unknown>>
	> = {
		"it was disconnected": (host, userId) => {
			host.users.change(userId, { hasOtherWayIn: true });
			return host.plugin.unlinkAccount(userId, `x:${ADA.id}`);
		},
		"another X account took its place": async (host, userId) => {
			const browser = host.newBrowser();
			browser.currentUser = { id: userId, provenAt: host.clock.now() };
			await throughX(browser, { accountId: MALLORY.id, fields: { intent: "link" } });
			return host.plugin.unlinkAccount(userId, `x:${ADA.id}`);
		},
		"the links of the brand were purged": async (host) => {
			host.settings.enable("brand", false);
			await host.plugin.purgeLinks("brand");
			host.settings.enable("brand");
		},
		"its data were purged with the plugin": (host) => host.plugin.onUninstall("purge"),
		"the user was claimed by the owner of the address": async (host, userId) => {
			await host.plugin.onUserClaimed(userId);
			await host.users.confirm(userId);
		},
		"the user was deleted": async (host, userId) => {
			host.users.change(userId, undefined);
			await host.plugin.onUserDeleted(userId);
		},
		"it was disconnected, and the user merged": async (host, userId) => {
			host.users.change(userId, { hasOtherWayIn: true });
			await host.plugin.unlinkAccount(userId, `x:${ADA.id}`);
			const into = host.users.add({ brandId: "brand", email: "into@example.com" });
			await host.plugin.onUsersMerged(userId, into.id);
			host.users.change(userId, undefined);
		},
	};

	test.each(Object.entries(CHANGES_OF_PROVIDER))(
		"an old identity that still opens an account after a change of provider: it opens none when %s",
		async (_, change) => {
			const { host } = await openHouse({ accounts: [{ ...ADA, email: null }, MALLORY] });
			const before = host.newBrowser();
			await throughX(before);
			await before.submit("email", { email: VICTIM });
			await before.submit("code", { code: host.mail.codeFor(VICTIM) });
			const userId = before.currentUserId ?? "";
			host.users.change(userId, { confirmed: false });
			before.signOut();
			const underWay = await approveAtX(await goToX(before));

			await change(host, userId);

			const after = host.newBrowser();
			const ends = [await throughX(after), await before.openCallback(underWay)];
			expect(ends).toMatchObject([
				{ page: { title: "What is your e-mail address?" } },
				{ page: {} },
			]);
			expect([before.currentUserId, after.currentUserId]).toEqual([undefined, undefined]);
		},
	);

	test("an old identity that still opens an account after a change of provider: a merge moves it, and the merged user stays closed", async () => {
		const { host } = await openHouse();
		const browser = host.newBrowser();
		await throughX(browser);
		const old = browser.currentUserId ?? "";
		const into = host.users.add({
			brandId: "brand",
			email: "into@example.com",
			password: PASSWORD,
		});
		browser.signOut();

		await host.plugin.onUsersMerged(old, into.id);
		expect(await throughX(browser)).toMatchObject({ kind: "signed-in", userId: into.id });
		expect(await host.plugin.listLinkedAccounts(old)).toEqual([]);
		await host.plugin.unlinkAccount(into.id, `x:${ADA.id}`);
		browser.signOut();

		expect(await throughX(browser)).toMatchObject({ kind: "page" });
		expect(browser.currentUserId).toBeUndefined();
	});

	test("staff match: an address of staff neither logs in nor is linked, and no page names its owner", async () => {
		const { host } = await openHouse({ accounts: [IMPOSTOR] });
		host.users.add({ brandId: "brand", email: VICTIM.toUpperCase(), role: "staff" });
		const browser = host.newBrowser();

		expect(await throughX(browser)).toMatchObject({ kind: "refused", code: "email-of-staff" });
		expect((await host.storage.list(["link"])).entries).toEqual([]);
		expect(host.mail.sent).toEqual([]);
	});

	test("link overwrite: a linked X account stays with its user", async () => {
		const { host } = await openHouse();
		const owner = host.newBrowser();
		await throughX(owner);
		const eve = host.users.add({ brandId: "brand", email: "eve@example.com", password: PASSWORD });
		const browser = host.newBrowser();
		browser.logIn(eve.email, PASSWORD);

		expect(await throughX(browser, { page: "account" })).toMatchObject({
			code: "linked-elsewhere",
		});
		expect(await host.plugin.listLinkedAccounts(eve.id)).toEqual([]);
		expect(await host.plugin.listLinkedAccounts(owner.currentUserId ?? "")).toHaveLength(1);
	});

	test("link overwrite: two users link one X account at once, and one of them gets it", async () => {
		const { host } = await openHouse();
		const trips: [MockBrowser, string][] = [];
		for (const name of ["one", "two"]) {
			const email = `${name}@example.com`;
			host.users.add({ brandId: "brand", email, password: PASSWORD });
			const browser = host.newBrowser();
			browser.logIn(email, PASSWORD);
			trips.push([browser, await approveAtX(await goToX(browser, { page: "account" }))]);
		}

		const ends = await Promise.all(
			trips.map(([browser, callback]) => browser.openCallback(callback)),
		);

		const codes = ends.map((end) => ("code" in end ? end.code : end.kind)).sort();
		// Under OAuth 2.0 X keeps one grant: the later exchange may end the token of the earlier one before its profile.
		const refusals =
			x.protocol === "oauth1" ? ["linked-elsewhere"] : ["linked-elsewhere", "x-unavailable"];
		expect(codes).toEqual(["linked", expect.toBeOneOf(refusals)]);
	});

	test("link overwrite: a form links nothing once the X account is linked elsewhere", async () => {
		const { host } = await openHouse();
		const eve = host.users.add({ brandId: "brand", email: "eve@example.com", password: PASSWORD });
		const waiting = host.newBrowser();
		waiting.logIn(eve.email, PASSWORD);
		host.clock.advance(10 * 60_000);
		const away = await throughX(waiting, { page: "account" });
		waiting.logIn(eve.email, PASSWORD);
		await waiting.openForm(away.kind === "reauthenticate" ? away.returnPath : "");
		const owner = host.newBrowser();
		await throughX(owner);

		expect(await waiting.submit("link")).toMatchObject({ code: "linked-elsewhere" });
		expect(await host.plugin.listLinkedAccounts(owner.currentUserId ?? "")).toHaveLength(1);
		expect(await host.plugin.listLinkedAccounts(eve.id)).toEqual([]);
	});

	test("pre-hijack, trojan identifier: a Connect X begun before the claim links nothing after it", async () => {
		const { host, fakeX } = await openHouse({ accounts: [MALLORY, ADA] });
		const squatted = squat(host);
		const attacker = host.newBrowser();
		attacker.logIn(VICTIM, PASSWORD);
		const callback = await approveAtX(await goToX(attacker, { page: "account" }), {
			accountId: MALLORY.id,
		});
		const victim = host.newBrowser();
		await throughX(victim, { accountId: ADA.id });
		await victim.submit("send-code");
		await victim.submit("code", { code: host.mail.codeFor(VICTIM) });
		fakeX.answerNext({ call: x.exchange, fault: "slow" });

		const [late] = await Promise.all([attacker.openCallback(callback), victim.submit("link")]);

		expect(late).toMatchObject({ kind: "refused" });
		expect(await host.plugin.listLinkedAccounts(squatted.id)).toMatchObject([{ label: "@ada" }]);
	});

	test("pre-hijack: a host's own claim letter drops existing links and those under way", async () => {
		const { host } = await openHouse({ accounts: [MALLORY, ADA] });
		const squatted = squat(host);
		const attacker = host.newBrowser();
		attacker.logIn(VICTIM, PASSWORD);
		const callback = await approveAtX(await goToX(attacker, { page: "account" }));

		await host.plugin.onUserClaimed(squatted.id);

		expect(await attacker.openCallback(callback)).toMatchObject({ kind: "refused" });
		expect(await host.plugin.listLinkedAccounts(squatted.id)).toEqual([]);
	});

	test("link overwrite: a second browser that signs up with another address does not take the link of the first", async () => {
		const { host } = await openHouse({ accounts: [{ ...ADA, email: null }] });
		const browser = host.newBrowser();
		const other = host.newBrowser();
		await throughX(browser);
		await throughX(other);
		await other.submit("email", { email: "two@example.com" });
		await browser.submit("email", { email: "one@example.com" });
		await browser.submit("code", { code: host.mail.codeFor("one@example.com") });
		const owner = browser.currentUserId ?? "";

		const end = await other.submit("code", { code: host.mail.codeFor("two@example.com") });

		expect(end).toMatchObject({ kind: "signed-in", userId: owner });
		expect(host.users.all()).toHaveLength(1);
		expect(await host.plugin.listLinkedAccounts(owner)).toHaveLength(1);
	});

	test("mix-up between brands: a form of one brand does not work at another", async () => {
		const brands = [mockBrand("one"), mockBrand("two")];
		const { host } = await openHouse({ brands, accounts: [{ ...ADA, email: null }] });
		const browser = host.newBrowser({ brandId: "one" });
		await throughX(browser);
		const elsewhere = host.newBrowser({ brandId: "two" });
		for (const [name, value] of browser.cookies) {
			elsewhere.cookies.set(name, value);
		}
		elsewhere.seen = browser.seen;

		expect(await elsewhere.submit("email", { email: "new@example.com" })).toMatchObject({
			code: "form-expired",
		});
		expect(host.mail.sent).toEqual([]);
	});
});
