// A browser that was on the way to a helpdesk of each kind: pages name the one that the visitor went to last.
import { expect, test } from "vitest";
import { openHandOff } from "../../kit/hand-off/open-hand-off.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { connectHelpdesk } from "../../kit/openid/connect-helpdesk.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

/** Goes the ways of both kinds, and opens a page that names no way. */
async function afterBoth(last: "signed token" | "OpenID") {
	const open = await openHandOff("supportpal");
	const client = await connectHelpdesk(open, { name: "Acorn Desk" });
	const party = await RelyingParty.at(`${open.portal}/oidc`, client);
	const ways = [open.page, (await party.begin()).url];
	const visitor = new HttpVisitor();
	for (const way of last === "OpenID" ? ways : ways.toReversed()) {
		await visitor.open(way);
		expect(new URL(visitor.seen.url).pathname).toBe("/login");
	}
	const { html, headers } = await visitor.open(`${open.portal}/register`);
	return { open, visitor, html, policy: headers.get("content-security-policy") };
}

test("a later request of an OpenID helpdesk counts, and not an earlier hand-off", async () => {
	const { open, html, policy } = await afterBoth("OpenID");
	expect(html).toContain("Log in to go on to Acorn Desk.");
	expect(html).not.toContain("Support Desk");
	expect(policy).toContain("https://desk.example.org");
	expect(policy).not.toContain(open.product.address);
});

test("a later hand-off counts, and not an earlier request of an OpenID helpdesk", async () => {
	const { open, html, policy } = await afterBoth("signed token");
	expect(html).toContain("Log in to go on to Support Desk.");
	expect(html).not.toContain("Acorn Desk");
	expect(policy).toContain(open.product.address);
	expect(policy).not.toContain("https://desk.example.org");
});

test("a page that leads on to another one first names the helpdesk behind it", async () => {
	const open = await openHandOff("supportpal");
	const behind = `/account/email?returnTo=${encodeURIComponent(open.path)}`;
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login?returnTo=${encodeURIComponent(behind)}`);
	expect(visitor.seen.html).toContain("Log in to go on to Support Desk.");
});
