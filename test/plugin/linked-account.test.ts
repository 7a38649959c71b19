// The outcome names the X account by which the visitor came in, for hosts of contract 1.2 and later.
import { expect, test } from "vitest";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { createMockHost } from "../../src/testing/mock-host/mock-host.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";
import { throughX } from "../kit/plugin/at-x.ts";
import { ADA, keysFor, NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";
import { PROTOCOLS } from "../kit/plugin/protocols.ts";

const ADA_AT_X = { identityId: `x:${ADA.id}`, label: "@ada" };

test.each(PROTOCOLS)(
	"under %s a sign-up, the next log-in and a new link name the X account",
	async (_, { protocol }) => {
		const { host } = await openHouse({ protocol });
		const { id } = host.users.add({
			brandId: "brand",
			email: "bob@example.com",
			password: "secret",
		});
		const browser = host.newBrowser();
		browser.currentUser = { id, provenAt: host.clock.now() };

		const signUp = await throughX(host.newBrowser(), { accountId: ADA.id });
		const logIn = await throughX(host.newBrowser(), { accountId: ADA.id });
		const link = await throughX(browser, { accountId: NO_EMAIL.id, page: "account" });

		expect(signUp).toMatchObject({ kind: "signed-up", linkedAccount: ADA_AT_X });
		expect(logIn).toMatchObject({ kind: "signed-in", linkedAccount: ADA_AT_X });
		expect(link).toMatchObject({
			kind: "linked",
			linkedAccount: { identityId: `x:${NO_EMAIL.id}`, label: "@nomail" },
		});
	},
);

test("a log-in that ends in a form names the X account, too", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser, { accountId: NO_EMAIL.id });
	await browser.submit("email", { email: "no@example.com" });
	const code = host.mail.codeFor("no@example.com");

	expect(await browser.submit("code", { code })).toMatchObject({
		kind: "signed-up",
		linkedAccount: { identityId: `x:${NO_EMAIL.id}`, label: "@nomail" },
	});
});

test.each(["1.0", "1.1"] as const)("a host of contract %s gets no name", async (contract) => {
	const { host } = await openHouse({ contract });

	for (const kind of ["signed-up", "signed-in"]) {
		const response = await throughX(host.newBrowser(), { accountId: ADA.id });
		expect(response).toMatchObject({ kind });
		expect(response).not.toHaveProperty("linkedAccount");
	}
});

test.each([
	["1.10.0", true],
	["1.2.0", true],
	["1.1.9", false],
	["1.1.20", false],
])("a host that says it keeps %s gets a name: %j", async (contract, isNamed) => {
	const clock = new MockClock();
	const { fakeX } = await openHouse({ clock });
	const plugin = await builtPlugin();
	const host = createMockHost({
		plugin: { ...plugin, createPlugin: (ports) => plugin.createPlugin({ ...ports, contract }) },
		origins: { "api.x.com": fakeX.url },
		clock,
	});
	host.settings.save("brand", keysFor("oauth1"));
	host.settings.enable("brand");

	const response = await throughX(host.newBrowser(), { accountId: ADA.id });

	expect("linkedAccount" in response).toBe(isNamed);
	await host.close();
});
