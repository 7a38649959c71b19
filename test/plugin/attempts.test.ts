// Tests the one event that the plugin emits for every attempt, once it has ended.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { LoginEnded, LoginEndedFields } from "../../src/contract/login-ended.ts";
import { type HostStorage, StorageError } from "../../src/contract/storage.ts";
import type { LoginErrorCode } from "../../src/plugin/login/login-error.ts";
import { GOOD_ENDS } from "../../src/plugin/pages/explain.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { goToX } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";

type House = Awaited<ReturnType<typeof openHouse>>;
type Code = (typeof GOOD_ENDS)[number] | LoginErrorCode;

const EMAIL = ADA.email ?? "";
const ME = { brandId: "brand", email: "me@example.com", password: "correct horse" };
const AT_X = 20_000;

function endsIn(host: MockHost): LoginEnded[] {
	return host.events.filter((event): event is LoginEnded => event.name === "login.ended");
}

/** Goes to X and stays there for twenty seconds. @returns the callback URL. */
async function there(
	{ host }: House,
	browser: MockBrowser,
	trip: Parameters<typeof goToX>[1] = {},
): Promise<string> {
	const url = await goToX(browser, trip);
	host.clock.advance(AT_X);
	return approveAtX(url, trip.accountId === undefined ? {} : { accountId: trip.accountId });
}

async function through(house: House, trip: Parameters<typeof goToX>[1] = {}): Promise<MockBrowser> {
	const browser = house.host.newBrowser();
	await browser.openCallback(await there(house, browser, trip));
	return browser;
}

function signedIn({ host }: House): MockBrowser {
	host.users.add(ME);
	const browser = host.newBrowser();
	browser.logIn(ME.email, ME.password);
	return browser;
}

/** Lets the linked user log in with this status. Their earlier attempts do not count here. */
async function linkedAs(house: House, status: "suspended" | "incomplete"): Promise<void> {
	await through(house);
	house.host.users.change(house.host.users.all()[0]?.id ?? "", { status });
	await through(house);
}

interface Scenario {
	readonly play: (house: House) => Promise<unknown>;
	/** The number of ends before the one under test. */
	readonly before?: number;
	readonly calls: number;
	readonly wanted?: LoginEndedFields["wanted"];
	readonly awayMs?: number | null;
	readonly problem?: string;
	readonly brand?: Parameters<typeof mockBrand>[1];
	/** Whether the X id is known by then. */
	readonly named?: boolean;
	/** Whether the user is known by then. */
	readonly known?: boolean;
}

const STRAY = { calls: 0, wanted: null, awayMs: null, named: false };
const AT_START = { awayMs: null, named: false };
const SIGNED_IN = { named: true, known: true };

const atX = (call: string, fault: string) => async (house: House) => {
	const browser = house.host.newBrowser();
	const callback = await there(house, browser);
	house.fakeX.answerNext({ call, fault, times: "always" } as never);
	await browser.openCallback(callback);
};

