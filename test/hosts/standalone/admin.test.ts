import { expect, test } from "vitest";
import { HttpVisitor } from "./http-visitor.ts";
import { API_KEY_SECRET, openHelpdesk, setUpX } from "./open-helpdesk.ts";

const SETTINGS = "/admin/settings/general/integrations/x-login?brand=acorn";

test.each([
	["GET", "/admin"],
	["GET", "/admin/profile"],
	["POST", "/admin/profile"],
	["GET", "/admin/settings/general/integrations"],
	["POST", "/admin/settings/general/integrations/x-login/activate"],
	["POST", "/admin/settings/general/integrations/x-login/deactivate"],
	["GET", "/admin/settings/general/integrations/x-login"],
	["POST", "/admin/settings/general/integrations/x-login"],
	["GET", "/admin/settings/users/social-login"],
	["GET", "/admin/settings/users/social-login/x-login"],
	["POST", "/admin/settings/users/social-login/x-login"],
	["POST", "/admin/logout"],
])("operators only: %s %s leads anybody else to the log-in", async (method, path) => {
	const { portal } = await openHelpdesk();
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/admin/login`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];

	const answer = await visitor.request(`${portal}${path}`, {
		method,
		...(method === "POST" && { body: new URLSearchParams({ _csrf: proof }) }),
	});

	expect([answer.status, answer.headers.get("location")]).toEqual([303, "/admin/login"]);
});

test("an empty secret field keeps the secret, and no page ever shows it", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await open.operator.open(`${open.portal}${SETTINGS}`);
	expect(open.operator.seen.html).toContain("A secret is stored");
	expect(open.operator.seen.html).not.toContain(API_KEY_SECRET);

	await open.operator.submit(SETTINGS, { apiKey: " api-key ", mode: "login-only" });

	expect(open.operator.seen.html).toContain("The settings are saved");
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login`);
	expect((await visitor.submit("/login/x-login/start")).status).toBe(303);
	const stored = (await open.storage.list(["plugin-settings"])).entries;
	expect(JSON.stringify(stored)).not.toContain(API_KEY_SECRET);
	expect(open.log.join()).not.toContain(API_KEY_SECRET);
});

test.each([
	["an API key with a space", { apiKey: "two words" }, "do not belong here"],
	["an overlong API key", { apiKey: "a".repeat(200) }, "longer than 128"],
	["an OAuth 2.0 Client ID", { apiKey: "cXpHRkt4VjhFaGZHMTpjaQ:MTpjaQ" }, "OAuth 2.0 Client ID"],
	["the key as its secret", { apiKey: "same", apiKeySecret: "same" }, "the API key again"],
	["an unknown mode", { apiKey: "fine", mode: "whatever" }, "one of the values offered"],
])(
	"%s is refused beside its field; what was typed stays, what was stored too",
	async (_, typed, sentence) => {
		const open = await openHelpdesk();
		await setUpX(open);
		const before = (await open.storage.list(["plugin-settings"])).entries;
		await open.operator.open(`${open.portal}${SETTINGS}`);

		const { status, html } = await open.operator.submit(SETTINGS, typed);

		expect(status).toBe(400);
		expect(html).toContain(sentence);
		expect(html).toContain(`value="${typed.apiKey}"`);
		expect((await open.storage.list(["plugin-settings"])).entries).toEqual(before);
	},
);

test("a brand without keys cannot be switched on and says why", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const manage = "/admin/settings/users/social-login/x-login";
	await open.operator.open(`${open.portal}${manage}`);
	expect(open.operator.seen.html).toContain("Harbor Music has no keys yet");
	expect(open.operator.seen.html).toContain("/x-login?brand=harbor");

	await open.operator.submit(manage, { acorn: "on", harbor: "on" });

	const harbor = open.helpdesk.brands[1]?.baseUrl ?? "";
	expect((await new HttpVisitor().open(`${harbor}/login`)).html).not.toContain("x-login/start");
});

test("the operator changes their password, and only with the current one", async () => {
	const open = await openHelpdesk();
	const { email, password } = open.helpdesk.operator;
	const change = async (current: string) => {
		await open.operator.open(`${open.portal}/admin/profile`);
		return open.operator.submit("/admin/profile", { current, new: "a new long password" });
	};
	expect((await change("wrong")).status).toBe(400);
	expect((await change(password ?? "")).html).toContain("Your password is changed");

	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/admin/login`);
	await visitor.submit("/admin/login", { email, password: password ?? "" });
	expect(visitor.seen.status).toBe(400);
	await visitor.submit("/admin/login", { email, password: "a new long password" });
	expect(visitor.seen.url).toBe(`${open.portal}/admin`);
});

test("an operator's address cannot be registered by a visitor", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/register`);

	const { status } = await visitor.submit("/register", {
		name: "Eve",
		email: open.helpdesk.operator.email.toUpperCase(),
		password: "correct horse",
	});

	expect(status).toBe(409);
});
