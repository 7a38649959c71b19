import { expect, test } from "vitest";
import { onUsersPage } from "../../kit/helpdesk/people-with-x.ts";
import { checkedLogOut } from "../../kit/openid/back-channel.ts";
import {
	type Desk,
	expectTold,
	knows,
	type LoggedIn,
	logInAtHelpdesk,
	openDesk,
	visitorThroughX,
} from "../../kit/openid/open-desk.ts";

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

test("a deleted user is logged out at the connected helpdesk", async () => {
	const open = await openLoggedIn();
	await onUsersPage(open, "ada@example.com", "delete");
	await expectEnded(open, open.loggedIn);
});

test("both users of a merge are logged out at the connected helpdesk", async () => {
	const open = await openLoggedIn();
	const grace = await logInAtHelpdesk(await visitorThroughX(open, "2"), open);
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	await open.operator.submit(`/admin/users/${open.loggedIn.sub}/merge`, {
		into: "grace@example.com",
	});
	expect([await knows(open, open.loggedIn), await knows(open, grace)]).toEqual([false, false]);
	await expectTold(open, open.loggedIn.sid, grace.sid);
});
