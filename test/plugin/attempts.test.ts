// Tests the one event that the plugin emits for every attempt, once it has ended.
import { describe, expect, test } from "vitest";
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { goToX } from "../kit/plugin/at-x.ts";
import { AT_X, EMAIL, endsIn, signedIn, there, through } from "../kit/plugin/attempts.ts";
import { NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test("the page shows the event's code", async () => {
		const { host } = await openHouse();

		const response = await host.newBrowser().openCallback("http://127.0.0.1/?nonsense");

		expect(response).toMatchObject({ traceCode: endsIn(host)[0]?.fields.traceCode });
	});

	test("forms count once, at their end, with the calls and the time of the whole attempt", async () => {
		const house = await openHouse();
		const { host } = house;
		const browser = await through(house, { accountId: NO_EMAIL.id });
		host.clock.advance(60_000);
		await browser.submit("email", { email: "no address" });
		await browser.submit("email", { email: "new@example.com" });
		host.clock.advance(30_000);
		await browser.submit("code", { code: "wrong" });
		expect(endsIn(host)).toEqual([]);

		await browser.submit("code", { code: host.mail.codeFor("new@example.com") });

		expect(endsIn(host)).toMatchObject([
			{
				fields: {
					code: "signed-up",
					calls: x.calls.newVisitor,
					awayMs: AT_X,
					durationMs: AT_X + 90_000,
				},
			},
		]);
	});

	test("a start by a logged-in user, a reload and an opened form are not attempts", async () => {
		const house = await openHouse();
		const { host } = house;
		const browser = host.newBrowser();
		const callback = await there(house, browser, { accountId: NO_EMAIL.id });
		await browser.openCallback(callback);
		await browser.openCallback(callback);
		const visitor = signedIn(house);
		await visitor.postStart([]);
		visitor.signOut();
		await visitor.postStart([["intent", "link"]]);

		expect(endsIn(host)).toEqual([]);
	});

	test("two simultaneous answers to one form end the attempt once", async () => {
		const house = await openHouse();
		const browser = await through(house, { accountId: NO_EMAIL.id });
		const form = browser.seen;
		const twice = await Promise.all([browser.submit("cancel"), browser.submit("cancel")]);
		browser.seen = form;

		expect(twice.map((each) => "code" in each && each.code).sort()).toEqual([
			"form-expired",
			"stopped",
		]);
		expect(endsIn(house.host).filter(({ fields }) => fields.wanted !== null)).toHaveLength(1);
	});

	test("the clock measures the wait for X's answers, over all requests of the attempt", async () => {
		const clock = new MockClock();
		// The clock advances a tenth of a second whenever X reads it.
		const clockAtX = {
			now: () => {
				clock.advance(100);
				return clock.now();
			},
		};
		const house = await openHouse({ clock, clockAtX });
		const browser = house.host.newBrowser();
		const startedAt = clock.now();
		const url = await goToX(browser);
		const leftAt = clock.now();
		const callback = await approveAtX(url);
		const backAt = clock.now();
		await browser.openCallback(callback);
		const endedAt = clock.now();

		expect(backAt).toBeGreaterThan(leftAt);
		expect(endedAt - backAt).toBeGreaterThanOrEqual(200);
		expect(endsIn(house.host)).toMatchObject([
			{
				fields: {
					calls: x.calls.newVisitor,
					waitedMs: leftAt - startedAt + (endedAt - backAt),
					awayMs: backAt - leftAt,
					durationMs: endedAt - startedAt,
				},
			},
		]);
	});

	test("100 copies of one callback are one attempt, and the other 99 belong to none", async () => {
		const house = await openHouse();
		const browser = house.host.newBrowser();
		const callback = await there(house, browser);

		await Promise.all(Array.from({ length: 100 }, () => browser.openCallback(callback)));

		const started = endsIn(house.host).filter(({ fields }) => fields.wanted !== null);
		expect(started).toMatchObject([{ fields: { code: "signed-up", calls: x.calls.newVisitor } }]);
	});

	test("a log-in stored before an upgrade still succeeds, without its figures", async () => {
		const clock = new MockClock();
		const house = await openHouse({ clock });
		const { storage } = house.host;
		const browser = house.host.newBrowser();
		const callback = await there(house, browser);
		const [pending] = (await storage.list(["pending"])).entries;
		const stored = Object.entries(pending?.value ?? {});
		const older = Object.fromEntries(stored.filter(([name]) => name !== "attempt"));
		expect(stored).toHaveLength(Object.keys(older).length + 1);
		await storage.commit({ sets: [{ key: pending?.key ?? [], value: older }] });

		expect(await browser.openCallback(callback)).toMatchObject({ kind: "signed-up" });
		expect(endsIn(house.host)).toMatchObject([{ fields: { wanted: null, durationMs: null } }]);
	});

	test("a refusal ends the log-in: the same form cannot be used again", async () => {
		const house = await openHouse();
		house.host.settings.save("brand", { blockedDomains: "example.com" });
		const browser = await through(house, { accountId: NO_EMAIL.id });
		await browser.submit("email", { email: "new@example.com" });
		const form = browser.seen;
		const code = house.host.mail.codeFor("new@example.com");

		expect(await browser.submit("code", { code })).toMatchObject({ code: "domain-refused" });
		browser.seen = form;
		expect(await browser.submit("code", { code })).toMatchObject({ code: "form-expired" });
	});

	test("two tabs are two attempts, each with its own calls", async () => {
		const house = await openHouse();
		const browser = house.host.newBrowser();
		const [first, second] = [await goToX(browser), await goToX(browser)];
		house.host.clock.advance(AT_X);
		await browser.openCallback(await cancelAtX(second));
		house.host.clock.advance(AT_X);
		await browser.openCallback(await approveAtX(first));

		expect(endsIn(house.host)).toMatchObject([
			{ fields: { code: "cancelled", calls: x.calls.start, awayMs: AT_X } },
			{ fields: { code: "signed-up", calls: x.calls.newVisitor, awayMs: 2 * AT_X } },
		]);
	});
});

