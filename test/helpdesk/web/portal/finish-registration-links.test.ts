import { expect, test } from "vitest";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { linkTo, mailboxOf } from "../../../kit/helpdesk/register-by-letter.ts";
import { addUnconfirmed } from "../../../kit/helpdesk/unconfirmed-account.ts";

const PASSWORD = "correct horse";
const GRACE = { name: "Grace", email: "grace@example.com", password: PASSWORD };

test("F-E: a user who finishes registering while logged in disconnects the X account of a stranger who had a session", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await addUnconfirmed(open.storage, GRACE);
	const { email } = GRACE;
	const [stranger, owner] = [new HttpVisitor(), new HttpVisitor()];
	for (const visitor of [stranger, owner]) {
		await visitor.open(`${open.portal}/login?returnTo=/account`);
		await visitor.submit("/login", { email, password: PASSWORD });
	}
	const { url } = await stranger.submit("/login/x-login/start");
	expect((await stranger.open(await approveAtX(url))).html).toContain("@ada");
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/register`);
	await visitor.submit("/register", { ...GRACE });

	await owner.open(await linkTo(mailboxOf(open), email));
	const [, box = ""] = /name="disconnect" value="([^"]+)">[^<]+@ada</.exec(owner.seen.html) ?? [];
	const fields = { name: "Grace", password: PASSWORD, disconnect: box };
	await owner.submit("/register/confirm", fields);

	expect(owner.seen.url).toBe(`${open.portal}/account`);
	expect(owner.seen.html).not.toContain("@ada");
	expect((await stranger.open(`${open.portal}/account`)).url).toContain("/login");
	await stranger.submit("/login/x-login/start");
	expect((await stranger.open(await approveAtX(stranger.seen.url))).html).not.toContain(email);
});

test("F-E: the account page says when a linked account could not be disconnected", async () => {
	const open = await openHelpdesk();
	await addUnconfirmed(open.storage, GRACE);
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email: GRACE.email, password: PASSWORD });

	const { html } = await visitor.open(`${open.portal}/account?done=still-linked`);

	expect(html).toContain("A linked account could not be disconnected.");
});
