import { expect, test } from "vitest";
import type { HelpdeskOptions } from "../../../../../src/helpdesk/helpdesk.ts";
import { MemoryStorage } from "../../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { recoveryCodesIn } from "../../../../kit/helpdesk/authenticator-app.ts";
import type { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { inSession } from "../../../../kit/helpdesk/in-session.ts";
import { helpdeskOptions } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { openSites } from "../../../../kit/helpdesk/open-sites.ts";
import {
	ADD_PASSKEY,
	addPasskey,
	REMOVE_PASSKEY,
} from "../../../../kit/helpdesk/passkeys-of-operators.ts";
import { SET_UP } from "../../../../kit/helpdesk/second-factor.ts";
import {
	passkeyOptionsIn,
	SoftAuthenticator,
} from "../../../../kit/helpdesk/soft-authenticator.ts";

const ADA = "ada@helpdesk.example";
const BEN = "ben@helpdesk.example";
const PASSWORD = "a long password of hers";
const ORIGIN = "http://localhost:8080";
const LOG_IN = "/admin/login";
const CODE = "/admin/login/code";
const PROVE = "/admin/prove";
const MINUTE = 60_000;

async function open(origin = ORIGIN, given: Partial<HelpdeskOptions> = {}) {
	const clock = new MockClock();
	const baseUrls = new Map([["acorn", origin]]);
	const sites = openSites(
		await helpdeskOptions({ clock, storage: new MemoryStorage(clock), baseUrls, ...given }),
	);
	const { core, url } = sites;
	await core.operators.makeFirst();
	await core.operators.add(ADA, "owner", PASSWORD);
	await core.operators.add(BEN, "support", PASSWORD);
	const password = async (visitor: HttpVisitor, email = ADA) => {
		await visitor.open(`${url}${LOG_IN}`);
		return visitor.submit(LOG_IN, { email, password: PASSWORD });
	};
	const isIn = async (visitor: HttpVisitor) => {
		const { seen } = visitor;
		const { url: shown } = await visitor.open(`${url}/admin/users`);
		visitor.seen = seen;
		return shown === `${url}/admin/users`;
	};
	return { ...sites, clock, password, isIn };
}

async function openWithPasskey() {
	const opened = await open();
	const owner = opened.visitor();
	const authenticator = new SoftAuthenticator(ORIGIN);
	await opened.password(owner);
	const { html } = await addPasskey(owner, ORIGIN, authenticator);
	return { ...opened, owner, authenticator, recoveryCodes: recoveryCodesIn(html) };
}

test("the first passkey shows recovery codes once, keeps this session, and ends others", async () => {
	const { url, password, isIn, visitor } = await open();
	const [owner, other] = [visitor(), visitor()];
	await password(other);
	await password(owner);
	await addPasskey(owner, url, new SoftAuthenticator(ORIGIN));
	expect(recoveryCodesIn(owner.seen.html)).toHaveLength(10);
	expect([await isIn(owner), await isIn(other)]).toEqual([true, false]);
	const { html } = await owner.open(`${url}/admin/profile`);
	expect(html).toContain("your password and a passkey. 10 recovery codes are left.");
	expect(html).toContain("Not used yet");
	expect(
		recoveryCodesIn((await addPasskey(owner, url, new SoftAuthenticator(ORIGIN))).html),
	).toEqual([]);
	expect(owner.seen.html).toContain("The passkey is added.");
});

test("password and passkey log in, and neither does alone nor twice", async () => {
	const { url, password, authenticator, isIn, visitor } = await openWithPasskey();
	const [browser, stranger] = [visitor(), visitor()];
	await password(browser);
	expect(browser.seen.html).toContain("Use your second factor");
	expect(browser.seen.html).not.toContain('name="code"');
	expect(await isIn(browser)).toBe(false);
	const answer = authenticator.get(passkeyOptionsIn(browser.seen.html));
	await password(stranger);
	await stranger.submit(CODE, { passkey: answer });
	expect([stranger.seen.status, await isIn(stranger)]).toEqual([400, false]);
	expect(stranger.seen.html).toContain("open for too long");

	await browser.submit(CODE, { passkey: answer });

	expect([browser.seen.url, await isIn(browser)]).toEqual([`${url}/admin`, true]);
	await stranger.submit(CODE, { passkey: answer });
	expect(await isIn(stranger)).toBe(false);
	await stranger.submit(CODE, { passkey: authenticator.get(passkeyOptionsIn(stranger.seen.html)) });
	expect(await isIn(stranger)).toBe(true);
});

test("a passkey of another operator is refused, and the trail says so", async () => {
	const { core, url, owner, password, isIn, visitor } = await openWithPasskey();
	const ben = visitor();
	await password(ben, BEN);
	const bens = new SoftAuthenticator(ORIGIN);
	await addPasskey(ben, url, bens);
	const browser = visitor();
	await password(browser);
	const { allowCredentials: _, ...any } = passkeyOptionsIn(browser.seen.html);
	await browser.submit(CODE, { passkey: bens.get(any) });
	expect([browser.seen.status, await isIn(browser)]).toEqual([400, false]);
	expect(browser.seen.html).toContain("That passkey did not work here.");
	await core.audit.failures.settled();
	const { html } = await owner.open(`${url}/admin/audit`);
	expect(html).toContain("wrong code of the second factor");
});

test("a stolen session cookie alone adds and removes no passkey, and password and passkey prove who it is", async () => {
	const { core, url, clock, owner, authenticator } = await openWithPasskey();
	clock.advance(10 * MINUTE);
	const ids = async () => (await core.secondFactors.of(ADA))?.passkeys.map(({ id }) => id) ?? [];
	const [id = ""] = await ids();
	for (const [path, field, value] of [
		[ADD_PASSKEY, "passkey", "{}"],
		[REMOVE_PASSKEY, "id", id],
	] as const) {
		const { html } = await owner.open(`${url}/admin/profile`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
		await owner.post(`${url}${path}`, [
			["_csrf", csrf],
			[field, value],
		]);
		expect(new URL(owner.seen.url).pathname).toBe(PROVE);
	}
	expect(await ids()).toEqual([id]);
	const answer = () => authenticator.get(passkeyOptionsIn(owner.seen.html));
	await owner.submit(PROVE, { password: "a guess", passkey: answer() });
	expect(owner.seen.html).toContain("Incorrect password.");
	await owner.submit(PROVE, { password: PASSWORD, passkey: "" });
	expect(owner.seen.status).toBe(400);
	await owner.submit(PROVE, { password: PASSWORD, passkey: answer() });
	await owner.open(`${url}/admin/profile`);
	await owner.submit(REMOVE_PASSKEY, { confirmed: "yes" });
	expect(owner.seen.html).toContain("The passkey is removed.");
	expect(await core.secondFactors.of(ADA)).toBeUndefined();
});

test("the form of another session adds no passkey", async () => {
	const { core, url, password, visitor } = await open();
	const [owner, other] = [visitor(), visitor()];
	await password(owner);
	await password(other);
	const { html } = await owner.open(`${url}${SET_UP}`);
	const made = new SoftAuthenticator(ORIGIN).create(passkeyOptionsIn(html));
	await other.open(`${url}${SET_UP}`);
	await other.submit(ADD_PASSKEY, { passkey: made });
	expect(other.seen.html).toContain("open for too long");
	expect(await core.secondFactors.of(ADA)).toBeUndefined();
});

test("a role that requires a second factor is satisfied by a passkey, whose removal is refused", async () => {
	const { core, url, password, visitor } = await open();
	await core.secondFactorRule.requireFrom("support");
	const owner = visitor();
	await password(owner);
	expect(owner.seen.url).toBe(`${url}${SET_UP}`);
	await addPasskey(owner, url, new SoftAuthenticator(ORIGIN));
	await owner.open(`${url}/admin/profile`);
	await owner.submit(REMOVE_PASSKEY, { confirmed: "yes" });
	expect(owner.seen.html).toContain("Not removed: your role needs a second factor");
	expect((await core.secondFactors.of(ADA))?.passkeys).toHaveLength(1);
});

test("an operator whose passkeys were made for another address logs in with a recovery code", async () => {
	const { core, password, isIn, visitor, url } = await open("https://new.example.com");
	const party = { id: "old.example.com", origin: "https://old.example.com", name: "Acorn" };
	const at = { party, browser: "session" };
	const options = await core.operatorPasskeys.creationOptions(ADA, at);
	const made = new SoftAuthenticator(party.origin).create(options ?? expect.fail("none"));
	const device = { browser: null, system: null };
	const added = await core.operatorPasskeys.add(
		ADA,
		await inSession(core.operators, ADA, at),
		made,
		device,
	);
	const codes = typeof added === "object" ? (added.recoveryCodes ?? []) : [];
	const owner = visitor();
	await password(owner);
	expect(owner.seen.html).toContain("made for old.example.com, and do not work at this address.");
	expect(owner.seen.html).not.toContain("data-passkey");
	await owner.submit(CODE, { recovery: codes[0] ?? "" });
	expect(await isIn(owner)).toBe(true);
	const { html } = await owner.open(`${url}/admin/profile`);
	expect(html).toContain("Made for old.example.com, does not work at this address");
});

test("the set-up page says why an address without a name takes no passkeys", async () => {
	const { password, visitor, url } = await open("http://127.0.0.1:8080");
	const owner = visitor();
	await password(owner);
	const { html } = await owner.open(`${url}${SET_UP}`);
	expect(html).toContain("This one has no such address, so use an app.");
	expect(html).not.toContain("data-passkey");
});
