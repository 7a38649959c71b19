import { expect, test } from "vitest";
import type { HelpdeskOptions } from "../../../../../src/helpdesk/helpdesk.ts";
import { MemoryStorage } from "../../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import {
	codeOf,
	keyIn,
	recoveryCodesIn,
	wrongCode,
} from "../../../../kit/helpdesk/authenticator-app.ts";
import type { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { openSites, VISITORS_NETWORK } from "../../../../kit/helpdesk/open-sites.ts";
import { SET_UP, setUpSecondFactor } from "../../../../kit/helpdesk/second-factor.ts";

const MINUTE = 60_000;
const ADA = "ada@helpdesk.example";
const PASSWORD = "a long password of hers";
const LOG_IN = "/admin/login";
const CODE = "/admin/login/code";
const OFF = "/admin/profile/second-factor/off";
const RECOVERY = "/admin/profile/second-factor/recovery-codes";
const PROVE = "/admin/prove";
const WRONG = "right, or has been used";

/** The administration with an owner, who is not logged in. */
async function open(given: Partial<HelpdeskOptions> = {}) {
	const clock = new MockClock();
	const sites = openSites(
		await helpdeskOptions({ clock, storage: new MemoryStorage(clock), ...given }),
	);
	const { core, url } = sites;
	await core.operators.makeFirst();
	await core.operators.add(ADA, "owner", PASSWORD);
	const password = async (visitor: HttpVisitor, typed = PASSWORD) => {
		await visitor.open(`${url}${LOG_IN}`);
		return visitor.submit(LOG_IN, { email: ADA, password: typed });
	};
	/** Whether a browser gets a page of the administration and not the log-in. */
	const isIn = async (visitor: HttpVisitor) => {
		const { seen } = visitor;
		const { url: shown } = await visitor.open(`${url}/admin/users`);
		visitor.seen = seen;
		return shown === `${url}/admin/users`;
	};
	return { ...sites, clock, password, isIn };
}

/** The same, with a second factor that the owner has set up in a browser. */
async function openWithFactor(given: Partial<HelpdeskOptions> = {}) {
	const opened = await open(given);
	const { url, clock, password } = opened;
	const owner = opened.visitor();
	await password(owner);
	const { key, recoveryCodes } = await setUpSecondFactor(owner, url, clock);
	/** A code that has not counted yet. */
	const nextCode = () => {
		clock.advance(MINUTE);
		return codeOf(key, clock.now());
	};
	const logIn = async (visitor: HttpVisitor) => {
		await password(visitor);
		return visitor.submit(CODE, { code: nextCode() });
	};
	return { ...opened, owner, key, recoveryCodes, nextCode, logIn };
}

/** Another browser with the same cookies. */
function thiefOf(owner: HttpVisitor, thief: HttpVisitor): HttpVisitor {
	for (const [name, value] of owner.cookies) {
		thief.cookies.set(name, value);
	}
	return thief;
}

test("the set-up page shows the key as text, as an address and as a picture, and nothing counts before a code", async () => {
	const { core, url, clock, password, visitor } = await open();
	const owner = visitor();
	await password(owner);
	const { html, headers } = await owner.open(`${url}${SET_UP}`);
	const key = keyIn(html);
	expect(key).toMatch(/^[A-Z2-7]{32}$/);
	expect(html).toContain(`href="otpauth://totp/Acorn%20Outdoor:ada%40helpdesk.example?`);
	expect(html).toContain(`secret=${key}`);
	expect(html).toMatch(/<div class="qr" role="img" aria-label="[^"]+"><svg [^>]+viewBox/);
	expect(html).not.toMatch(/<[^>]+ style=/);
	expect(headers.get("cache-control")).toBe("no-store");

	await owner.submit(SET_UP, { code: wrongCode(key, clock.now()) });

	expect([owner.seen.status, keyIn(owner.seen.html)]).toEqual([400, key]);
	expect(owner.seen.html).toContain(WRONG);
	expect(await core.secondFactors.of(ADA)).toBeUndefined();

	await owner.submit(SET_UP, { code: codeOf(key, clock.now()) });

	expect(recoveryCodesIn(owner.seen.html)).toHaveLength(10);
	expect(owner.seen.html).not.toContain(key);
	await owner.open(`${url}/admin/profile`);
	expect(owner.seen.html).toContain("10 recovery codes are left.");
	expect(recoveryCodesIn(owner.seen.html)).toEqual([]);
});

test("a second factor that is set up ends the sessions of other browsers, and keeps this one", async () => {
	const { url, clock, password, isIn, visitor } = await open();
	const [owner, other] = [visitor(), visitor()];
	await password(other);
	await password(owner);
	await setUpSecondFactor(owner, url, clock);
	expect([await isIn(owner), await isIn(other)]).toEqual([true, false]);
});

test("the form of a set-up is worth nothing in another session", async () => {
	const { core, url, clock, password, visitor } = await open();
	const [owner, other] = [visitor(), visitor()];
	await password(owner);
	await password(other);
	await owner.open(`${url}${SET_UP}`);
	const sealed = /name="key" value="([^"]+)"/.exec(owner.seen.html)?.[1] ?? "";
	const key = keyIn(owner.seen.html);
	await other.open(`${url}${SET_UP}`);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(other.seen.html)?.[1] ?? "";
	await other.post(`${url}${SET_UP}`, [
		...([
			["_csrf", csrf],
			["key", sealed],
			["code", codeOf(key, clock.now())],
		] as const),
	]);
	expect(other.seen.status).toBe(400);
	expect(keyIn(other.seen.html)).not.toBe(key);
	expect(await core.secondFactors.of(ADA)).toBeUndefined();
});

