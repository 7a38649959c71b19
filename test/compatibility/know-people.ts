import { expect } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { exportAttempts, exportUsers, INTEGRATIONS, readMailbox, X } from "./administration.ts";
import {
	BLOCKED_DOMAINS,
	type Cookies,
	MAGIC_WORD,
	PASSWORD,
	type Story,
	X_ACCOUNT,
} from "./fixture.ts";

/** The addresses of a served fixture, and the browser of its operator. */
interface House {
	readonly acorn: string;
	readonly harbor: string;
	readonly operator: HttpVisitor;
}

const CONTINUE = "/login/x-login/continue";

/**
 * Expects that each person logs in to their own account, in the same way as before, and that nobody gets another
 * account.
 */
export async function expectSamePeople(house: House, story: Story): Promise<void> {
	const { acorn, harbor, operator } = house;
	const users = story.users.map((user) => expect.objectContaining(user));
	expect(await exportUsers(operator, acorn)).toEqual(users);
	const account = "?returnTo=/account";
	const throughXTo: readonly (readonly [string, string, readonly string[]])[] = [
		[acorn, X_ACCOUNT.ada, ["ada@example.com", "@ada_l"]],
		[acorn, X_ACCOUNT.zoe, ["zoe@example.com", "@zoe_oe"]],
		[acorn, X_ACCOUNT.noMail, ["no-mail@example.com", "@no_mail"]],
		[harbor, X_ACCOUNT.zoe, ["hanna@example.com", "@zoe_oe"]],
	];
	for (const [portal, accountId, shown] of throughXTo) {
		const visitor = await throughX(portal, accountId, account);
		expect(visitor.seen).toMatchObject({ status: 200, url: `${portal}/account` });
		for (const text of shown) {
			expect(visitor.seen.html).toContain(text);
		}
	}
	for (const [portal, accountId] of [
		[acorn, X_ACCOUNT.hostile],
		[harbor, X_ACCOUNT.ada],
	] as const) {
		expect((await throughX(portal, accountId, account)).seen.status).toBe(403);
	}
	const moly = new HttpVisitor();
	await moly.open(`${acorn}/login${account}`);
	await moly.submit("/login/magic-word/start");
	await moly.submit("/login/magic-word/continue", { nickname: "moly", word: MAGIC_WORD });
	expect(moly.seen).toMatchObject({ status: 200, url: `${acorn}/account` });
	expect((await logIn(acorn, "zoe", PASSWORD.zoe)).html).toContain("@zoe_oe");
	expect((await logIn(acorn, "ida", PASSWORD.ida)).url).toContain(`${acorn}/complete?`);
	expect((await logIn(harbor, "hanna", PASSWORD.hanna)).html).toContain("hanna@example.com");
	expect((await logIn(harbor, "willa", PASSWORD.willa)).status).toBe(400);
	const idsAfter = (await exportUsers(operator, acorn)).map(({ id }) => id);
	expect(idsAfter).toEqual(story.users.map(({ id }) => id));
}

/** Expects the operator's settings and records to be the same. */
export async function expectSameAdministration(
	{ acorn, operator }: House,
	story: Story,
): Promise<void> {
	const attempts = await exportAttempts(operator, acorn);
	expect(attempts).toEqual(expect.arrayContaining([...story.attempts]));
	const trace = story.cancelledTraceCode;
	const attempt = await operator.open(`${acorn}/admin/sign-ins/attempt?trace=${trace}`);
	expect(attempt.status).toBe(200);
	expect(attempt.html).toContain(trace);
	const mailbox = await readMailbox(operator, acorn);
	expect(mailbox.split('class="card letter"').length - 1).toBeGreaterThanOrEqual(story.letters);
	const { html: common } = await operator.open(`${acorn}${X}?brand=*`);
	expect(common).toContain(`value="${BLOCKED_DOMAINS}"`);
	const { html: harbor } = await operator.open(`${acorn}${X}?brand=harbor`);
	expect(harbor).toMatch(/<option value="login-and-signup" selected>/);
	expect(harbor).toMatch(/<option value="trust-confirmed" selected>/);
	const { html: registration } = await operator.open(`${acorn}/admin/settings/users/registration`);
	expect(registration).toMatch(/name="harbor-registration">.*?<option value="approval" selected>/s);
	const { html: addOns } = await operator.open(`${acorn}/admin/settings/general/add-ons`);
	expect(addOns).toContain(`the key ${story.magicWord.signer}`);
	expect(addOns).toContain('/magic-word/roll-back"');
	const { html: integrations } = await operator.open(`${acorn}${INTEGRATIONS}`);
	expect(integrations).toContain(`"${INTEGRATIONS}/magic-word/deactivate"`);
}

/** Expects log-ins that were under way when the helpdesk was closed to go on in the same browsers. */
export async function expectSameBrowsers(
	{ acorn, harbor, operator }: House,
	story: Story,
): Promise<void> {
	const zoe = browserWith(story.zoe.cookies);
	expect((await zoe.open(`${acorn}/account`)).html).toContain("zoe@example.com");
	expect((await new HttpVisitor().open(`${acorn}${story.passwordLink}`)).status).toBe(200);
	const halfWay = browserWith(story.halfWay.cookies);
	await halfWay.open(`${harbor}${story.halfWay.path}`);
	await halfWay.submit(CONTINUE, { email: "half-way@example.com" });
	expect(halfWay.seen).toMatchObject({ status: 200 });
	expect(halfWay.seen.html).toContain('name="code"');
	const before = new Set((await exportAttempts(operator, acorn)).map(({ traceCode }) => traceCode));
	const atX = browserWith(story.atX.cookies);
	await atX.open(`${acorn}/login/x-login/callback?denied=${story.atX.token}`);
	const attempts = await exportAttempts(operator, acorn);
	const added = attempts.filter(({ traceCode }) => !before.has(traceCode));
	expect(added).toMatchObject([{ outcome: "cancelled" }]);
}

/** Expects that a restore ended what may have been used since the backup. */
export async function expectNoBrowsers({ acorn, harbor }: House, story: Story): Promise<void> {
	const zoe = browserWith(story.zoe.cookies);
	expect((await zoe.open(`${acorn}/account`)).url).toContain(`${acorn}/login?`);
	expect((await new HttpVisitor().open(`${acorn}${story.passwordLink}`)).status).toBe(400);
	const halfWay = browserWith(story.halfWay.cookies);
	expect((await halfWay.open(`${harbor}${story.halfWay.path}`)).status).toBe(400);
}

export async function throughX(
	portal: string,
	accountId: string,
	query = "",
): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login${query}`);
	await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url, { accountId }));
	return visitor;
}

export async function logIn(portal: string, name: string, password: string) {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	return visitor.submit("/login", { email: `${name}@example.com`, password });
}

export function browserWith(cookies: Cookies): HttpVisitor {
	const visitor = new HttpVisitor();
	for (const [name, value] of Object.entries(cookies)) {
		visitor.cookies.set(name, value);
	}
	return visitor;
}
