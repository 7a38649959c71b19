import { describe, expect, test } from "vitest";
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { goToX } from "../kit/plugin/at-x.ts";
import { ADA, openHouse } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test("a new visitor is signed up and a returning one is logged in, with no more calls to X than needed", async () => {
		const { host, fakeX } = await openHouse();
		const browser = host.newBrowser();

		const first = await browser.openCallback(
			await approveAtX(await goToX(browser, { returnPath: "/tickets?open=1" })),
		);

		expect(first).toMatchObject({ kind: "signed-up", returnPath: "/tickets?open=1" });
		expect(fakeX.stats()).toMatchObject({
			calls: { request_token: x.calls.start, [x.exchange]: 1, [x.profile]: 1 },
			total: x.calls.newVisitor,
		});
		expect(host.users.all()).toMatchObject([{ name: ADA.name, email: ADA.email }]);

		browser.signOut();
		fakeX.resetStats();
		const second = await browser.openCallback(await approveAtX(await goToX(browser)));

		expect(second).toMatchObject({ kind: "signed-in", userId: host.users.all()[0]?.id });
		expect(fakeX.stats()).toMatchObject({
			calls: { request_token: x.calls.start, [x.exchange]: 1 },
			total: x.calls.returning,
		});
		expect(host.users.all()).toHaveLength(1);
	});

	test("a visitor who cancels at X sees a page with a way back, and costs X no further call", async () => {
		const { host, fakeX } = await openHouse();
		const browser = host.newBrowser();
		const denied = await cancelAtX(await goToX(browser, { returnPath: "/tickets" }));
		fakeX.resetStats();

		const response = await browser.openCallback(denied);

		expect(response).toMatchObject({ kind: "cancelled", code: "cancelled" });
		expect(JSON.stringify(response)).toContain('value=\\"/tickets\\"');
		expect(fakeX.stats().total).toBe(0);
	});

	test("login CSRF: a foreign callback logs nobody in, uses up no log-in and costs X no call", async () => {
		const { host, fakeX } = await openHouse();
		const attacker = host.newBrowser();
		const victim = host.newBrowser();
		await goToX(victim);
		const callback = await approveAtX(await goToX(attacker));
		fakeX.resetStats();

		const response = await victim.openCallback(callback);

		expect(response).toMatchObject({ kind: "refused", code: "unknown-login" });
		expect(victim.currentUserId).toBeUndefined();
		expect(fakeX.stats().total).toBe(0);
		expect(await attacker.openCallback(callback)).toMatchObject({ kind: "signed-up" });
	});

	test("a callback used twice logs nobody in and costs X no call", async () => {
		const { host, fakeX } = await openHouse();
		const browser = host.newBrowser();
		const callback = await approveAtX(await goToX(browser, { returnPath: "/tickets" }));
		await browser.openCallback(callback);
		fakeX.resetStats();

		expect(await browser.openCallback(callback)).toEqual({
			kind: "redirect",
			location: "/tickets",
		});
		host.users.endSessions(browser.currentUserId ?? "");
		expect(await browser.openCallback(callback)).toMatchObject({ code: "login-used" });
		expect(fakeX.stats().total).toBe(0);
	});

	test("100 copies of one callback make one exchange at X and one user", async () => {
		const { host, fakeX } = await openHouse();
		const browser = host.newBrowser();
		const callback = await approveAtX(await goToX(browser));

		const responses = await Promise.all(
			Array.from({ length: 100 }, () => browser.openCallback(callback)),
		);

		expect(responses.filter(({ kind }) => kind === "signed-up")).toHaveLength(1);
		expect(fakeX.stats().calls[x.exchange]).toBe(1);
		expect(host.users.all()).toHaveLength(1);
	});

	test("ten minutes on X's page are allowed, and a moment more ends the log-in without a call to X", async () => {
		const { host, fakeX } = await openHouse();
		const browser = host.newBrowser();
		const callback = await approveAtX(await goToX(browser, { returnPath: "/tickets" }));
		fakeX.resetStats();
		host.clock.advance(600_000);

		const response = await browser.openCallback(callback);

		expect(response).toMatchObject({ kind: "refused", code: "login-expired" });
		expect(JSON.stringify(response)).toContain('value=\\"/tickets\\"');
		expect(fakeX.stats().total).toBe(0);
	});

	test("mix-up between brands: a log-in of one brand does not end on another", async () => {
		const brands = [mockBrand("one"), mockBrand("two", { baseUrl: "http://127.0.0.1:8081" })];
		const { host, fakeX } = await openHouse({ brands });
		const one = host.newBrowser({ brandId: "one" });
		const two = host.newBrowser({ brandId: "two" });
		const callback = await approveAtX(await goToX(one));
		for (const [name, value] of one.cookies) {
			two.cookies.set(name, value);
		}
		fakeX.resetStats();

		expect(await two.openCallback(callback)).toMatchObject({ code: "unknown-login" });
		expect(fakeX.stats().total).toBe(0);
		expect(await one.openCallback(callback)).toMatchObject({ kind: "signed-up" });
	});

	test.each([
		["no parameters", ""],
		["a doubled token", "oauth_token=a&oauth_token=b&oauth_verifier=c"],
		["a doubled state", "state=a&state=b&code=c"],
		["a doubled code", "state=a&code=b&code=c"],
		["a state alone", "state=a"],
		["a code alone", "code=a"],
		["an error beside a code", "state=a&code=b&error=access_denied"],
		["parameters of both protocols", "state=a&code=b&oauth_token=a&oauth_verifier=b"],
		["the token of one protocol and the proof of the other", "oauth_token=a&code=b"],
		["an overlong token", `oauth_token=${"a".repeat(9999)}&oauth_verifier=c`],
		["an overlong code", `state=a&code=${"c".repeat(9999)}`],
		["binary parameters", "oauth_token=%00%ff&oauth_verifier=%00"],
		["an unknown token", "oauth_token=a&oauth_verifier=c"],
		["an unknown state", "state=a&code=c"],
		["an unknown error", "state=a&error=server_error"],
		["an unknown denial", "denied=a"],
		["markup", "denied=%3Csvg%20onload%3Dalert(1)%3E"],
		["markup in an error", "state=a&error=%3Csvg%20onload%3Dalert(1)%3E"],
	])("a callback with %s gets its own page and costs X no call", async (_, query) => {
		const { host, fakeX } = await openHouse();

		const response = await host.newBrowser().openCallback(`http://127.0.0.1/callback?${query}`);

		expect(response).toMatchObject({ kind: "refused", page: { status: 400 } });
		expect(JSON.stringify(response)).not.toContain("<svg onload");
		expect(fakeX.stats().total).toBe(0);
	});

	test("a suspended user is not logged in; a deleted one leaves nothing behind and can sign up again", async () => {
		const { host } = await openHouse();
		const browser = host.newBrowser();
		await browser.openCallback(await approveAtX(await goToX(browser)));
		const [user] = host.users.all();
		const userId = user?.id ?? "";
		expect(await host.plugin.listLinkedAccounts(userId)).toMatchObject([
			{ identityId: `x:${ADA.id}`, label: "@ada" },
		]);
		browser.signOut();
		host.users.change(userId, { status: "suspended" });

		const suspended = await browser.openCallback(await approveAtX(await goToX(browser)));
		expect(suspended).toMatchObject({ kind: "refused", code: "account-suspended" });

		host.users.change(userId, undefined);
		await host.plugin.onUserDeleted(userId);
		expect((await host.storage.list(["link"])).entries).toEqual([]);
		expect((await host.storage.list(["links-of-user"])).entries).toEqual([]);

		const again = await browser.openCallback(await approveAtX(await goToX(browser)));
		expect(again).toMatchObject({ kind: "signed-up" });
	});

	test("the button is shown only where X is switched on, set up and useful", async () => {
		const { host } = await openHouse();
		const buttons = async (page: "login" | "register"): Promise<string[]> => {
			const rendered = await host.plugin.renderLoginButtons({
				page,
				brandId: "brand",
				locale: "de-AT",
				returnPath: "/",
			});
			return rendered.map(({ label }) => label);
		};
		expect(await buttons("login")).toEqual(["Mit X anmelden"]);
		expect(await buttons("register")).toEqual(["Mit X registrieren"]);

		host.settings.save("brand", { mode: "login-only" });
		expect(await buttons("login")).toHaveLength(1);
		expect(await buttons("register")).toEqual([]);

		host.settings.enable("brand", false);
		expect(await buttons("login")).toEqual([]);
		expect(await host.newBrowser().postStart([])).toMatchObject({ code: "not-available" });
	});
});