test("the log-in asks for the code after the password, and no page of the administration opens in between", async () => {
	const { url, password, nextCode, isIn, visitor } = await openWithFactor();
	const browser = visitor();
	await password(browser);
	expect(browser.seen.html).toContain("Enter the code");
	expect(await isIn(browser)).toBe(false);
	for (const path of ["/admin", "/admin/profile", SET_UP, PROVE]) {
		const answer = await browser.request(`${url}${path}`);
		const query = path === "/admin" ? "" : `?${new URLSearchParams({ returnTo: path })}`;
		expect(answer.headers.get("location")).toBe(`${LOG_IN}${query}`);
	}

	await browser.submit(CODE, { code: "123" });
	expect([browser.seen.status, await isIn(browser)]).toEqual([400, false]);
	expect(browser.seen.html).toContain(WRONG);

	await browser.submit(CODE, { code: nextCode() });
	expect(browser.seen.url).toBe(`${url}/admin`);
	expect(await isIn(browser)).toBe(true);
});

test("an operator without a second factor logs in with the password alone, as programs do", async () => {
	const { url, password, visitor } = await open();
	expect((await password(visitor())).url).toBe(`${url}/admin`);
});

test("a wrong password says the same with and without a second factor, and the code is no way around it", async () => {
	const { url, password, nextCode, isIn, visitor } = await openWithFactor();
	const stranger = visitor();
	const refused = await password(stranger, "a guess");
	expect(refused.html).toContain("Incorrect e-mail address or password.");
	expect(refused.html).not.toContain(CODE);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(refused.html)?.[1] ?? "";
	for (const pending of ["", "1.2", `${Date.now() * 2}.${"A".repeat(43)}`]) {
		const form = [
			["_csrf", csrf],
			["email", ADA],
			["pending", pending],
			["code", nextCode()],
		];
		await stranger.post(`${url}${CODE}`, form as [string, string][]);
		expect([stranger.seen.status, await isIn(stranger)]).toEqual([400, false]);
	}
});

test("a right password waits five minutes for the code, and only in its browser", async () => {
	const { key, clock, password, isIn, visitor, logIn } = await openWithFactor();
	const browser = visitor();
	await password(browser);
	const thief = visitor();
	await password(thief, "a guess");
	const csrf = /name="_csrf" value="[^"]+"/.exec(thief.seen.html)?.[0] ?? "";
	const stolen = browser.seen.html.replace(/name="_csrf" value="[^"]+"/, csrf);
	thief.seen = { ...browser.seen, html: stolen };
	await thief.submit(CODE, { code: codeOf(key, clock.now()) });
	expect(thief.seen.html).toContain("The log-in took too long.");
	expect(await isIn(thief)).toBe(false);

	clock.advance(5 * MINUTE);
	await browser.submit(CODE, { code: codeOf(key, clock.now()) });
	expect(browser.seen.html).toContain("The log-in took too long.");
	expect(await isIn(browser)).toBe(false);
	await logIn(browser);
	expect(await isIn(browser)).toBe(true);
});

test("a password that is changed meanwhile ends a log-in that waits for its code", async () => {
	const { core, password, nextCode, isIn, visitor } = await openWithFactor();
	const browser = visitor();
	await password(browser);
	const epoch = (await core.operators.sessionEpochOf(ADA)) ?? 0;
	await core.operators.changePassword(ADA, "quite another password", epoch);
	await browser.submit(CODE, { code: nextCode() });
	expect([browser.seen.status, await isIn(browser)]).toEqual([400, false]);
});