const SCENARIOS: Readonly<Record<Code, Scenario>> = {
	"signed-up": { play: through, calls: 3, ...SIGNED_IN },
	"signed-in": {
		play: async (house) => {
			const browser = await through(house);
			browser.signOut();
			await browser.openCallback(await there(house, browser));
		},
		before: 1,
		calls: 2,
		...SIGNED_IN,
	},
	linked: {
		play: async (house) => {
			const browser = signedIn(house);
			await browser.openCallback(await there(house, browser, { page: "account" }));
		},
		calls: 2,
		wanted: "link",
		...SIGNED_IN,
	},
	"complete-profile": {
		play: (house) => linkedAs(house, "incomplete"),
		before: 1,
		calls: 2,
		...SIGNED_IN,
	},
	"already-linked": {
		play: async (house) => {
			await through(house);
			const browser = house.host.newBrowser();
			const callback = await there(house, browser);
			const id = house.host.users.all()[0]?.id ?? "";
			browser.currentUser = { id, provenAt: house.host.clock.now() };
			await browser.openCallback(callback);
		},
		before: 1,
		calls: 2,
		...SIGNED_IN,
	},
	cancelled: {
		play: async ({ host }) => {
			const browser = host.newBrowser();
			const denied = await cancelAtX(await goToX(browser));
			host.clock.advance(AT_X);
			await browser.openCallback(denied);
		},
		calls: 1,
		named: false,
	},
	stopped: {
		play: async (house) => {
			const browser = await through(house, { accountId: NO_EMAIL.id });
			await browser.submit("cancel");
			await browser.submit("cancel").catch(() => undefined);
		},
		calls: 3,
	},
	"malformed-callback": {
		play: ({ host }) => host.newBrowser().openCallback("http://127.0.0.1/?denied=a&denied=b"),
		...STRAY,
	},
	"unknown-login": {
		play: async (house) =>
			house.host.newBrowser().openCallback(await there(house, house.host.newBrowser())),
		...STRAY,
	},
	"login-expired": {
		play: async (house) => {
			const browser = house.host.newBrowser();
			const callback = await there(house, browser);
			house.host.clock.advance(600_000 - AT_X);
			await browser.openCallback(callback);
		},
		calls: 1,
		awayMs: 600_000,
		named: false,
	},
	"login-used": {
		play: async (house) => {
			const browser = house.host.newBrowser();
			const callback = await there(house, browser);
			await browser.openCallback(callback);
			await browser.openCallback(callback);
			house.host.users.endSessions(browser.currentUserId ?? "");
			await browser.openCallback(callback);
		},
		before: 1,
		...STRAY,
	},
	"form-expired": {
		play: async (house) => {
			const browser = await through(house, { accountId: NO_EMAIL.id });
			const form = browser.seen;
			await browser.submit("cancel");
			browser.seen = form;
			await browser.submit("cancel");
		},
		before: 1,
		...STRAY,
	},
	"not-available": {
		play: async ({ host }) => {
			host.settings.enable("brand", false);
			await host.newBrowser().postStart([]);
		},
		calls: 0,
		...AT_START,
	},
	"sign-up-closed": { play: through, brand: { registrationOpen: false }, calls: 3 },
	"link-only": {
		play: async (house) => {
			house.host.settings.save("brand", { mode: "link-only" });
			await through(house);
		},
		calls: 2,
	},
	"domain-refused": {
		play: async (house) => {
			house.host.settings.save("brand", { blockedDomains: "example.com" });
			const browser = await through(house, { accountId: NO_EMAIL.id });
			await browser.submit("email", { email: "new@example.com" });
			await browser.submit("code", { code: house.host.mail.codeFor("new@example.com") });
		},
		calls: 3,
	},
	"email-of-staff": {
		play: async (house) => {
			house.host.users.add({ brandId: "brand", email: EMAIL, role: "staff" });
			await through(house);
		},
		calls: 3,
	},
	"account-suspended": {
		play: (house) => linkedAs(house, "suspended"),
		before: 1,
		calls: 2,
		...SIGNED_IN,
	},
	"linked-elsewhere": {
		play: async (house) => {
			await through(house);
			const browser = signedIn(house);
			await browser.openCallback(await there(house, browser, { page: "account" }));
		},
		before: 1,
		calls: 2,
		wanted: "link",
		...SIGNED_IN,
	},
	"signed-in-as-other": {
		play: async (house) => {
			const browser = house.host.newBrowser();
			const callback = await there(house, browser);
			house.host.users.add(ME);
			browser.logIn(ME.email, ME.password);
			await browser.openCallback(callback);
		},
		calls: 2,
	},
	"user-changed": {
		play: async (house) => {
			const browser = signedIn(house);
			const callback = await there(house, browser, { page: "account" });
			const other = { ...ME, email: "other@example.com" };
			house.host.users.add(other);
			browser.logIn(other.email, other.password);
			await browser.openCallback(callback);
		},
		calls: 2,
		wanted: "link",
	},
	"account-changed": {
		play: async (house) => {
			const browser = signedIn(house);
			const callback = await there(house, browser, { page: "account" });
			house.host.users.endSessions(browser.currentUserId ?? "");
			browser.logIn(ME.email, ME.password);
			await browser.openCallback(callback);
		},
		calls: 2,
		wanted: "link",
		...SIGNED_IN,
	},
	"approval-pending": {
		play: async (house) => {
			house.host.users.nextCreation = "awaiting-approval";
			await through(house);
		},
		calls: 3,
		...SIGNED_IN,
	},
	"sign-up-refused": {
		play: async (house) => {
			house.host.users.nextCreation = "refused";
			await through(house);
		},
		calls: 3,
	},
	"x-unavailable": {
		play: async ({ host, fakeX }) => {
			fakeX.answerNext({ call: "request_token", fault: "130", times: "always" });
			await host.newBrowser().pressButton();
		},
		calls: 2,
		problem: "over-capacity",
		...AT_START,
	},
	"x-misconfigured": {
		play: async ({ host, fakeX }) => {
			fakeX.answerNext({ call: "request_token", fault: "415" });
			await host.newBrowser().pressButton();
		},
		calls: 1,
		problem: "callback-not-approved",
		...AT_START,
	},
	"x-unreachable": {
		play: async ({ host, fakeX }) => {
			fakeX.answerNext({ call: "request_token", fault: "block-page" });
			await host.newBrowser().pressButton();
		},
		calls: 1,
		problem: "intercepted",
		...AT_START,
	},
	"x-rejected": {
		play: atX("access_token", "89"),
		calls: 2,
		problem: "invalid-token",
		named: false,
	},
	"x-account-suspended": {
		play: atX("verify_credentials", "63"),
		calls: 3,
		problem: "account-suspended",
	},
	"x-account-locked": {
		play: atX("verify_credentials", "326"),
		calls: 3,
		problem: "account-locked",
	},
	"helpdesk-unavailable": { play: through, calls: 2 },
	unexpected: { play: through, calls: 2 },
};

