// A user is deleted while a log-in is between the callback and its end. Its forms name the user, their address or their
// X account.
import { describe, expect, test } from "vitest";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import type { MockUser } from "../../src/testing/mock-host/mock-users.ts";
import { throughX } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const PASSWORD = "correct horse battery";
const EMAIL = ADA.email ?? "";
const EVE = { id: "7", screenName: "eve", name: "Eve", email: "eve@example.com" };

async function formsIn({ storage }: MockHost): Promise<string> {
	return JSON.stringify((await storage.list(["continuation"], { limit: 100 })).entries);
}

function addAda(host: MockHost, changes: Partial<MockUser> = {}): MockUser {
	return host.users.add({ brandId: "brand", email: EMAIL, password: PASSWORD, ...changes });
}

async function askForCode(host: MockHost, accountId: string): Promise<MockBrowser> {
	const browser = host.newBrowser();
	await throughX(browser, { accountId });
	if (accountId === NO_EMAIL.id) {
		await browser.submit("email", { email: EMAIL });
	} else {
		await browser.submit("send-code");
	}
	return browser;
}

/** Every form that a log-in of an existing user can wait at. */
const FORMS: readonly [
	string,
	Partial<MockUser>,
	(host: MockHost, ada: MockUser) => Promise<MockBrowser>,
][] = [
	[
		"the proof of an account that has the address",
		{},
		async (host) => {
			const browser = host.newBrowser();
			await throughX(browser, { accountId: ADA.id });
			return browser;
		},
	],
	[
		"the claim of an account that nobody confirmed",
		{ confirmed: false },
		async (host) => {
			const browser = host.newBrowser();
			await throughX(browser, { accountId: ADA.id });
			return browser;
		},
	],
	["the code to X's address", {}, (host) => askForCode(host, ADA.id)],
	["the code to a typed address", {}, (host) => askForCode(host, NO_EMAIL.id)],
	[
		"the consent",
		{},
		async (host) => {
			const browser = await askForCode(host, NO_EMAIL.id);
			await browser.submit("code", { code: host.mail.codeFor(EMAIL) });
			return browser;
		},
	],
	[
		"the consent of a visitor who has to prove first who they are",
		{},
		async (host) => {
			const browser = host.newBrowser();
			browser.logIn(EMAIL, PASSWORD);
			host.clock.advance(10 * 60_000);
			const away = await throughX(browser, { page: "account", accountId: ADA.id });
			expect(away).toMatchObject({ kind: "reauthenticate" });
			browser.logIn(EMAIL, PASSWORD);
			await browser.openForm(away.kind === "reauthenticate" ? away.returnPath : "");
			return browser;
		},
	],
	[
		"an address, in another tab than the one that linked the X account",
		{},
		async (host) => {
			const waiting = host.newBrowser();
			await throughX(waiting, { accountId: NO_EMAIL.id });
			const browser = host.newBrowser();
			browser.logIn(EMAIL, PASSWORD);
			await throughX(browser, { page: "account", accountId: NO_EMAIL.id });
			return waiting;
		},
	],
];

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test.each(FORMS)(
		"deletion: a log-in that waits for %s is forgotten",
		async (_, changes, open) => {
			const { host } = await openHouse({ accounts: [ADA, NO_EMAIL, EVE] });
			const ada = addAda(host, changes);
			host.users.add({ brandId: "brand", email: EVE.email, password: PASSWORD });
			const eve = host.newBrowser();
			await throughX(eve, { accountId: EVE.id });
			const ofEve = await formsIn(host);
			const browser = await open(host, ada);
			expect(await formsIn(host)).not.toBe(ofEve);

			await host.plugin.onUserDeleted(ada.id);
			host.users.change(ada.id, undefined);
			await host.plugin.onUserDeleted(ada.id);

			expect(await formsIn(host)).toBe(ofEve);
			expect(await browser.submit("cancel")).toMatchObject({ code: "form-expired" });
			expect(await eve.submit("send-code")).toMatchObject({ kind: "page", page: { status: 200 } });
		},
	);

	test("deletion: a log-in that waits for a proof is forgotten if the host calls after deleting the user", async () => {
		const { host } = await openHouse();
		const ada = addAda(host);
		await throughX(host.newBrowser(), { accountId: ADA.id });

		host.users.change(ada.id, undefined);
		await host.plugin.onUserDeleted(ada.id);

		expect(await formsIn(host)).toBe("[]");
	});

	/** Deletes the user right after the plugin has looked up the owner of their address. */
	function deleteOnceFound({ users, plugin }: MockHost, userId: string): void {
		const { ownerOf } = users;
		users.ownerOf = async (brandId, email) => {
			const owner = await ownerOf.call(users, brandId, email);
			if (owner.kind === "user" && owner.id === userId) {
				users.change(userId, undefined);
				await plugin.onUserDeleted(userId);
			}
			return owner;
		};
	}

	test("deletion: a form that is opened at the same moment stores nothing", async () => {
		const { host } = await openHouse();
		deleteOnceFound(host, addAda(host).id);

		expect(await throughX(host.newBrowser(), { accountId: ADA.id })).toMatchObject({
			kind: "refused",
		});

		expect(await formsIn(host)).toBe("[]");
	});

	test("deletion: a code that is sent at the same moment leaves nothing stored", async () => {
		const { host } = await openHouse();
		const { id } = addAda(host);
		const browser = await askForCode(host, NO_EMAIL.id);
		deleteOnceFound(host, id);

		const answer = await browser.submit("code", { code: host.mail.codeFor(EMAIL) });

		expect(answer).toMatchObject({ code: "form-expired" });
		expect(await formsIn(host)).toBe("[]");
	});
});
