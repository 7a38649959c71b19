import { expect, onTestFinished, test } from "vitest";
import { NAMESPACES, OPENID_LOG_OUTS } from "../../../src/helpdesk/namespaces.ts";
import { AccountRecords } from "../../../src/helpdesk/people/account-records.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { onUsersPage } from "../../kit/helpdesk/people-with-x.ts";
import { linkTo, mailboxOf, registerByLetter } from "../../kit/helpdesk/register-by-letter.ts";
import { addUnconfirmed, logInUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";
import { mergeUsers } from "../../kit/helpdesk/users-pages.ts";
import { checkedLogOut } from "../../kit/openid/back-channel.ts";
import { connectedHelpdesks } from "../../kit/openid/connect-helpdesk.ts";
import {
	type Desk,
	expectTold,
	knows,
	type LoggedIn,
	logInAtHelpdesk,
	openDesk,
	visitorThroughX,
} from "../../kit/openid/open-desk.ts";

const GRACE = { name: "Grace", email: "grace@example.com", password: "correct horse" };

/** The helpdesk was told once, and hears no more of the user. */
async function expectEnded(desk: Desk, loggedIn: LoggedIn): Promise<void> {
	expect(await knows(desk, loggedIn)).toBe(false);
	await expectTold(desk, loggedIn.sid);
	const [told] = desk.channel.told;
	expect(told && (await checkedLogOut(told, desk.issuer, desk.client.clientId))).toMatchObject({
		sub: loggedIn.sub,
		events: { "http://schemas.openid.net/event/backchannel-logout": {} },
	});
}

async function openLoggedIn() {
	const desk = await openDesk();
	const visitor = await visitorThroughX(desk, "1");
	const loggedIn = await logInAtHelpdesk(visitor, desk);
	expect(loggedIn.sid).toEqual(expect.any(String));
	expect(await knows(desk, loggedIn)).toBe(true);
	return { ...desk, visitor, loggedIn };
}

test("a suspended user is logged out at the connected helpdesk", async () => {
	const open = await openLoggedIn();
	await onUsersPage(open, "ada@example.com", "suspended");
	await expectEnded(open, open.loggedIn);
});

test("a user whom an operator logs out everywhere is logged out here and at the connected helpdesk, and may log in again", async () => {
	const open = await openLoggedIn();
	const { html } = await onUsersPage(open, "ada@example.com", "log-out");
	expect(html).toContain("The user is logged out everywhere.");
	expect(html).toContain(">Active</span>");
	await expectEnded(open, open.loggedIn);
	expect((await visitorThroughX(open, "1")).seen.html).toContain("You are logged in.");
});

test("a deleted user is logged out at the connected helpdesk", async () => {
	const open = await openLoggedIn();
	await onUsersPage(open, "ada@example.com", "delete");
	await expectEnded(open, open.loggedIn);
});

test("both users of a merge are logged out at the connected helpdesk", async () => {
	const open = await openLoggedIn();
	const grace = await logInAtHelpdesk(await visitorThroughX(open, "2"), open);
	await mergeUsers(open.operator, open.portal, open.loggedIn.sub, "grace@example.com");
	expect([await knows(open, open.loggedIn), await knows(open, grace)]).toEqual([false, false]);
	await expectTold(open, open.loggedIn.sid, grace.sid);
});

/** Grace, whose address nobody has proven, at the connected helpdesk. She has a password and X. */
async function openWithGrace() {
	const desk = await openDesk();
	const visitor = new HttpVisitor();
	await logInUnconfirmed(visitor, desk, GRACE);
	await visitor.open(`${desk.portal}/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url, { accountId: "2" }));
	const loggedIn = await logInAtHelpdesk(visitor, desk);
	return { ...desk, visitor, loggedIn };
}

test("a user who disconnects an account is logged out at the connected helpdesk", async () => {
	const open = await openWithGrace();
	await open.visitor.open(`${open.portal}/account`);
	expect((await open.visitor.submit("/account/disconnect")).url).toContain("done=unlinked");
	await expectEnded(open, open.loggedIn);
});

test("a user who logs out everywhere is logged out at the connected helpdesk", async () => {
	const open = await openWithGrace();
	await open.visitor.open(`${open.portal}/account`);
	await open.visitor.submit("/account/log-out-everywhere");
	await expectEnded(open, open.loggedIn);
});

test("a user who sets a new password is logged out at the connected helpdesk", async () => {
	const open = await openWithGrace();
	await open.visitor.open(`${open.portal}/account`);
	await open.visitor.submit("/account/password-link");
	const owner = new HttpVisitor();
	await owner.open(await linkTo(mailboxOf(open), GRACE.email, `${open.portal}/reset`));
	await owner.submit("/reset", { password: "a longer battery staple" });
	await expectEnded(open, open.loggedIn);
});

test("a stranger in an account is logged out at the connected helpdesk when its owner claims it", async () => {
	const open = await openWithGrace();
	const registrant = { ...GRACE, password: "a longer battery staple" };
	await registerByLetter(new HttpVisitor(), open.portal, mailboxOf(open), registrant);
	await expectEnded(open, open.loggedIn);
});

test("a user who proves the address is logged out at the connected helpdesk, and stays logged in here", async () => {
	const open = await openWithGrace();
	const { visitor, portal } = open;
	await visitor.open(`${portal}/account/email`);
	await visitor.submit("/account/email", { email: GRACE.email });
	const code = await eventually(async () => {
		const [, found] = /code is (\d{4} \d{4} \d{4})\./.exec(await mailboxOf(open)()) ?? [];
		return found ?? expect.fail("no code");
	});
	expect((await visitor.submit("/account/email/code", { code })).url).toContain("/account");
	await expectEnded(open, open.loggedIn);
	// The next log-in there needs neither the password nor an answer.
	expect((await logInAtHelpdesk(visitor, open)).sub).toBe(open.loggedIn.sub);
});

test("a user who logs out here is logged out there, in this browser only", async () => {
	const open = await openLoggedIn();
	const elsewhere = await logInAtHelpdesk(await visitorThroughX(open, "1"), open);
	await open.visitor.open(`${open.portal}/account`);
	await open.visitor.submit("/logout");
	await expectEnded(open, open.loggedIn);
	expect(await knows(open, elsewhere)).toBe(true);
});

test("when somebody else logs in in the same browser, the user before is logged out there", async () => {
	const open = await openLoggedIn();
	const { visitor, portal } = open;
	await addUnconfirmed(open.storage, GRACE);
	const { html } = await visitor.open(`${portal}/account`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
	// Her log-in page was open in another tab.
	await visitor.post(`${portal}/login`, [
		["_csrf", proof],
		["email", GRACE.email],
		["password", GRACE.password],
	]);
	await expectEnded(open, open.loggedIn);
	const second = await logInAtHelpdesk(visitor, open);
	const isSame = [second.sub === open.loggedIn.sub, second.sid === open.loggedIn.sid];
	expect(isSame).toEqual([false, false]);
});

test("a user who proves again who they are stays logged in there, and is logged out later all the same", async () => {
	const open = await openWithGrace();
	const { visitor, portal } = open;
	for (const _ of ["once", "twice"]) {
		await visitor.open(`${portal}/login/confirm`);
		await visitor.submit("/login/confirm", { password: GRACE.password });
		expect(await knows(open, open.loggedIn)).toBe(true);
	}
	expect((await logInAtHelpdesk(visitor, open)).sid).toBe(open.loggedIn.sid);
	expect(open.channel.told).toEqual([]);
	await visitor.open(`${portal}/account`);
	await visitor.submit("/logout");
	await expectEnded(open, open.loggedIn);
});

test("a helpdesk that asks for a new proof gets it in the same session", async () => {
	const open = await openWithGrace();
	const { visitor, party } = open;
	const begun = await party.begin({ prompt: "login" });
	const { pathname } = new URL((await visitor.open(begun.url)).url);
	expect(pathname).toBe("/login/confirm");
	const { url } = await visitor.submit("/login/confirm", { password: GRACE.password });
	const claims = (await party.redeem(url, begun)).claims();
	expect(claims?.["sid"]).toBe(open.loggedIn.sid);
});

test("a log-out that a helpdesk asks for ends the portal session, and the other helpdesks hear of it", async () => {
	const open = await openLoggedIn();
	const { visitor, portal, issuer, client } = open;
	await visitor.open(`${issuer}/session/end?client_id=${client.clientId}`);
	const { url } = await visitor.submit(`${issuer}/session/end/confirm`, { logout: "yes" });
	expect(url).toContain("/oidc/session/end/success");
	expect((await visitor.open(`${portal}/account`)).url).toContain("/login");
	await expectEnded(open, open.loggedIn);
});

test("a helpdesk that was away when another one asked for the log-out hears of it later", async () => {
	const open = await openLoggedIn();
	const { visitor, issuer, client, channel } = open;
	channel.answer = 503;
	await visitor.open(`${issuer}/session/end?client_id=${client.clientId}`);
	await visitor.submit(`${issuer}/session/end/confirm`, { logout: "yes" });
	await expectTold(open, open.loggedIn.sid);
	channel.answer = 204;
	await expect.poll(async () => (await open.storage.list(OPENID_LOG_OUTS)).entries).toHaveLength(1);
	// The end of anybody's sessions makes a node look.
	await visitorThroughX(open, "2");
	await onUsersPage(open, "grace@example.com", "suspended");
	await expectTold(open, open.loggedIn.sid, open.loggedIn.sid);
	await expect.poll(async () => (await open.storage.list(OPENID_LOG_OUTS)).entries).toEqual([]);
});

test("a connected helpdesk that was removed hears nothing more of its users", async () => {
	const open = await openLoggedIn();
	await connectedHelpdesks(open).remove(open.client.clientId);
	expect(await knows(open, open.loggedIn)).toBe(false);
	await open.visitor.open(`${open.portal}/account`);
	await open.visitor.submit("/logout");
	expect(open.channel.told).toEqual([]);
});

test("a crash between the end of the sessions and the message delays the message until a node looks again", async () => {
	const open = await openLoggedIn();
	// What a crash leaves behind: the account has changed, and the note of it is all that says so.
	const accounts = new AccountRecords(
		namespaced(open.storage, NAMESPACES.accounts),
		open.clock,
		() => {},
	);
	await accounts.change(open.loggedIn.sub, (stored) => ({
		...stored,
		sessionEpoch: stored.sessionEpoch + 1,
	}));
	expect(open.channel.told).toEqual([]);
	const other = await startHelpdesk(await helpdeskOptions(open.options));
	onTestFinished(() => other.close());
	await expectTold(open, open.loggedIn.sid);
	expect(await open.storage.get([...NAMESPACES.accounts, "ended", open.loggedIn.sub])).toBe(
		undefined,
	);
});

test("of two nodes, one tells the helpdesk", async () => {
	const open = await openLoggedIn();
	const other = await startHelpdesk(await helpdeskOptions(open.options));
	onTestFinished(() => other.close());
	await onUsersPage(open, "ada@example.com", "suspended");
	await expectEnded(open, open.loggedIn);
});

test("a log-out waits neither for a helpdesk that does not answer nor for one that redirects", async () => {
	const open = await openLoggedIn();
	open.channel.answer = 0;
	await open.visitor.open(`${open.portal}/account`);
	const { status } = await open.visitor.submit("/logout");
	expect(status).toBe(200);
	// The answer came before the call had ended, which takes three seconds.
	expect(open.log.join("\n")).not.toContain("openid.log-out-waits");
	await expect.poll(() => open.log.join("\n")).toContain("openid.log-out-waits");
	open.channel.answer = 302;
	open.clock.advance(60_000);
	// The end of anybody's sessions makes a node look.
	await visitorThroughX(open, "2");
	await onUsersPage(open, "grace@example.com", "suspended");
	await expectTold(open, open.loggedIn.sid, open.loggedIn.sid);
	expect(open.channel.told.map(({ path }) => path)).toEqual(["/back-channel", "/back-channel"]);
});
