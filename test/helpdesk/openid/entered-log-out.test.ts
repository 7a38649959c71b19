// A helpdesk without a preset of its own: the administrator enters where it hears of log-outs, and where it wants
// people back after one.
import { expect, test } from "vitest";
import { OPENID_LOG_OUTS } from "../../../src/helpdesk/namespaces.ts";
import { type BackChannel, checkedLogOut, openBackChannel } from "../../kit/openid/back-channel.ts";
import { expectTold, knows, openDesk, visitorThroughX } from "../../kit/openid/open-desk.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

const LIST = "/admin/settings/general/connected-helpdesks";
const ADD = `${LIST}/add?brand=acorn&preset=another`;

/** What an administrator enters for a helpdesk at this address. */
function entered(channel: BackChannel) {
	const { origin } = new URL(channel.uri);
	return {
		...{ name: "Oak Desk", address: origin, redirectUris: `${origin}/callback` },
		...{ postLogoutRedirectUris: `${origin}/goodbye`, backChannelLogoutUri: channel.uri },
	};
}

/** A helpdesk that was connected on the page, with Ada logged in there through X. */
async function openOak() {
	const desk = await openDesk();
	const { operator, portal, issuer } = desk;
	const channel = await openBackChannel();
	const fields = entered(channel);
	await operator.open(`${portal}${ADD}`);
	const { html } = await operator.submit(ADD, fields);
	expect(html).toContain("Oak Desk is connected.");
	const clientId = /value="(another-[0-9a-f]{12})"/.exec(html)?.[1] ?? "";
	const clientSecret = /data-copy="([\w-]{43})"/.exec(html)?.[1] ?? "";
	const client = { clientId, clientSecret };
	const page = `${LIST}/helpdesk/${clientId}?brand=acorn`;
	const party = await RelyingParty.at(issuer, client, undefined, "RS256");
	const visitor = await visitorThroughX(desk, "1");
	const logIn = async () => {
		const begun = await party.begin({ redirect_uri: fields.redirectUris });
		let { url } = await visitor.open(begun.url);
		if (new URL(url).pathname.startsWith("/connect/")) {
			({ url } = await visitor.submit(new URL(url).pathname, { answer: "go" }));
		}
		const tokens = await party.redeem(url, begun);
		const claims = tokens.claims();
		const { access_token: accessToken, id_token: hint = "" } = tokens;
		return { sub: claims?.sub ?? "", sid: claims?.["sid"], accessToken, hint };
	};
	/** Saves the settings with these fields instead. */
	const change = async (changed: Readonly<Record<string, string>>) => {
		await operator.open(`${portal}${page}`);
		return operator.submit(page, { ...fields, ...changed });
	};
	const logOut = async () => {
		await visitor.open(`${portal}/account`);
		await visitor.submit("/logout");
	};
	const waiting = async () => (await desk.storage.list(OPENID_LOG_OUTS)).entries.length;
	const loggedIn = await logIn();
	return {
		...{ ...desk, channel, client, party, visitor, loggedIn, fields, page },
		...{ logIn, change, logOut, waiting },
	};
}

/** The end of anybody's sessions makes a node look for messages that wait. */
async function lookAgain(open: Awaited<ReturnType<typeof openOak>>): Promise<void> {
	open.clock.advance(60_000);
	const other = await visitorThroughX(open, "2");
	const begun = await open.party.begin({ redirect_uri: open.fields.redirectUris });
	await other.open(begun.url);
	await other.submit(new URL(other.seen.url).pathname, { answer: "go" });
	await other.open(`${open.portal}/account`);
	await other.submit("/logout");
}

test("a log-out token reaches the back-channel log-out URI that was entered", async () => {
	const open = await openOak();
	const { channel, issuer, client, loggedIn } = open;
	await open.logOut();
	await expectTold(open, loggedIn.sid);
	const [told] = channel.told;
	expect(told?.path).toBe("/back-channel");
	expect(told && (await checkedLogOut(told, issuer, client.clientId, "RS256"))).toMatchObject({
		...{ sub: loggedIn.sub, sid: loggedIn.sid },
	});
	expect(await knows(open, loggedIn)).toBe(false);
});

test("after a log-out that the helpdesk asks for, people come back to the address that was entered, and to no other", async () => {
	const { visitor, party, issuer, loggedIn, fields } = await openOak();
	const { postLogoutRedirectUris: goodbye } = fields;
	const hint = { id_token_hint: loggedIn.hint };
	const elsewhere = party.endSession({ ...hint, post_logout_redirect_uri: `${goodbye}/else` });
	expect((await visitor.open(elsewhere)).status).toBe(400);
	await visitor.open(
		party.endSession({ ...hint, post_logout_redirect_uri: goodbye, state: "back" }),
	);
	const { url } = await visitor.submit(`${issuer}/session/end/confirm`, { logout: "yes" });
	expect(url).toBe(`${goodbye}?state=back`);
});

