// A helpdesk is changed while its users are logged in there: what it wants to know about them counts from then on.
import { expect, test } from "vitest";
import type { NewConnectedHelpdesk } from "../../../src/helpdesk/openid/connected-helpdesks.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { mailboxOf, registerByLetter } from "../../kit/helpdesk/register-by-letter.ts";
import { connectedHelpdesks } from "../../kit/openid/connect-helpdesk.ts";
import {
	arrive,
	errorIn,
	newUser,
	type OpenProvider,
	openProvider,
} from "../../kit/openid/open-provider.ts";

const GRACE = { name: "Grace", email: "grace@example.com", password: "a longer battery staple" };

async function change(open: OpenProvider, changed: Partial<NewConnectedHelpdesk>): Promise<void> {
	const helpdesks = connectedHelpdesks(open);
	await helpdesks.change(open.client.clientId, (before) => ({ ...before, ...changed }));
}

test("a user with an unproven address proves it, once the helpdesk needs an address", async () => {
	const open = await openProvider();
	const visitor = await newUser(open);
	await arrive(visitor, open.party);
	await change(open, { needsEmail: true });
	const silent = await visitor.open((await open.party.begin({ prompt: "none" })).url);
	expect(errorIn(silent.url)).toBe("interaction_required");
	const { url } = await visitor.open((await open.party.begin()).url);
	expect(url).toContain("/account/email?returnTo=%2Fconnect%2F");
});

test("a user whose address was put on the list of a helpdesk that needs one does not get there any more", async () => {
	const open = await openProvider({ desk: { needsEmail: true } });
	const visitor = new HttpVisitor();
	await registerByLetter(visitor, open.portal, mailboxOf(open), GRACE);
	await arrive(visitor, open.party);
	await change(open, { neverAsserted: [GRACE.email] });
	const silent = await visitor.open((await open.party.begin({ prompt: "none" })).url);
	expect(errorIn(silent.url)).toBe("interaction_required");
	const { html, status } = await visitor.open((await open.party.begin()).url);
	expect([status, html.includes("does not take this address")]).toEqual([403, true]);
});