/** The error of a storage that breaks in the middle of an attempt. */
const BREAKS: Readonly<Record<string, Error>> = {
	"helpdesk-unavailable": new StorageError("the database is away"),
	unexpected: new Error("the disk is gone"),
};

/** A storage that breaks at the first read of a link. */
function brokenStorage(clock: MockClock, error: Error): HostStorage {
	const inner = new MemoryStorage(clock);
	return {
		get: (key) => (key.includes("link") ? Promise.reject(error) : inner.get(key)),
		list: (prefix, options) => inner.list(prefix, options),
		take: (key) => inner.take(key),
		commit: (write) => inner.commit(write),
	};
}

test.each(Object.entries(SCENARIOS))(
	"an attempt that ends in %s is reported once, with its calls and times",
	async (code, scenario) => {
		const { play, before = 0, calls, wanted = "log-in", awayMs = AT_X, problem = null } = scenario;
		const clock = new MockClock();
		const house = await openHouse({
			clock,
			brands: [mockBrand("brand", scenario.brand)],
			...(BREAKS[code] && { storage: brokenStorage(clock, BREAKS[code]) }),
		});

		await play(house);

		const ends = endsIn(house.host);
		expect(ends.map(({ fields }) => fields.code)).toHaveLength(before + 1);
		const end = ends.at(-1);
		expect(end).toMatchObject({
			brandId: "brand",
			fields: {
				code,
				outcome: (GOOD_ENDS as readonly string[]).includes(code)
					? "came-in"
					: ["cancelled", "stopped"].includes(code)
						? "cancelled"
						: "refused",
				traceCode: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/),
				wanted,
				calls,
				awayMs,
				durationMs: wanted === null ? null : (awayMs ?? 0),
				problem,
			},
		});
		expect(end?.subject !== undefined).toBe(scenario.named ?? true);
		expect(end?.userId !== undefined).toBe(scenario.known ?? false);
		expect(new Set(ends.map(({ fields }) => fields.traceCode)).size).toBe(ends.length);
		expect(inspect(ends, { depth: 9 })).not.toContain(ADA.id);
		const words = await house.host.plugin.explain({ code, problem }, "de-AT", "brand");
		expect(words?.title).toMatch(/^[^{}]{3,40}$/);
		expect(words?.text).toMatch(/^[^{}]{20,}\.$/);
	},
);

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
		{ fields: { code: "signed-up", calls: 3, awayMs: AT_X, durationMs: AT_X + 90_000 } },
	]);
});

test("a profile that X does not give is reported with the end of the attempt", async () => {
	const house = await openHouse();
	const { host, fakeX } = house;
	fakeX.answerNext({ call: "verify_credentials", fault: "453" });
	const browser = await through(house);
	await browser.submit("email", { email: EMAIL });
	await browser.submit("code", { code: host.mail.codeFor(EMAIL) });

	expect(endsIn(host)).toMatchObject([{ fields: { code: "signed-up", problem: "access-level" } }]);
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
				calls: 3,
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
	expect(started).toMatchObject([{ fields: { code: "signed-up", calls: 3 } }]);
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
		{ fields: { code: "cancelled", calls: 1, awayMs: AT_X } },
		{ fields: { code: "signed-up", calls: 3, awayMs: 2 * AT_X } },
	]);
});