test("another back-channel log-out URI drops nothing: log-ins and the secret stay, and what waits goes to the new one", async () => {
	const open = await openOak();
	const { channel, loggedIn } = open;
	channel.answer = 503;
	await open.logOut();
	await expectTold(open, loggedIn.sid);
	await expect.poll(open.waiting).toBe(1);
	open.clock.advance(60_000);
	const { html: page } = await open.operator.open(`${open.portal}${open.page}`);
	expect(page).toMatch(
		/role="alert">1 message about a log-out has been waiting for Oak Desk since \d{4}-\d\d-\d\d \d\d:\d\d UTC\./,
	);

	const { html } = await open.change({ backChannelLogoutUri: `${open.fields.address}/second` });
	expect(html).toContain("The changes are saved.");
	channel.answer = 204;
	await lookAgain(open);
	await expect
		.poll(() => channel.told.map(({ path }) => path))
		.toEqual(["/back-channel", "/second", "/second"]);
	await expect.poll(open.waiting).toBe(0);
	expect(channel.sids.filter((sid) => sid === loggedIn.sid)).toHaveLength(2);
});

test("log-ins at the helpdesk live on when its URIs about log-outs change, and it is told at the new one", async () => {
	const open = await openOak();
	const { channel, loggedIn, fields } = open;
	await open.change({
		postLogoutRedirectUris: "",
		backChannelLogoutUri: `${fields.address}/second`,
	});
	expect(await knows(open, loggedIn)).toBe(true);
	// The secret is the old one.
	expect((await open.logIn()).sid).toBe(loggedIn.sid);
	await open.logOut();
	await expectTold(open, loggedIn.sid);
	expect(channel.told[0]?.path).toBe("/second");
});

test("log-ins at the helpdesk live on when its redirect URIs change", async () => {
	const open = await openOak();
	const { loggedIn, fields } = open;
	const { html } = await open.change({
		redirectUris: `${fields.redirectUris}\n${fields.address}/second`,
	});
	expect(html).toContain("The changes are saved.");
	expect(await knows(open, loggedIn)).toBe(true);
	expect((await open.logIn()).sid).toBe(loggedIn.sid);
});

test("without its back-channel log-out URI, a helpdesk hears nothing more, and nothing waits for it", async () => {
	const open = await openOak();
	const { html } = await open.change({ backChannelLogoutUri: "" });
	expect(html).toContain("because the field Back-channel log-out URI below is empty");
	await open.logOut();
	expect(await knows(open, open.loggedIn)).toBe(false);
	await expect.poll(open.waiting).toBe(0);
	expect(open.channel.told).toEqual([]);
});

test("another address of the helpdesk takes its URIs along, makes a new secret, and is told from then on", async () => {
	const open = await openOak();
	const moved = await openBackChannel();
	const { address, ...rest } = entered(moved);
	const refused = await open.change({ address });
	expect(refused.status).toBe(400);
	for (const label of ["Redirect URI", "Post-logout redirect URI", "Back-channel log-out URI"]) {
		expect(refused.html).toMatch(
			new RegExp(`role="alert">${label}: [^<]* does not lie at the address of Another helpdesk`),
		);
	}
	const { html } = await open.change({ address, ...rest });
	expect(html).toContain("There is a new client secret. The old one has ended.");
	await open.logOut();
	await expectTold({ channel: moved }, open.loggedIn.sid);
	expect(open.channel.told).toEqual([]);
});

test("a back-channel log-out URI that is not on the internet is refused, unless its host is allowed", async () => {
	const { operator, portal } = await openDesk();
	const fields = {
		...{ name: "Inside", anyway: "on", address: "https://10.0.0.7" },
		redirectUris: "https://10.0.0.7/callback",
	};
	await operator.open(`${portal}${ADD}`);
	const refused = await operator.submit(ADD, {
		...fields,
		backChannelLogoutUri: "https://10.0.0.7/out",
	});
	expect(refused.status).toBe(400);
	expect(refused.html).toContain(
		"Back-channel log-out URI: https://10.0.0.7/out is not on the internet, and only the internet is called. Start with --allow-private 10.0.0.7, or leave the field out.",
	);
	expect(refused.html).toContain('value="https://10.0.0.7/out"');
	expect(refused.html).not.toContain("Connect it anyway");
	expect((await operator.submit(ADD, fields)).html).toContain("Inside is connected.");
});

test("a back-channel log-out URI that nobody answers at is refused, unless the administrator does not care", async () => {
	const { operator, portal } = await openDesk();
	const address = "http://127.0.0.1:4";
	const fields = {
		...{ name: "Away", address, redirectUris: `${address}/callback` },
		...{ backChannelLogoutUri: `${address}/out` },
	};
	await operator.open(`${portal}${ADD}`);
	const refused = await operator.submit(ADD, fields);
	expect(refused.html).toContain(
		`Back-channel log-out URI: ${address}/out cannot be reached: nothing answers there.`,
	);
	expect((await operator.submit(ADD, { ...fields, anyway: "on" })).html).toContain(
		"Away is connected.",
	);
});
