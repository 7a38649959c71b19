// An operator tries the log-in, before it is switched on. Nothing is created, sent or reported.
import { expect, test } from "vitest";
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";
import { throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";
import { PROTOCOLS } from "../kit/plugin/protocols.ts";

async function tryAtX(browser: MockBrowser, accountId = ADA.id) {
	const response = await browser.tryLogin();
	if (response.kind !== "redirect") {
		throw new Error(`no way to X: ${JSON.stringify(response)}`);
	}
	return browser.openCallback(await approveAtX(response.location, { accountId }));
}

function textOf(response: Awaited<ReturnType<typeof tryAtX>>): string {
	return response.kind === "page" ? response.page.html.replace(/<[^>]+>/g, " ") : response.kind;
}

test("the built plugin says that it understands the intent", async () => {
	expect((await builtPlugin()).canTry).toBe(true);
});

test.each(PROTOCOLS)(
	"under %s a test log-in works while the brand is switched off, and says what X gave and which rule decides",
	async (_, { protocol }) => {
		const { host } = await openHouse({ protocol });
		host.settings.enable("brand", false);
		const events = host.events.length;

		const tried = await tryAtX(host.newBrowser());

		expect(titleOf(tried)).toBe("The test log-in works");
		expect(textOf(tried)).toContain("X gives the account @ada with the number 9007199254740993.");
		expect(textOf(tried)).toContain("the e-mail address ada@example.com");
		expect(textOf(tried)).toMatch(/with this X account: An account is created .*Rule 23/s);
		expect(host.users.all()).toEqual([]);
		expect(host.mail.sent).toEqual([]);
		expect(host.events.slice(events)).toEqual([]);
	},
);

test("a test log-in leaves no link: the next log-in with the X account is a sign-up", async () => {
	const { host } = await openHouse();
	await tryAtX(host.newBrowser());

	expect((await throughX(host.newBrowser(), { accountId: ADA.id })).kind).toBe("signed-up");
});

test("a test log-in says that a linked X account would come in, and opens no session", async () => {
	const { host } = await openHouse();
	await throughX(host.newBrowser(), { accountId: ADA.id });
	const browser = host.newBrowser();

	const tried = await tryAtX(browser);

	expect(textOf(tried)).toContain("The visitor is logged in to the account");
	expect(browser.currentUser).toBeUndefined();
});

test("a test log-in of somebody who is logged in to the portal links nothing to their account", async () => {
	const { host } = await openHouse();
	const { id } = host.users.add({ brandId: "brand", email: "op@example.com", password: "secret" });
	const browser = host.newBrowser();
	browser.currentUser = { id, provenAt: host.clock.now() };

	const tried = await tryAtX(browser);

	expect(titleOf(tried)).toBe("The test log-in works");
	expect(await host.plugin.listLinkedAccounts(id)).toEqual([]);
});

test("a test log-in without an e-mail address says so, and shows the form that would come", async () => {
	const { host } = await openHouse();

	const tried = await tryAtX(host.newBrowser(), NO_EMAIL.id);

	expect(textOf(tried)).toContain("no e-mail address");
	expect(textOf(tried)).toContain("What is your e-mail address?");
});

test("a test log-in that X refuses says why and what to do, and reports no sign-in", async () => {
	const { host, fakeX } = await openHouse();
	fakeX.answerNext({ call: "request_token", fault: "415" });
	const events = host.events.length;

	const tried = await host.newBrowser().tryLogin();

	expect(titleOf(tried)).toBe("The test log-in did not work");
	expect(textOf(tried)).toContain("callback");
	expect(host.events.slice(events)).toEqual([]);
});

test("a test log-in that the operator cancels at X reports no sign-in", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	const response = await browser.tryLogin();
	const events = host.events.length;

	const back = await browser.openCallback(
		await cancelAtX(response.kind === "redirect" ? response.location : ""),
	);

	expect(titleOf(back)).toBe("The test log-in did not work");
	expect(host.events.slice(events)).toEqual([]);
});

test("nothing comes of a test log-in in another browser", async () => {
	const { host } = await openHouse();
	const response = await host.newBrowser().tryLogin();
	const address = await approveAtX(response.kind === "redirect" ? response.location : "");

	expect(await host.newBrowser().openCallback(address)).toMatchObject({
		kind: "refused",
		code: "unknown-login",
	});
});

test("a form cannot ask for a test log-in: a visitor who adds the intent logs in", async () => {
	const { host } = await openHouse();

	const response = await throughX(host.newBrowser(), {
		accountId: ADA.id,
		fields: { intent: "try" },
	});

	expect(response.kind).toBe("signed-up");
});

test("a test log-in that fails for a reason that no page explains leaves its cause in the log, and reports no sign-in", async () => {
	const { host } = await openHouse();
	host.users.ownerOf = async () => {
		throw new Error("the list of users is away");
	};
	const events = host.events.length;

	const tried = await tryAtX(host.newBrowser());

	expect(titleOf(tried)).toBe("The test log-in did not work");
	expect(host.events.slice(events)).toMatchObject([
		{ name: "trial.failed", level: "error", fields: { cause: "Error: the list of users is away" } },
	]);
});
