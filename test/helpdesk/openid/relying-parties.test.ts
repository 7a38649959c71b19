import * as client from "openid-client";
import { describe, expect, test } from "vitest";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import {
	agree,
	arrive,
	errorIn,
	newUser,
	openProvider,
	PASSWORD,
} from "../../kit/openid/open-provider.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

const GOODBYE = "https://desk.example.org/goodbye";

describe("openid-client, unmodified", () => {
	test.each([
		["client_secret_basic", "ES256"],
		["client_secret_basic", "RS256"],
		["client_secret_post", "ES256"],
		["client_secret_post", "RS256"],
		["none", "ES256"],
	] as const)("logs a user in with %s and %s", async (clientAuth, signature) => {
		const open = await openProvider({ desk: { clientAuth, signature } });
		const auth = {
			client_secret_basic: client.ClientSecretBasic,
			client_secret_post: client.ClientSecretPost,
			none: client.None,
		}[clientAuth];
		const party = await RelyingParty.at(open.issuer, open.client, auth, signature);
		const visitor = await newUser(open);

		const { begun, answer } = await arrive(visitor, party);
		const tokens = await party.redeem(answer, begun);

		expect(tokens.claims()).toMatchObject({ sub: visitor.userId, name: "Grace" });
		const [head = ""] = (tokens.id_token ?? "").split(".");
		expect(JSON.parse(Buffer.from(head, "base64url").toString())).toMatchObject({ alg: signature });
		expect(await party.userInfo(tokens.access_token, visitor.userId)).toMatchObject({
			preferred_username: `x-${visitor.userId}`,
		});
	});

	test("prompt=none says whether the user is logged in and has agreed, and asks nobody", async () => {
		const open = await openProvider();
		const { party } = open;
		const none = async (visitor: HttpVisitor) => {
			const begun = await party.begin({ prompt: "none" });
			const { url } = await visitor.open(begun.url);
			return { begun, url };
		};
		const stranger = await none(new HttpVisitor());
		expect(errorIn(stranger.url)).toBe("login_required");
		await expect(party.redeem(stranger.url, stranger.begun)).rejects.toThrow(
			client.AuthorizationResponseError,
		);
		const visitor = await newUser(open);
		// The library asks the portal only when it shows a page.
		expect(errorIn((await none(visitor)).url)).toBe("login_required");
		await arrive(visitor, party);

		const { begun, url } = await none(visitor);

		expect((await party.redeem(url, begun)).claims()?.sub).toBe(visitor.userId);
	});

	test("prompt=login and max_age ask a user who is logged in to prove again who they are", async () => {
		const open = await openProvider();
		const { party } = open;
		const visitor = await newUser(open);
		await arrive(visitor, party);
		for (const more of [{ prompt: "login" }, { max_age: "0" }]) {
			const begun = await party.begin(more);
			const before = Math.floor(Date.now() / 1000);
			const { url } = await visitor.open(begun.url);
			expect(url).toContain("/login/confirm?returnTo=%2Fconnect%2F");
			const { url: answer } = await visitor.submit("/login/confirm", { password: PASSWORD });

			const claims = (await party.redeem(answer, begun)).claims();

			expect(claims?.sub).toBe(visitor.userId);
			expect(claims?.auth_time).toBeGreaterThanOrEqual(before);
		}
	});

	test("max_age lets a user through whose proof is young enough", async () => {
		const open = await openProvider();
		const visitor = await newUser(open);

		const { begun, answer } = await arrive(visitor, open.party, { max_age: "600" });

		const tokens = await open.party.redeem(answer, begun, 600);
		expect(tokens.claims()?.sub).toBe(visitor.userId);
	});

	test("login_hint fills in the address, and ui_locales chooses the language", async () => {
		const { party } = await openProvider();
		const visitor = new HttpVisitor();
		const begun = await party.begin({
			...{ login_hint: 'ada"@example.com', ui_locales: "fi de" },
		});

		const { html } = await visitor.open(begun.url);

		expect(html).toContain('value="ada&quot;@example.com"');
		expect(html).toContain('<html lang="de">');
		expect(html).toContain("Acorn Desk");
	});

	test("a user logs out at the helpdesk, here too, and comes back there", async () => {
		const open = await openProvider();
		const { party, portal } = open;
		const visitor = await newUser(open);
		const { begun, answer } = await arrive(visitor, party);
		const { id_token: hint = "", access_token: token } = await party.redeem(answer, begun);
		const there = party.endSession({
			...{ id_token_hint: hint, post_logout_redirect_uri: GOODBYE, state: "s 1" },
		});

		const page = await visitor.open(there);
		expect(page).toMatchObject({ status: 200 });
		expect(page.headers.get("content-security-policy")).toContain(
			"form-action 'self' https://desk.example.org;",
		);
		const end = await visitor.submit(`${portal}/oidc/session/end/confirm`, { logout: "yes" });

		expect(end.url).toBe(`${GOODBYE}?state=s+1`);
		expect((await visitor.open(`${portal}/account`)).url).toContain("/login");
		const again = await party.begin({ prompt: "none" });
		expect(errorIn((await visitor.open(again.url)).url)).toBe("login_required");
		await expect(party.userInfo(token, visitor.userId)).rejects.toThrow();
	});

	test("a user who stays logged in comes back as well", async () => {
		const open = await openProvider();
		const { party, portal } = open;
		const visitor = await newUser(open);
		const { begun, answer } = await arrive(visitor, party);
		const { id_token: hint = "" } = await party.redeem(answer, begun);
		const there = { id_token_hint: hint, post_logout_redirect_uri: GOODBYE };
		await visitor.open(party.endSession(there));

		const end = await visitor.submit(`${portal}/oidc/session/end/confirm`);

		expect(end.url).toBe(GOODBYE);
		expect((await visitor.open(`${portal}/account`)).url).toBe(`${portal}/account`);
	});

	test("a visitor goes back, and the helpdesk hears it", async () => {
		const open = await openProvider();
		const visitor = await newUser(open);
		await visitor.open((await open.party.begin()).url);

		const { url } = await agree(visitor, "cancel");

		expect(errorIn(url)).toBe("access_denied");
		expect(url.startsWith(REDIRECT_URI)).toBe(true);
	});
});
