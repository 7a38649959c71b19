// A log-in ends what binds the browser to other log-ins. Several tabs of one browser still end in a sensible place.
import { describe, expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { goToX, throughX, titleOf } from "../kit/plugin/at-x.ts";
import type { House } from "../kit/plugin/attempts.ts";
import { ADA, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

/** A browser in which two log-ins were started, and the callback of the second one. */
async function twoTabs(house: House, accountId = ADA.id): Promise<[MockBrowser, string, string]> {
	const browser = house.host.newBrowser();
	const starts = [
		await goToX(browser, { returnPath: "/one" }),
		await goToX(browser, { returnPath: "/two" }),
	];
	const [first = "", second = ""] = await Promise.all(
		starts.map((start) => approveAtX(start, { accountId })),
	);
	house.fakeX.resetStats();
	return [browser, first, second];
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test("two tabs: once one is logged in, the callback of the other calls nobody and goes on", async () => {
		const house = await openHouse();
		const [browser, first, second] = await twoTabs(house);

		expect(await browser.openCallback(first)).toMatchObject({ kind: "signed-up" });
		house.fakeX.resetStats();
		const end = await browser.openCallback(second);

		expect(end).toEqual({ kind: "redirect", location: "/one" });
		expect(house.fakeX.stats().total).toBe(0);
		expect(browser.currentUserId).toBe(house.host.users.all()[0]?.id);
	});

	test("two tabs: once one has logged in through forms, the callbacks of both go on, not to forms that are over", async () => {
		const house = await openHouse();
		const [browser, first, second] = await twoTabs(house, NO_EMAIL.id);
		const email = "new@example.com";
		await browser.openCallback(first);
		await browser.submit("email", { email });
		const code = house.host.mail.codeFor(email);
		expect(await browser.submit("code", { code })).toMatchObject({ kind: "signed-up" });
		house.fakeX.resetStats();

		for (const callback of [first, second]) {
			const end = await browser.openCallback(callback);
			expect(end).toEqual({ kind: "redirect", location: "/one" });
		}
		expect(house.fakeX.stats().total).toBe(0);
	});

	test("two tabs: while one waits in a form, the other logs in, and the form says that it is over", async () => {
		const house = await openHouse({ accounts: [NO_EMAIL, ADA] });
		const browser = house.host.newBrowser();
		await throughX(browser, { accountId: NO_EMAIL.id });
		const form = browser.seen;

		expect(await throughX(browser, { accountId: ADA.id })).toMatchObject({ kind: "signed-up" });
		browser.seen = form;
		const end = await browser.submit("email", { email: "new@example.com" });

		expect(end).toMatchObject({ kind: "refused", code: "form-expired" });
		expect(house.host.mail.sent.map(({ to }) => to)).not.toContain("new@example.com");
	});

	test.each(["the user logs out", "the session ends"])(
		"two tabs: after %s, the callback of the other tab calls nobody and says how to go on",
		async (what) => {
			const house = await openHouse();
			const [browser, first, second] = await twoTabs(house);
			await browser.openCallback(first);
			const loggedOut = what === "the user logs out";
			loggedOut ? browser.signOut() : house.host.users.endSessions(browser.currentUserId ?? "");
			house.fakeX.resetStats();

			const end = await browser.openCallback(second);

			expect(end).toMatchObject({ code: loggedOut ? "unknown-login" : "login-used" });
			expect(titleOf(end)).toMatch(loggedOut ? "not started here" : "is over");
			expect(house.fakeX.stats().total).toBe(0);
			expect(await browser.submitForm()).toMatchObject({ kind: "redirect" });
		},
	);

	test("a logged-in browser without any cookie of the plugin goes to the start page, whatever the callback names", async () => {
		const { host, fakeX } = await openHouse();
		const { id } = host.users.add({ brandId: "brand", email: "me@example.com" });
		const callback = await approveAtX(await goToX(host.newBrowser()));
		const browser = host.newBrowser();
		browser.currentUser = { id, provenAt: host.clock.now() };
		fakeX.resetStats();

		const end = await browser.openCallback(`${callback}&return_path=/admin&finished=/admin`);

		expect(end).toEqual({ kind: "redirect", location: "/" });
		expect(fakeX.stats().total).toBe(0);
	});

	test("the binding rotates at log-in: one that was read before opens nothing that begins after", async () => {
		const { host, fakeX } = await openHouse({ accounts: [ADA, NO_EMAIL] });
		const victim = host.newBrowser();
		const thief = host.newBrowser();
		const callback = await approveAtX(await goToX(victim));
		thief.cookies.set("browser", victim.cookies.get("browser") ?? "");

		await victim.openCallback(callback);

		expect(victim.cookies.has("browser")).toBe(false);
		const user = victim.currentUser;
		victim.currentUser = undefined;
		const next = await approveAtX(await goToX(victim));
		expect(victim.cookies.get("browser")).not.toBe(thief.cookies.get("browser"));
		fakeX.resetStats();
		expect(await thief.openCallback(next)).toMatchObject({ code: "unknown-login" });
		expect(fakeX.stats().total).toBe(0);
		expect(await victim.openCallback(next)).toMatchObject({ userId: user?.id });
	});

	test("the binding rotates when a form links an account, and lasts as long as forms are open", async () => {
		const { host } = await openHouse();
		const { email } = host.users.add({
			brandId: "brand",
			email: ADA.email ?? "",
			password: "mine",
		});
		const browser = host.newBrowser();

		await throughX(browser);
		const before = browser.cookies.get("browser");
		await browser.submit("send-code");
		await browser.submit("code", { code: host.mail.codeFor(email) });
		expect(browser.cookies.get("browser")).toBe(before);
		expect(await browser.submit("link")).toMatchObject({ kind: "linked" });

		expect(browser.cookies.has("browser")).toBe(false);
	});
});
