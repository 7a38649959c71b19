// A log-in at a connected helpdesk goes on although the session that it began in has ended meanwhile.
import { expect, test } from "vitest";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { mailboxOf } from "../../kit/helpdesk/register-by-letter.ts";
import { addUnconfirmed, logInUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";
import { connectHelpdesk, REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { logInAtHelpdesk, openDesk } from "../../kit/openid/open-desk.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

const GRACE = { name: "Grace", email: "grace@example.com", password: "correct horse" };
const ADA = { ...GRACE, name: "Ada", email: "ada@example.com" };

async function openWithGrace() {
	const desk = await openDesk();
	const visitor = new HttpVisitor();
	await logInUnconfirmed(visitor, desk, GRACE);
	const loggedIn = await logInAtHelpdesk(visitor, desk);
	return { ...desk, visitor, loggedIn };
}

test("a user at one helpdesk who has to prove an address for another one gets there", async () => {
	const open = await openWithGrace();
	const { visitor } = open;
	const client = await connectHelpdesk(open, { needsEmail: true });
	const party = await RelyingParty.at(open.issuer, client);
	const begun = await party.begin();
	expect(new URL((await visitor.open(begun.url)).url).pathname).toBe("/account/email");
	await visitor.submit("/account/email", { email: GRACE.email });
	const code = await eventually(async () => {
		const [, found] = /code is (\d{4} \d{4} \d{4})\./.exec(await mailboxOf(open)()) ?? [];
		return found ?? expect.fail("no code");
	});
	const consent = await visitor.submit("/account/email/code", { code });
	const { pathname } = new URL(consent.url);
	const { url } = await visitor.submit(pathname, { answer: "go" });
	expect(url).toContain(REDIRECT_URI);
	expect((await party.redeem(url, begun)).claims()).toMatchObject({
		sub: open.loggedIn.sub,
		email: GRACE.email,
	});
});

test("a user who has to prove an address sees which helpdesk needs it, and can go back there", async () => {
	const open = await openWithGrace();
	const { visitor } = open;
	const name = "$& Desk";
	const client = await connectHelpdesk(open, { name, needsEmail: true });
	const party = await RelyingParty.at(open.issuer, client);
	const asked = await visitor.open((await party.begin()).url);
	const why = "$&amp; Desk needs an e-mail address";
	expect(asked.html).toContain(why);
	const path = new URL(asked.url).searchParams.get("returnTo") ?? "";
	expect((await visitor.submit("/account/email", { email: GRACE.email })).html).toContain(why);
	const { url } = await visitor.submit(path, { answer: "cancel" });
	expect(url).toContain(`${REDIRECT_URI}?error=access_denied`);

	// On the way to nowhere, nobody needs the address.
	expect((await visitor.open(`${open.portal}/account/email`)).html).not.toContain(
		"needs an e-mail",
	);
});

test("a visitor who is asked for a proof and logs in as somebody else gets to the helpdesk as that one", async () => {
	const open = await openWithGrace();
	const { visitor, party, portal } = open;
	await addUnconfirmed(open.storage, ADA);
	const begun = await eventually(async () => {
		const each = await party.begin({ prompt: "login" });
		expect(new URL((await visitor.open(each.url)).url).pathname).toBe("/login/confirm");
		return each;
	});
	const back = new URL(visitor.seen.url).searchParams.get("returnTo") ?? "";
	await visitor.submit("/logout");
	await visitor.open(`${portal}/login?returnTo=${encodeURIComponent(back)}`);
	const consent = await visitor.submit("/login", { email: ADA.email, password: ADA.password });
	const { url } = await visitor.submit(new URL(consent.url).pathname, { answer: "go" });
	expect(url).toContain(REDIRECT_URI);
	const claims = (await party.redeem(url, begun)).claims();
	expect(claims?.["name"]).toBe("Ada");
	expect(claims?.sub).not.toBe(open.loggedIn.sub);
});
