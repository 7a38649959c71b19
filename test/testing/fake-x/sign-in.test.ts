import { describe, expect, it, onTestFinished } from "vitest";
import { approveAtX, cancelAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import {
	ADA,
	APP,
	accessToken,
	approved,
	BAD_TOKEN,
	BOB,
	CALLBACK,
	call,
	expectPlain,
	NO_EMAIL_APP,
	newRequestToken,
	OTHER_APP,
	openFakeXForEachTest,
	page,
	profileOf,
	requestToken,
	signedIn,
	time,
	tokenOf,
	verifierOf,
	x,
} from "./open-fake-x.ts";

openFakeXForEachTest();

describe("a sign-in at the fake X", () => {
	it("leads from a request token to the profile", async () => {
		const first = await requestToken();
		expect(first.headers.get("content-type")).toBe("text/html; charset=utf-8");
		expect(await first.clone().text()).toMatch(/&oauth_callback_confirmed=true$/);
		const token = await tokenOf(first);
		const callback = new URL(await approveAtX(page("authenticate", token)));
		expect(`${callback.origin}${callback.pathname}`).toBe(CALLBACK);
		expect(callback.searchParams.get("oauth_token")).toBe(token.token);
		const second = await accessToken(token, verifierOf(callback.href));
		const form = new URLSearchParams(await second.clone().text());
		expect(form.get("user_id")).toBe(ADA.id);
		expect(form.get("screen_name")).toBe(ADA.screenName);
		expect(form.get("oauth_token")).toMatch(/^9007199254740993-.{40}$/);
		const profile = await profileOf(await tokenOf(second));
		expect(profile.headers.get("content-type")).toBe("application/json;charset=utf-8");
		expect(profile.headers.get("x-access-level")).toBe("read");
		const text = await profile.text();
		expect(text).toContain('"id":9007199254740993,');
		expect(JSON.parse(text)).toMatchObject({
			id_str: ADA.id,
			name: ADA.name,
			screen_name: ADA.screenName,
			email: ADA.email,
			profile_image_url_https: expect.stringMatching(/^https:.*_normal\.png$/),
		});
	});

	it("escapes what people write in version 1.1, and nothing in version 2", async () => {
		const bob = { ...BOB, name: `<b>Bob</b> & "Sons" &amp;` };
		const bobsX = await startFakeX({
			apps: [{ ...APP, callbacks: [CALLBACK] }],
			accounts: [{ ...bob, screenName: "an_early_long_handle", description: "1 < 2 & 3" }],
			clock: { now: () => time.now },
		});
		onTestFinished(() => bobsX.close());
		const at = (path: string) => ({ url: `${bobsX.url}${path}` });
		const started = await tokenOf(await requestToken(at("/oauth/request_token")));
		const callback = await approveAtX(
			`${bobsX.url}/oauth/authenticate?oauth_token=${started.token}`,
		);
		const verifier = verifierOf(callback);
		const token = await tokenOf(await accessToken(started, verifier, at("/oauth/access_token")));

		const first = await call("GET", "", {
			...token,
			...at("/1.1/account/verify_credentials.json"),
		});
		expect(await first.json()).toMatchObject({
			name: '&lt;b&gt;Bob&lt;/b&gt; &amp; "Sons" &amp;amp;',
			screen_name: "an_early_long_handle",
			description: "1 &lt; 2 &amp; 3",
		});
		const second = await call("GET", "", { ...token, ...at("/2/users/me") });
		expect(await second.json()).toMatchObject({ data: { name: bob.name } });
	});

	it("takes the verifier from the form body or the query, too", async () => {
		const [one, verifierOfOne] = await approved();
		const inForm = { oauth: {}, form: `oauth_verifier=${verifierOfOne}` };
		expect((await accessToken(one, "", inForm)).status).toBe(200);
		const [two, verifierOfTwo] = await approved();
		const url = `${x.url}/oauth/access_token?oauth_verifier=${verifierOfTwo}`;
		expect((await accessToken(two, "", { oauth: {}, url })).status).toBe(200);
	});

	it("keeps the query of the callback", async () => {
		const token = await newRequestToken(APP, `${CALLBACK}?brand=2&next=%2Fen`);
		const callback = await approveAtX(page("authorize", token));
		expect(callback.startsWith(`${CALLBACK}?brand=2&next=%2Fen&oauth_token=`)).toBe(true);
	});

	it("returns a null email for an account without one, and no email unless asked", async () => {
		const token = await signedIn(APP, BOB.id);
		expect(await (await profileOf(token)).json()).toMatchObject({ id: 12, email: null });
		expect(await (await profileOf(token, "")).json()).not.toHaveProperty("email");
	});

	it("returns no email to an app that may not have it", async () => {
		const token = await signedIn(NO_EMAIL_APP, ADA.id);
		const profile = await profileOf(token, "?include_email=true", NO_EMAIL_APP);
		expect(await profile.json()).not.toHaveProperty("email");
	});

	it("redirects at once after an approval from authenticate only", async () => {
		await approved();
		const token = await newRequestToken();
		const manual = { redirect: "manual" } as const;
		expect((await fetch(page("authorize", token), manual)).status).toBe(200);
		expect((await fetch(page("authenticate", token, "&force_login=true"), manual)).status).toBe(
			200,
		);
		const redirect = await fetch(page("authenticate", token), manual);
		expect(redirect.status).toBe(302);
		const verifier = verifierOf(redirect.headers.get("location") ?? "");
		expect((await accessToken(token, verifier)).status).toBe(200);
	});

	it("asks an account that has not approved the app yet", async () => {
		await approved();
		const cookie = `fake_x_account=${BOB.id}`;
		const url = page("authenticate", await newRequestToken());
		expect((await fetch(url, { headers: { cookie } })).status).toBe(200);
		const other = page("authenticate", await newRequestToken(OTHER_APP));
		expect((await fetch(other)).status).toBe(200);
	});

	it("labels the buttons and the accounts", async () => {
		const token = await newRequestToken();
		const authenticate = await (await fetch(page("authenticate", token))).text();
		expect(authenticate).toContain(">Sign in</button>");
		expect(authenticate).toContain(">Cancel</button>");
		expect(authenticate).toContain('<label for="account">Account</label>');
		const authorize = await (await fetch(page("authorize", token))).text();
		expect(authorize).toContain(">Authorize app</button>");
	});

	it("returns from a denial with the denied token alone", async () => {
		const token = await newRequestToken(APP, `${CALLBACK}?provider=x`);
		const callback = await cancelAtX(page("authenticate", token));
		expect(callback).toBe(`${CALLBACK}?provider=x&denied=${token.token}`);
		await expectPlain(await accessToken(token, "any"), BAD_TOKEN);
	});

	it.each(["authenticate", "authorize"] as const)(
		"shows an error page at %s for a dead token",
		async (name) => {
			const [spent, verifier] = await approved();
			await accessToken(spent, verifier);
			const unknown = { token: "unknown", tokenSecret: "" };
			const old = await newRequestToken();
			time.now += 15 * 60 * 1000;
			for (const token of [spent, unknown, old]) {
				const response = await fetch(page(name, token), { redirect: "manual" });
				expect(response.status).toBe(401);
				expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
				expect(await response.text()).toContain("The request token for this page is invalid");
			}
		},
	);
});

describe("the visitor of the fake X", () => {
	it("chooses the account", async () => {
		const [token, verifier] = await approved(APP, BOB.id);
		const form = new URLSearchParams(await (await accessToken(token, verifier)).text());
		expect(form.get("user_id")).toBe(BOB.id);
	});

	it("fails at a dead request token", async () => {
		const url = page("authorize", { token: "unknown", tokenSecret: "" });
		await expect(approveAtX(url)).rejects.toThrow("answers 401");
		await expect(cancelAtX(url)).rejects.toThrow("answers 401");
	});
});
