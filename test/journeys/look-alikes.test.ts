// Attacks with addresses that look like a user's, or become it by Unicode's rules of case: "Hacking GitHub with
// Unicode's dotless i" (2019), "Unicode case mapping collision in password reset".
import { describe, expect, test } from "vitest";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { type MockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { throughX } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const KELVIN = "\u212a";

/** A visitor whom X knows without an address, before the form that asks for one. */
async function asked(host: MockHost, brandId = "brand"): Promise<MockBrowser> {
	const browser = host.newBrowser({ brandId });
	await throughX(browser, { accountId: NO_EMAIL.id });
	return browser;
}

/** A helpdesk that breaks its promise: it compares addresses by Unicode's rules of case. */
function foldByUnicode({ users }: MockHost): void {
	const { ownerOf } = users;
	users.ownerOf = async (brandId, email) => ownerOf.call(users, brandId, email.toLowerCase());
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test.each([
		`${KELVIN}im@example.com`,
		"ｋｉｍ@example.com",
		"kım@example.com",
		'"kim"@example.com',
	])(
		"look-alike: no letter goes to %s, and it opens no account with another spelling",
		async (typed) => {
			const { host } = await openHouse();
			const kim = host.users.add({ brandId: "brand", email: "kim@example.com", password: "hers" });
			foldByUnicode(host);
			const browser = await asked(host);

			const answer = await browser.submit("email", { email: typed });

			expect(answer).toMatchObject({ kind: "page", page: { status: 400 } });
			expect(JSON.stringify(answer)).toContain("That is not an e-mail address");
			expect(host.mail.sent).toEqual([]);
			expect(await host.plugin.listLinkedAccounts(kim.id)).toEqual([]);
		},
	);

	test("look-alike: one that X gives creates no account and opens none", async () => {
		const { host } = await openHouse({ accounts: [{ ...ADA, email: `${KELVIN}im@example.com` }] });
		host.users.add({ brandId: "brand", email: "kim@example.com", password: "hers" });
		foldByUnicode(host);

		const answer = await throughX(host.newBrowser());

		expect(answer).toMatchObject({ kind: "page", page: { title: "What is your e-mail address?" } });
		expect(host.users.all()).toHaveLength(1);
	});

	test("look-alike: an imported row with one links nobody", async () => {
		const { host } = await openHouse();
		const kim = host.users.add({ brandId: "brand", email: "kim@example.com" });
		foldByUnicode(host);
		const row = { brandId: "brand", identityId: "x:1", email: `${KELVIN}im@example.com` };

		expect(await host.plugin.importLinks([row], { dryRun: false })).toMatchObject([
			{ message: "import.no-user" },
		]);
		expect(await host.plugin.listLinkedAccounts(kim.id)).toEqual([]);
	});

	test("the code for an account goes to the account's address, whatever was typed", async () => {
		const { host } = await openHouse();
		const ada = host.users.add({ brandId: "brand", email: "Ada@Bücher.example", password: "hers" });
		const browser = await asked(host);

		await browser.submit("email", { email: "aDA@ＢÜＣＨＥＲ.example" });

		expect(host.mail.sent.map(({ to }) => to)).toEqual(["Ada@Bücher.example"]);
		await browser.submit("code", { code: host.mail.codeFor(ada.email) });
		expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: ada.id });
	});

	test("a new visitor's code goes to the canonical address, and their account gets that address", async () => {
		const { host } = await openHouse();
		const browser = await asked(host);

		await browser.submit("email", { email: " New@ｅｘａｍｐｌｅ.com " });

		expect(host.mail.sent.map(({ to }) => to)).toEqual(["new@example.com"]);
		await browser.submit("code", { code: host.mail.codeFor("new@example.com") });
		expect(host.users.all()).toMatchObject([{ email: "new@example.com" }]);
	});

	test("letters to the spellings of one address are counted together", async () => {
		const brands = [mockBrand("brand"), mockBrand("other")];
		const { host } = await openHouse({ brands });
		// Fewer at each brand than an X account may ask for there.
		for (const [brandId, email] of [
			["brand", "ada@bücher.example"],
			["brand", "ADA@bücher.example"],
			["brand", "ada@BÜCHER.example"],
			["other", "ada@xn--bcher-kva.example"],
			["other", "ada@ｂüｃｈｅｒ.example"],
			["other", "ada@bu\u0308cher.example"],
		] as const) {
			const browser = await asked(host, brandId);
			await browser.submit("email", { email });
		}

		expect(host.mail.sent).toHaveLength(5);
	});

	test.each([
		["blockedDomains", "example.com", "ada@ｅｘａｍｐｌｅ.com"],
		["blockedDomains", "ｅｘａｍｐｌｅ.com", "ada@example.com"],
		["blockedDomains", "bücher.example", "ada@shop.xn--bcher-kva.example"],
		["blockedDomains", "xn--bcher-kva.example", "ada@bücher.example"],
		["allowedDomains", "example.com", "ada@ｅｘａｍｐｌｅ.org"],
		["allowedDomains", "not_a_domain", "ada@example.com"],
	])(
		"domain list, other spelling: with %s %j nobody signs up as %j",
		async (list, domains, email) => {
			const { host } = await openHouse({ accounts: [{ ...ADA, email }, NO_EMAIL] });
			host.settings.save("brand", { [list]: domains });

			expect(await throughX(host.newBrowser(), { accountId: ADA.id })).toMatchObject({
				code: "domain-refused",
			});
			const browser = await asked(host);
			await browser.submit("email", { email });
			const code = host.mail.codeFor(email);
			expect(await browser.submit("code", { code })).toMatchObject({ code: "domain-refused" });
			expect(host.users.all()).toEqual([]);
		},
	);

	test.each(["ｅｘａｍｐｌｅ.com", "Example.com", "bücher.example", "xn--bcher-kva.example"])(
		"domain list, other spelling: an address at %j can sign up",
		async (domain) => {
			const { host } = await openHouse({ accounts: [{ ...ADA, email: `ada@sub.${domain}` }] });
			host.settings.save("brand", { allowedDomains: domain });

			expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
		},
	);
});