test("a code that somebody has seen over a shoulder does not log in again", async () => {
	const { key, clock, password, isIn, visitor } = await openWithFactor();
	const [owner, stranger] = [visitor(), visitor()];
	await password(owner);
	await password(stranger);
	const code = codeOf(key, clock.now());
	await owner.submit(CODE, { code });
	await stranger.submit(CODE, { code });
	expect([await isIn(owner), await isIn(stranger)]).toEqual([true, false]);
	expect(stranger.seen.html).toContain(WRONG);
});

test("a recovery code logs in once, and the profile says how many are left", async () => {
	const { url, password, recoveryCodes, isIn, visitor } = await openWithFactor();
	const [first, second] = [visitor(), visitor()];
	const recovery = recoveryCodes[0] ?? "";
	await password(first);
	await first.submit(CODE, { code: "", recovery });
	await password(second);
	await second.submit(CODE, { code: "", recovery });
	expect([await isIn(first), await isIn(second)]).toEqual([true, false]);
	expect(second.seen.html).toContain("right, or has been used. Each of them works once");
	expect(second.seen.html).toContain("<details open>");
	expect((await first.open(`${url}/admin/profile`)).html).toContain("9 recovery codes are left.");
	await second.submit(CODE, { code: "", recovery: recoveryCodes[1] ?? "" });
	expect(await isIn(second)).toBe(true);
});

test("somebody who has the password cannot guess the code, nor lock the operator out of a browser they used before", async () => {
	const { owner, clock, key, password, nextCode, logIn, isIn, visitor } = await openWithFactor({
		startLimit: 1000,
	});
	await owner.submit("/admin/logout");
	const stranger = visitor();
	await password(stranger);
	const statuses: number[] = [];
	for (let each = 0; each < 21; each += 1) {
		// Slow enough for the limits of passwords.
		clock.advance(MINUTE / 4);
		if (each % 10 === 0) {
			await password(stranger);
		}
		await stranger.submit(CODE, { code: wrongCode(key, clock.now()) });
		statuses.push(stranger.seen.status);
	}
	expect(statuses).toEqual([...Array.from({ length: 20 }, () => 400), 429]);
	expect(Number(stranger.seen.headers.get("retry-after"))).toBeGreaterThan(50 * 60);
	await stranger.submit(CODE, { code: nextCode() });
	expect([stranger.seen.status, await isIn(stranger)]).toEqual([429, false]);

	await logIn(owner);
	expect(await isIn(owner)).toBe(true);
	clock.advance(60 * MINUTE);
	await logIn(stranger);
	expect(await isIn(stranger)).toBe(true);
});

test("strangers without the password use up none of an operator's tries", async () => {
	const { clock, password, logIn, isIn, visitor } = await openWithFactor({ startLimit: 1000 });
	const stranger = visitor();
	for (let each = 0; each < 25; each += 1) {
		clock.advance(MINUTE / 5);
		await password(stranger, "a guess");
	}
	clock.advance(MINUTE);
	const browser = visitor();
	await logIn(browser);
	expect(await isIn(browser)).toBe(true);
});

test("codes count with passwords against the limit of a minute", async () => {
	const { key, clock, password, visitor } = await openWithFactor({ startLimit: 1000 });
	const stranger = visitor();
	await password(stranger);
	const statuses: number[] = [];
	for (let each = 0; each < 10; each += 1) {
		await stranger.submit(CODE, { code: wrongCode(key, clock.now()) });
		statuses.push(stranger.seen.status);
	}
	expect(statuses).toEqual([...Array.from({ length: 9 }, () => 400), 429]);
});

test.each([
	["turn it off", OFF, {}],
	["make new recovery codes", RECOVERY, {}],
	["set up another app", SET_UP, { key: "any", code: "123456" }],
])(
	"a stolen session cookie alone cannot %s, nor can one with the password",
	async (_, path, fields) => {
		const { core, url, clock, owner, key, isIn, visitor, nextCode } = await openWithFactor();
		clock.advance(10 * MINUTE);
		const thief = thiefOf(owner, visitor());
		const post = async () => {
			const { html } = await thief.open(`${url}/admin/profile`);
			const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
			return thief.post(`${url}${path}`, [["_csrf", csrf], ...Object.entries(fields)]);
		};
		await post();
		expect(new URL(thief.seen.url).pathname).toBe(PROVE);
		await thief.submit(PROVE, { password: PASSWORD });
		expect([thief.seen.status, thief.seen.html.includes(WRONG)]).toEqual([400, true]);
		await thief.submit(PROVE, { password: PASSWORD, code: wrongCode(key, clock.now()) });
		await thief.submit(PROVE, { password: "a guess", code: nextCode() });
		expect(thief.seen.html).toContain("Incorrect password.");
		await post();
		expect(new URL(thief.seen.url).pathname).toBe(PROVE);
		expect(await core.secondFactors.of(ADA)).toMatchObject({ recoveryCodesLeft: 10 });
		expect(await isIn(thief)).toBe(true);

		await thief.submit(PROVE, { password: PASSWORD, code: codeOf(key, clock.now()) });
		await post();
		expect(new URL(thief.seen.url).pathname).not.toBe(PROVE);
	},
);