test("under OAuth 1.0a a profile that X does not give is reported with the end of the attempt", async () => {
	const house = await openHouse();
	const { host, fakeX } = house;
	fakeX.answerNext({ call: "verify_credentials", fault: "453" });
	const browser = await through(house);
	await browser.submit("email", { email: EMAIL });
	await browser.submit("code", { code: host.mail.codeFor(EMAIL) });

	expect(endsIn(host)).toMatchObject([{ fields: { code: "signed-up", problem: "access-level" } }]);
});

test("a code of another plugin has no explanation", async () => {
	const { host } = await openHouse();

	for (const code of ["", "constructor", "__proto__", "timeout"]) {
		expect(await host.plugin.explain({ code, problem: null }, "en")).toBeUndefined();
	}
	const end = { code: "x-misconfigured", problem: "callback-not-approved" };
	expect((await host.plugin.explain(end, "en", "brand"))?.text).toContain(
		host.brands[0]?.callbackUrl,
	);
	expect((await host.plugin.explain({ ...end, problem: "<b>" }, "en"))?.title).toBe(
		"X refused the app",
	);
});

test.each([
	["en", "Something answered in X's place", /not from X's API.* firewall.* api\.x\.com/],
	[
		"de",
		"Etwas antwortete an der Stelle von X",
		/nicht von der API von X.* Firewall.* api\.x\.com/,
	],
])(
	"the ledger explains, in %s, that something answered in X's place",
	async (locale, title, fix) => {
		const { host } = await openHouse();

		const end = { code: "x-unreachable", problem: "intercepted" };
		const explained = await host.plugin.explain(end, locale, "brand");

		expect(explained).toMatchObject({ title, text: expect.stringMatching(fix) });
		expect(explained?.text).not.toContain(host.brands[0]?.callbackUrl);
		expect(explained?.told).toMatch(/^(This site cannot reach X|Diese Seite erreicht X)/);
	},
);
