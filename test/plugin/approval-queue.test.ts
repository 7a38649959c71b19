// New users in a helpdesk that queues or refuses them.
import { describe, expect, test } from "vitest";
import type { CreationRefusal } from "../../src/contract/users.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { throughX, titleOf } from "../kit/plugin/at-x.ts";
import { markupOf, statusOf } from "../kit/plugin/code-forms.ts";
import { ADA, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const EMAIL = ADA.email ?? "";

/** The stored links of identities, with the keys that create their users. */
async function linksIn({ storage }: MockHost) {
	return (await storage.list(["link"])).entries.map(({ value }) => value);
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test("a new visitor who has to be approved is told so, and the log-in after the approval asks by the same key and gets in", async () => {
		const { host } = await openHouse();
		host.users.nextCreation = "pending";
		const browser = host.newBrowser();

		const first = await throughX(browser);

		expect(first).toMatchObject({ kind: "refused", code: "sign-up-pending" });
		expect(titleOf(first)).toBe("Your new account must be approved first");
		expect(statusOf(first)).toBe(403);
		expect(markupOf(first)).not.toContain("<form");
		const reserved = await linksIn(host);
		expect(reserved).toMatchObject([{ userId: null, creationKey: expect.any(String) }]);
		expect(host.mail.sent).toEqual([]);

		expect(await throughX(browser)).toMatchObject({ code: "sign-up-pending" });
		expect(await linksIn(host)).toEqual(reserved);
		expect(host.users.all()).toEqual([]);

		host.users.approve();
		const [user] = host.users.all();
		expect(await throughX(browser)).toMatchObject({ kind: "signed-up", userId: user?.id });
		expect(host.users.all()).toHaveLength(1);
		expect(await linksIn(host)).toMatchObject([{ userId: user?.id }]);
	});

	test("the page about the approval is in the visitor's language, and the administrator reads what to do", async () => {
		const { host } = await openHouse();
		host.users.nextCreation = "pending";

		const page = await throughX(host.newBrowser({ locale: "de" }));

		expect(titleOf(page)).toBe("Ihr neues Konto muss erst freigegeben werden");
		const words = await host.plugin.explain({ code: "sign-up-pending", problem: null }, "en");
		expect(words?.text).toContain("Approve or reject it there");
		expect(words?.told).toContain("must be approved first");
	});

	test("a visitor whom X gives no address proves one, waits, and is linked after the approval and another code", async () => {
		const { host } = await openHouse();
		host.users.nextCreation = "pending";
		const browser = host.newBrowser();
		const prove = async () => {
			await throughX(browser, { accountId: NO_EMAIL.id });
			await browser.submit("email", { email: "no@example.com" });
			return browser.submit("code", { code: host.mail.codeFor("no@example.com") });
		};

		expect(await prove()).toMatchObject({ code: "sign-up-pending" });
		host.users.approve();
		const [user] = host.users.all();
		expect(user).toMatchObject({ email: "no@example.com", confirmed: true });

		expect(titleOf(await prove())).toBe("Link X to your account?");
		expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: user?.id });
		expect(host.users.all()).toHaveLength(1);
	});

	test("a visitor who is rejected is refused at the next log-in, and may ask again by a new key", async () => {
		const { host } = await openHouse();
		host.users.nextCreation = "pending";
		const browser = host.newBrowser();
		await throughX(browser);
		const [reserved] = await linksIn(host);

		host.users.reject();
		host.users.nextCreation = "registration-closed";
		expect(await throughX(browser)).toMatchObject({ code: "sign-up-closed" });
		expect(await linksIn(host)).toEqual([]);

		host.users.nextCreation = "active";
		expect(await throughX(browser)).toMatchObject({ kind: "signed-up" });
		expect(await linksIn(host)).not.toContainEqual(reserved);
	});

	test("a visitor who waits and whose address got an account meanwhile proves it and is linked to that account", async () => {
		const { host } = await openHouse();
		host.users.nextCreation = "pending";
		const browser = host.newBrowser();
		await throughX(browser);
		const user = host.users.add({ brandId: "brand", email: EMAIL, password: "correct horse" });

		expect(titleOf(await throughX(browser))).toBe("Is this account yours?");
		await browser.submit("send-code");
		await browser.submit("code", { code: host.mail.codeFor(EMAIL) });
		expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: user.id });
		host.users.approve();
		expect(host.users.all()).toHaveLength(1);
	});

	test("account pre-hijacking: an approved account that its owner has claimed is not linked to the X account that had signed up with its address, also if X gives another address by then", async () => {
		const accounts = [{ id: "7", screenName: "mallory", name: "Mallory", email: EMAIL }];
		for (const now of [undefined, "of-nobody@example.com", "mallory@example.com"]) {
			const { host, fakeX } = await openHouse({ accounts });
			host.users.nextCreation = "pending";
			const browser = host.newBrowser();
			await throughX(browser);
			host.users.approve();
			const [victim] = host.users.all();
			await host.users.confirm(victim?.id ?? "");
			host.users.nextCreation = "active";
			host.users.add({ brandId: "brand", email: "mallory@example.com", confirmed: false });
			if (now !== undefined) {
				fakeX.answerNext(x.profileOf({ id: "7", name: "Mallory", email: now }));
			}

			const end = await throughX(browser);

			expect(end, now).not.toMatchObject({ userId: victim?.id });
			expect(browser.currentUserId, now).not.toBe(victim?.id);
			expect(await host.plugin.listLinkedAccounts(victim?.id ?? ""), now).toEqual([]);
		}
	});

	test("account pre-hijacking: a code for another address does not open an approved account that its owner has claimed", async () => {
		const accounts = [{ id: "7", screenName: "mallory", name: "Mallory", email: EMAIL }];
		const { host, fakeX } = await openHouse({ accounts });
		host.users.nextCreation = "pending";
		const browser = host.newBrowser();
		await throughX(browser);
		host.users.approve();
		const [victim] = host.users.all();
		await host.users.confirm(victim?.id ?? "");
		fakeX.answerNext(x.profileOf({ id: "7", name: "Mallory" }));

		await throughX(browser);
		await browser.submit("email", { email: "mallory@example.com" });
		const end = await browser.submit("code", { code: host.mail.codeFor("mallory@example.com") });

		expect(end).toMatchObject({ kind: "refused", code: "sign-up-refused" });
		expect(await host.plugin.listLinkedAccounts(victim?.id ?? "")).toEqual([]);
	});

	test.each<[CreationRefusal | "refused", string, string]>([
		["address-taken", "sign-up-refused", "Your account could not be created"],
		["address-refused", "domain-refused", "This e-mail address cannot be used here"],
		["registration-closed", "sign-up-closed", "No account is linked to this X account"],
		["refused", "sign-up-refused", "Your account could not be created"],
	])("a helpdesk that refuses with %s leads to the page of %s", async (reason, code, title) => {
		const { host } = await openHouse();
		host.users.nextCreation = reason;

		const end = await throughX(host.newBrowser());

		expect(end).toMatchObject({ kind: "refused", code });
		expect(titleOf(end)).toBe(title);
		expect(await linksIn(host)).toEqual([]);
	});

	test("a helpdesk of 1.1 gets the handle and the visitor's address with a new user, and one of 1.0 does not", async () => {
		for (const [contract, more] of [
			["1.1", { suggestedName: "ada", clientAddress: "192.0.2.7" }],
			["1.0", {}],
		] as const) {
			const { host } = await openHouse({ contract });
			const browser = host.newBrowser();
			browser.clientAddress = "192.0.2.7";
			await throughX(browser);

			const profile = { brandId: "brand", name: ADA.name, email: EMAIL, locale: "en" };
			expect(host.users.asked).toEqual([{ ...profile, emailProof: "asserted", ...more }]);
		}
	});

	test("a mock host of 1.0 refuses whom it would queue", async () => {
		const { host } = await openHouse({ contract: "1.0" });
		host.users.nextCreation = "pending";

		expect(await throughX(host.newBrowser())).toMatchObject({ code: "sign-up-refused" });
	});
});