test("a stolen session cookie with the password does not change the password where there is a second factor", async () => {
	const { core, url, clock, owner, key, visitor } = await openWithFactor();
	const profile = "/admin/profile";
	clock.advance(10 * MINUTE);
	const thief = thiefOf(owner, visitor());
	await thief.open(`${url}${profile}`);

	await thief.submit(profile, { current: PASSWORD, new: "a password of the thief" });

	expect(new URL(thief.seen.url).pathname).toBe(PROVE);
	expect(await core.operators.isPassword(ADA, PASSWORD)).toBe(true);
	await owner.open(`${url}${profile}`);
	await owner.submit(profile, { current: PASSWORD, new: "another password of hers" });
	await owner.submit(PROVE, { password: PASSWORD, code: codeOf(key, clock.now()) });
	await owner.submit(profile, { current: PASSWORD, new: "another password of hers" });
	expect(owner.seen.html).toContain("Your password is changed.");
});

test("a new password is no new proof, so that it does not turn the second factor off later", async () => {
	const { core, url, clock, owner } = await openWithFactor();
	clock.advance(8 * MINUTE);
	await owner.open(`${url}/admin/profile`);
	await owner.submit("/admin/profile", { current: PASSWORD, new: "another password of hers" });
	clock.advance(2 * MINUTE);

	await owner.open(`${url}/admin/profile`);
	await owner.submit(OFF, { confirmed: "yes" });

	expect(new URL(owner.seen.url).pathname).toBe(PROVE);
	expect(await core.secondFactors.of(ADA)).toBeDefined();
});

test("an operator turns the second factor off, and other browsers are logged out", async () => {
	const { core, url, owner, logIn, password, isIn, visitor } = await openWithFactor();
	const other = visitor();
	await logIn(other);
	await owner.open(`${url}/admin/profile`);
	await owner.submit(OFF, { confirmed: "yes" });
	expect(owner.seen.html).toContain("Your second factor is turned off");
	expect(owner.seen.html).toContain("Set up a second factor");
	expect(await core.secondFactors.of(ADA)).toBeUndefined();
	expect([await isIn(owner), await isIn(other)]).toEqual([true, false]);
	expect((await password(other)).url).toBe(`${url}/admin`);
});

test("new recovery codes are shown once, and the old ones are worth nothing", async () => {
	const { url, owner, recoveryCodes, password, isIn, visitor } = await openWithFactor();
	await owner.open(`${url}/admin/profile`);
	await owner.submit(RECOVERY, { confirmed: "yes" });
	const renewed = recoveryCodesIn(owner.seen.html);
	expect(renewed).toHaveLength(10);
	const browser = visitor();
	await password(browser);
	await browser.submit(CODE, { recovery: recoveryCodes[0] ?? "" });
	expect(await isIn(browser)).toBe(false);
	await browser.submit(CODE, { recovery: renewed[0] ?? "" });
	expect(await isIn(browser)).toBe(true);
});

test("another app replaces the one before", async () => {
	const { url, clock, owner, key, password, isIn, visitor } = await openWithFactor();
	await owner.open(`${url}${SET_UP}`);
	expect(owner.seen.html).toContain("no longer works afterwards");
	const next = await setUpSecondFactor(owner, url, clock);
	const browser = visitor();
	await password(browser);
	await browser.submit(CODE, { code: codeOf(key, clock.now()) });
	expect(await isIn(browser)).toBe(false);
	await browser.submit(CODE, { code: codeOf(next.key, clock.now()) });
	expect(await isIn(browser)).toBe(true);
});

test("the trail says what was tried and done with second factors, with the network", async () => {
	const { core, url, owner, recoveryCodes, key, clock, password, visitor } = await openWithFactor();
	const stranger = visitor();
	await password(stranger);
	await stranger.submit(CODE, { code: wrongCode(key, clock.now()) });
	await stranger.submit(CODE, { recovery: "a guess" });
	await stranger.submit(CODE, { recovery: recoveryCodes[0] ?? "" });
	await core.audit.failures.settled();
	const { html } = await owner.open(`${url}/admin/audit`);
	const rows = html.replace(/<select.*?<\/select>/gs, "");
	const count = (words: string) => rows.split(words).length - 1;
	expect(count("Set up a second factor")).toBe(1);
	expect(count("wrong code of the second factor")).toBe(2);
	expect(count("Used a recovery code")).toBe(1);
	expect(rows).toContain(VISITORS_NETWORK);
});
