// What a log-out ends, here and at a helpdesk that takes a signed token.
import { describe, expect, test } from "vitest";
import {
	agree,
	changeAccount,
	confirmedUser,
	deliver,
	deliveryIn,
	openHandOff,
} from "../../kit/hand-off/open-hand-off.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { connectHelpdesk } from "../../kit/openid/connect-helpdesk.ts";
import { arrive } from "../../kit/openid/open-provider.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

async function handedOver(kind: Parameters<typeof openHandOff>[0]) {
	const open = await openHandOff(kind);
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await agree(visitor);
	await visitor.open(`${open.portal}/account`);
	return { open, visitor };
}

test("a log-out here offers to end the session at SupportPal, by a token of its own", async () => {
	const { open, visitor } = await handedOver("supportpal");
	const { html, headers } = await visitor.submit("/logout");
	expect(html).toContain("You are logged out here");
	expect(html).toContain("Log out of Support Desk");
	expect(html).toContain(`href="/login"`);
	expect(headers.get("content-security-policy")).toContain(open.product.address);
	const delivery = deliveryIn(visitor);
	expect(delivery.action).toBe(`${open.product.address}/simpleauth/logout`);
	expect(html).not.toContain("data-submit");
	expect(await deliver(delivery)).toMatchObject({ status: 302 });
	expect(await deliver(delivery)).toMatchObject({ status: 403 });

	// The next log-out in this browser has nothing to say.
	await visitor.open(`${open.portal}/account`);
	expect(new URL(visitor.seen.url).pathname).toBe("/login");
});

test("a log-out here says how to end the session at Zendesk, and that a Docs site's ends by itself", async () => {
	const zendesk = await handedOver("zendesk-jwt");
	expect((await zendesk.visitor.submit("/logout")).html).toContain(
		`<a href="${zendesk.open.product.address}/access/logout" rel="noreferrer">Log out of Support Desk</a>`,
	);
	const docs = await handedOver("help-scout");
	expect((await docs.visitor.submit("/logout")).html).toContain(
		"Support Desk: your session there ends by itself within a minute.",
	);
});

test("a log-out in a browser that was handed over to nobody leads to the front page", async () => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	await visitor.open(`${open.portal}/account`);
	await visitor.submit("/logout");
	expect(new URL(visitor.seen.url).pathname).toBe("/");
});

test("a user whom the helpdesk must not hear of any more gets no token at the log-out either", async () => {
	const { open, visitor } = await handedOver("supportpal");
	await changeAccount(open.storage, visitor.userId, { confirmed: false });
	const { html } = await visitor.submit("/logout");
	expect(html).toContain("Support Desk: log out there.");
	expect(html).not.toContain("eyJ");
});

describe("a browser forgets where it was handed over when its user", () => {
	const REMEMBERED = ["handed-acorn", "way-acorn"] as const;

	async function handedOverAndOnTheWay() {
		const { open, visitor } = await handedOver("supportpal");
		expect(visitor.cookies.get("handed-acorn")).toBe(open.id);
		visitor.cookies.set("way-acorn", encodeURIComponent(open.path));
		const left = () => REMEMBERED.map((name) => visitor.cookies.get(name));
		return { open, visitor, left };
	}

	test("logs out everywhere", async () => {
		const { visitor, left } = await handedOverAndOnTheWay();
		await visitor.submit("/account/log-out-everywhere");
		expect(new URL(visitor.seen.url).pathname).toBe("/login");
		expect(left()).toEqual(["", ""]);
	});

	test("logs out at a helpdesk that says so here", async () => {
		const { open, visitor, left } = await handedOverAndOnTheWay();
		const issuer = `${open.portal}/oidc`;
		const party = await RelyingParty.at(issuer, await connectHelpdesk(open));
		await arrive(visitor, party);
		visitor.cookies.set("way-acorn", encodeURIComponent(open.path));
		await visitor.open(`${issuer}/session/end`);
		await visitor.submit(`${issuer}/session/end/confirm`, { logout: "yes" });
		expect(visitor.seen.url).toBe(`${issuer}/session/end/success`);
		expect(left()).toEqual(["", ""]);
	});

	test.each([
		["makes way for another user", true],
		["was logged out for long, and another user logs in", false],
	])("%s", async (_, isLoggedIn) => {
		const { open, visitor } = await handedOverAndOnTheWay();
		const other = await confirmedUser(open, "ada@example.com");
		if (!isLoggedIn) {
			visitor.cookies.delete("portal-acorn");
		}
		const { html } = await visitor.open(`${open.portal}${isLoggedIn ? "/account" : "/login"}`);
		const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
		await visitor.post(`${open.portal}/login`, [
			["_csrf", csrf],
			["email", "ada@example.com"],
			["password", "a long password of somebody"],
			["return_to", "/account"],
		]);
		expect(visitor.seen.html).toContain("ada@example.com");
		expect(visitor.cookies.get("handed-acorn")).toBe("");
		// The way leads the other user on.
		expect(visitor.cookies.get("way-acorn")).toBe(encodeURIComponent(open.path));
		await visitor.submit("/logout");
		expect(new URL(visitor.seen.url).pathname).toBe("/");
		expect(other.userId).not.toBe(visitor.userId);
	});
});

test("a log-out works although the record of the helpdesk cannot be read", async () => {
	const { open, visitor } = await handedOver("supportpal");
	visitor.cookies.set("handed-acorn", `${open.id}.no-such-one.%00`);
	await visitor.submit("/logout");
	await visitor.open(`${open.portal}/account`);
	expect(new URL(visitor.seen.url).pathname).toBe("/login");
});

test("a log-out at Zendesk asks whether to log out here, and any page on the web can only ask", async () => {
	const { open, visitor } = await handedOver("zendesk-jwt");
	const { html } = await visitor.open(
		`${open.page}/log-out?email=grace%40example.com&external_id=x`,
	);
	expect(html).toContain("Log out?");
	expect(html).not.toContain("external_id");
	await visitor.open(`${open.portal}/account`);
	expect(new URL(visitor.seen.url).pathname).toBe("/account");
	await visitor.open(`${open.page}/log-out`);
	await visitor.submit("/logout");
	await visitor.open(`${open.portal}/account`);
	expect(new URL(visitor.seen.url).pathname).toBe("/login");
	const nobody = await new HttpVisitor().open(`${open.page}/log-out`);
	expect(nobody.html).toContain("You can close this page, or log in again.");
});

test("an error that Zendesk reports is a page with a code, and its words go to the log alone", async () => {
	const open = await openHandOff("zendesk-jwt");
	const visitor = new HttpVisitor();
	const words = 'User is <b>invalid</b>\r\n{"name":"forged"}\u202e';
	const query = new URLSearchParams({ kind: "error", message: words });
	const { status, html } = await visitor.open(`${open.page}/log-out?${query}`);
	expect(status).toBe(400);
	expect(html).toContain("Support Desk did not let you in");
	expect(html).not.toContain("invalid");
	const [, trace = ""] = /<code>([0-9a-f]{10})<\/code>/.exec(html) ?? [];
	const line = open.log.find((each) => each.includes(trace)) ?? expect.fail("no line");
	expect(JSON.parse(line)).toMatchObject({
		name: "hand-off.failed",
		brandId: "acorn",
		fields: {
			helpdesk: open.id,
			why: 'it refused a token: User is <b>invalid</b>??{"name":"forged"}?',
		},
	});
});
