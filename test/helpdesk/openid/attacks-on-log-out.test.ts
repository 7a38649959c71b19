import { describe, expect, test } from "vitest";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import {
	arrive,
	newUser,
	type OpenProvider,
	openProvider,
} from "../../kit/openid/open-provider.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

const GOODBYE = "https://desk.example.org/goodbye";
const EVIL = "https://evil.example/";

async function openLoggedIn() {
	const open = await openProvider();
	const visitor = await newUser(open);
	const { begun, answer } = await arrive(visitor, open.party);
	const { id_token: hint = "" } = await open.party.redeem(answer, begun);
	const there = (query: Readonly<Record<string, string>>) =>
		`${open.issuer}/session/end?${new URLSearchParams(query)}`;
	return { ...open, visitor, hint, there };
}

async function isIn(visitor: HttpVisitor, { portal }: Pick<OpenProvider, "portal">) {
	return (await visitor.open(`${portal}/account`)).url === `${portal}/account`;
}

describe("a log-out that a helpdesk asks for", () => {
	test("leads to no address but one that is registered for the helpdesk that asks", async () => {
		const open = await openLoggedIn();
		const { visitor, hint, there, issuer, client } = open;
		const other = await open.connect({
			postLogoutRedirectUris: ["https://other.example.org/goodbye"],
		});
		const id = { client_id: client.clientId };
		const none = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ aud: id.client_id }))}.`;
		for (const query of [
			{ ...id, post_logout_redirect_uri: EVIL },
			{ ...id, post_logout_redirect_uri: `${GOODBYE}/` },
			{ ...id, post_logout_redirect_uri: `${GOODBYE}?x=1` },
			{ ...id, post_logout_redirect_uri: "https://other.example.org/goodbye" },
			{ id_token_hint: hint, post_logout_redirect_uri: EVIL },
			{ id_token_hint: hint, client_id: other.clientId, post_logout_redirect_uri: GOODBYE },
			{ id_token_hint: `${hint}x`, post_logout_redirect_uri: GOODBYE },
			{ id_token_hint: none, post_logout_redirect_uri: GOODBYE },
			{ client_id: "another-0123456789ab", post_logout_redirect_uri: GOODBYE },
		]) {
			const { status, headers, html } = await visitor.open(there(query));
			expect([query, status]).toEqual([query, 400]);
			expect(headers.get("content-security-policy")).not.toContain("evil.example");
			expect(html).not.toContain("/session/end/confirm");
		}
		// Without a helpdesk the address counts for nothing, and the log-out ends here.
		await visitor.open(there({ post_logout_redirect_uri: EVIL }));
		const end = await visitor.submit(`${issuer}/session/end/confirm`, { logout: "yes" });
		expect(end.url).toBe(`${issuer}/session/end/success`);
		expect(end.html).not.toContain("evil.example");
	});

	test("logs nobody out who has not confirmed it on this browser's own page", async () => {
		const open = await openLoggedIn();
		const { visitor, hint, there, issuer } = open;
		const link = there({ id_token_hint: hint, post_logout_redirect_uri: GOODBYE });
		const asked = await visitor.open(link);
		expect(asked.html).toContain("Acorn Desk has logged you out.");
		expect(await isIn(visitor, open)).toBe(true);
		const unnamed = await visitor.open(there({}));
		expect(unnamed.html).toContain("The helpdesk that you came from has logged you out.");

		for (const fields of [{}, { xsrf: "" }, { xsrf: "0".repeat(48) }]) {
			const body = new URLSearchParams({ ...fields, logout: "yes" });
			const answer = await visitor.request(`${issuer}/session/end/confirm`, {
				method: "POST",
				body,
			});
			expect(answer.status).toBe(400);
		}
		// The proof of another browser is worth nothing here.
		const stranger = await newUser(open, "eve@example.com");
		await arrive(stranger, open.party);
		const { html } = await stranger.open(link);
		const [, xsrf = ""] = /name="xsrf" value="([0-9a-f]+)"/.exec(html) ?? [];
		await visitor.open(link);
		const forged = new URLSearchParams({ xsrf, logout: "yes" });
		const answer = await visitor.request(`${issuer}/session/end/confirm`, {
			method: "POST",
			body: forged,
		});
		expect(answer.status).toBe(400);
		expect(await isIn(visitor, open)).toBe(true);
	});

	test("cannot be made by a page on the web for a user who was at no helpdesk", async () => {
		const open = await openProvider();
		const visitor = await newUser(open);

		const end = await visitor.open(`${open.issuer}/session/end`);

		expect(end.url).toBe(`${open.issuer}/session/end/success`);
		expect(await isIn(visitor, open)).toBe(true);
	});

	test("of a user who is logged out already leads back to the helpdesk, and asks nothing", async () => {
		const open = await openLoggedIn();
		const { visitor, hint, there } = open;
		await visitor.open(`${open.portal}/account`);
		await visitor.submit("/logout");
		const query = { id_token_hint: hint, post_logout_redirect_uri: GOODBYE, state: "a&b=c" };

		const { url } = await visitor.open(there(query));

		expect(url).toBe(`${GOODBYE}?state=a%26b%3Dc`);
		const evil = await visitor.open(there({ ...query, post_logout_redirect_uri: EVIL }));
		expect(evil.status).toBe(400);
		const alone = await visitor.open(there({ post_logout_redirect_uri: EVIL, state: "x" }));
		expect(alone.url).toBe(`${open.issuer}/session/end/success`);
	});

	test("with a hint of the issuer of another brand is refused", async () => {
		const open = await openLoggedIn();
		const harbor = `${open.helpdesk.brands[1]?.baseUrl}/oidc`;
		const party = await RelyingParty.at(harbor, await open.connect({}, "harbor"));
		const link = party.endSession({ id_token_hint: open.hint, post_logout_redirect_uri: GOODBYE });

		const { status, url } = await new HttpVisitor().open(link);

		expect([status, new URL(url).origin]).toEqual([400, new URL(harbor).origin]);
	});
});
