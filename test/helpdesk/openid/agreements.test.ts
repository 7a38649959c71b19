import { expect, test } from "vitest";
import { onUsersPage, stored } from "../../kit/helpdesk/people-with-x.ts";
import { connectedHelpdesks, connectHelpdesk } from "../../kit/openid/connect-helpdesk.ts";
import {
	expectTold,
	knows,
	logInAtHelpdesk,
	openDesk,
	visitorThroughX,
} from "../../kit/openid/open-desk.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

async function openAgreed() {
	const desk = await openDesk();
	const visitor = await visitorThroughX(desk, "1");
	const loggedIn = await logInAtHelpdesk(visitor, desk);
	return { ...desk, visitor, loggedIn };
}

test("the account page lists the connected helpdesks that the user has agreed to, in both languages", async () => {
	const open = await openAgreed();
	const { html } = await open.visitor.open(`${open.portal}/account`);
	expect(html).toContain("<h2>Connected helpdesks</h2>");
	expect(html).toContain("Acorn Desk");
	expect(html).toContain("desk.example.org");
	const german = await open.visitor.open(`${open.portal}/account`, {
		headers: { "accept-language": "de" },
	});
	expect(german.html).toContain("<h2>Verbundene Helpdesks</h2>");
	const stranger = await visitorThroughX(open, "2");
	expect((await stranger.open(`${open.portal}/account`)).html).not.toContain("Connected helpdesks");
});

test("a connected helpdesk that cannot be read keeps the others on the account page", async () => {
	const open = await openAgreed();
	const other = await connectHelpdesk(open, { name: "Other Desk" });
	await logInAtHelpdesk(open.visitor, { party: await RelyingParty.at(open.issuer, other) });
	const key = ["openid", "helpdesks", "acorn", "helpdesk", open.client.clientId];
	await open.storage.commit({ sets: [{ key, value: { broken: true } }] });
	const { html, status } = await open.visitor.open(`${open.portal}/account`);
	expect([status, html.includes("<strong>Other Desk</strong>")]).toEqual([200, true]);
});

test("a user who withdraws is logged out there and nowhere else, and is asked the next time", async () => {
	const open = await openAgreed();
	const other = await connectHelpdesk(open, { name: "Other Desk" });
	const party = await RelyingParty.at(open.issuer, other);
	const there = await logInAtHelpdesk(open.visitor, { party });
	await open.visitor.open(`${open.portal}/account`);
	const { html, url } = await open.visitor.submit("/account/withdraw");
	expect(url).toContain("done=withdrawn");
	expect(html).not.toContain("<strong>Acorn Desk</strong>");
	expect(html).toContain("<strong>Other Desk</strong>");
	expect(await knows(open, open.loggedIn)).toBe(false);
	expect(await knows({ party }, there)).toBe(true);
	await expectTold(open, open.loggedIn.sid);

	const begun = await open.party.begin();
	const asked = await open.visitor.open(begun.url);
	expect(asked.html).toContain("Go on to Acorn Desk?");
	const { pathname } = new URL(asked.url);
	const answer = await open.visitor.submit(pathname, { answer: "go" });
	const claims = (await open.party.redeem(answer.url, begun)).claims();
	expect(claims?.sub).toBe(open.loggedIn.sub);
	expect(claims?.["sid"]).not.toBe(open.loggedIn.sid);
});

test("an export holds the connected helpdesks that the user has agreed to, and when", async () => {
	const open = await openAgreed();
	const exportOf = async () => {
		const { html } = await open.operator.open(
			`${open.helpdesk.adminUrl}/users/${open.loggedIn.sub}/export`,
		);
		return JSON.parse(html);
	};
	expect(await exportOf()).toMatchObject({
		connectedHelpdesks: [
			{
				name: "Acorn Desk",
				address: "https://desk.example.org",
				agreedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			},
		],
	});
	await connectedHelpdesks(open).remove(open.client.clientId);
	expect(await exportOf()).toMatchObject({ connectedHelpdesks: [] });
});

test("a deleted user leaves no agreement and no session with connected helpdesks behind", async () => {
	const open = await openAgreed();
	const { sub } = open.loggedIn;
	const traces = async () =>
		(await stored(open.storage, ["openid"])).filter((each) => each.includes(sub));
	expect(await traces()).not.toEqual([]);
	await onUsersPage(open, "ada@example.com", "delete");
	await expectTold(open, open.loggedIn.sid);
	// Codes and tokens expire within minutes, and their user is gone.
	await expect
		.poll(async () =>
			(await traces()).filter(
				(each) => !/"(AccessToken|AuthorizationCode|Interaction)"/.test(each),
			),
		)
		.toEqual([]);
});