test("the profile call fails under OAuth 1.0a: a linked visitor does not need it, and a new one is asked for the address", async () => {
	const { host, fakeX } = await openHouse();
	const browser = host.newBrowser();
	fakeX.answerNext({ call: "verify_credentials", status: 403, body: '{"errors":[{"code":453}]}' });

	const response = await browser.openCallback(await approveAtX(await goToX(browser)));

	expect(response).toMatchObject({ kind: "page", page: { title: "What is your e-mail address?" } });
	expect(host.events).toContainEqual(expect.objectContaining({ name: "x.profile-failed" }));
});

test.each([
	[
		"X's code 32",
		401,
		'{"errors":[{"code":32,"message":"Could not authenticate you."}]}',
		"x-misconfigured",
	],
	["X's code 415 in XML", 403, '<errors><error code="415">no</error></errors>', "x-misconfigured"],
	["an overload", 503, "<html>over capacity</html>", "x-unavailable"],
	[
		"an unconfirmed callback",
		200,
		"oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=false",
		"x-unavailable",
	],
	["an empty answer", 200, "", "x-unavailable"],
])(
	"under OAuth 1.0a, %s at the start ends in a page without X's words",
	async (_, status, body, code) => {
		const { host, fakeX } = await openHouse();
		fakeX.answerNext({ call: "request_token", status, body, times: 2 });

		const response = await host.newBrowser().pressButton();

		expect(response).toMatchObject({ kind: "refused", code });
		expect(JSON.stringify(response)).not.toMatch(/Could not authenticate|over capacity/);
	},
);

test("another account's profile is refused, where a call before it has named the visitor (OAuth 1.0a)", async () => {
	const { host, fakeX } = await openHouse();
	const browser = host.newBrowser();
	const body = JSON.stringify({ id_str: "1", name: "Eve", email: "eve@example.com" });
	fakeX.answerNext({ call: "verify_credentials", status: 200, body });

	const response = await browser.openCallback(await approveAtX(await goToX(browser)));

	expect(response).toMatchObject({ kind: "refused", code: "x-rejected" });
	expect(host.users.all()).toEqual([]);
});
