import { expect, test } from "vitest";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../../kit/eventually.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { API_KEY_SECRET, openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { mailboxOf } from "../../../kit/helpdesk/register-by-letter.ts";

const SETTINGS = "/admin/settings/general/integrations/x-login?brand=acorn";

const CLIENT_ID = Buffer.from("Q3zGFKxV8EhfGABCDEFGH:1:ci").toString("base64url");
const BEARER_TOKEN = `AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3D${"E".repeat(40)}`;

test("keys that were copied with spaces and invisible characters around them work", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await open.operator.open(`${open.portal}${SETTINGS}`);
	const around = (key: string) => `\u200b \t${key}\u00a0\r\n\ufeff`;

	await open.operator.submit(SETTINGS, {
		apiKey: around("api-key"),
		apiKeySecret: around(API_KEY_SECRET),
		action: "test",
	});

	expect(open.operator.seen.html).toContain("X knows the keys");
	expect(open.operator.seen.html).toContain('value="api-key"');
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
	["an OAuth 2.0 Client ID", { apiKey: CLIENT_ID }, "This is an OAuth 2.0 Client ID"],
	["a Bearer Token", { apiKey: BEARER_TOKEN }, "This is a Bearer Token"],
	["an Access Token", { apiKey: `2244994945-${"a1B".repeat(13)}` }, "This is an Access Token"],
	["the key as its secret", { apiKey: "same", apiKeySecret: " same\n" }, "the API key again"],
	[
		"a Client ID as secret",
		{ apiKey: "k", apiKeySecret: CLIENT_ID },
		"This is an OAuth 2.0 Client",
	],
	[
		"a Bearer Token as secret",
		{ apiKey: "k", apiKeySecret: BEARER_TOKEN },
		"Press Regenerate there",
	],
	["an unknown mode", { apiKey: "fine", mode: "whatever" }, "one of the values offered"],
])(
	"%s is refused beside its field, and the typed value and the stored settings stay",
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

test("an operator's address cannot be registered by a visitor, and the operator is told by a letter", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/register`);

	const { status, html } = await visitor.submit("/register", {
		name: "Eve",
		email: open.helpdesk.operator.email.toUpperCase(),
		password: "correct horse",
	});

	expect([status, html]).toEqual([200, expect.stringContaining("Look at your mail")]);
	await eventually(async () => {
		const letters = await mailboxOf(open)();
		expect(letters).toContain("You cannot register at Acorn Outdoor with this address");
		expect(letters).not.toContain("/register/confirm");
	});
});

test.each(["nobody", "a".repeat(600), "%00", "%F0%9F%A6%8A"])(
	"a user %j is not found",
	async (id) => {
		const { operator, helpdesk } = await openHelpdesk();

		const seen = await operator.open(`${helpdesk.adminUrl}/users/${id}/export`);

		expect(seen.status).toBe(404);
	},
);

test("settings for all brands are set once, and each field says where its value comes from", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await operator.open(`${portal}/admin/settings/general/integrations`);
	await operator.submit("/admin/settings/general/integrations/x-login/activate");
	const all = "/admin/settings/general/integrations/x-login?brand=*";
	await operator.open(`${portal}${all}`);
	expect(operator.seen.html).not.toContain("Callback URL");
	await operator.submit("/admin/settings/general/integrations/x-login?brand=*", {
		apiKey: "common-key",
		apiKeySecret: `${API_KEY_SECRET}-that-is-long`,
		mode: "login-only",
	});
	expect(operator.seen.html).toContain("Set for all brands");

	await operator.open(`${portal}${SETTINGS}`);
	expect(operator.seen.html).toContain("From all brands: common-key");
	expect(operator.seen.html).toContain("As for all brands: Log in only");
	expect(operator.seen.html).toMatch(
		/A secret is stored for all brands: set on [A-Z][a-z]+ \d+, \d{4}, ends in long/,
	);
	await operator.submit(SETTINGS, { apiKey: "own-key", mode: "link-only" });
	expect(operator.seen.html).toContain("Set for this brand");
	expect(operator.seen.html).not.toContain("Remove the stored secret");
});

test("a stored secret is removed by its box, and by nothing else", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { operator, portal } = open;
	await operator.open(`${portal}${SETTINGS}`);
	await operator.submit(SETTINGS, { apiKey: "api-key" });
	expect(operator.seen.html).toContain("A secret is stored");
	await operator.submit(SETTINGS, { apiKey: "api-key", "apiKeySecret-remove": "on" });

	expect(operator.seen.html).toContain("No secret is stored");
	await operator.open(`${portal}/admin/settings/users/social-login/x-login`);
	expect(operator.seen.html).toContain("has no keys yet");
});

test("a refused save keeps the typed values, but no secret, and stores nothing", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { operator, portal } = open;
	const before = (await open.storage.list(["plugin-settings"])).entries;
	await operator.open(`${portal}${SETTINGS}`);
	const typed = { apiKey: "with space", apiKeySecret: "typed-secret", allowedDomains: "a.example" };

	expect(await operator.submit(SETTINGS, typed)).toMatchObject({ status: 400 });
	expect(operator.seen.html).toContain('value="with space"');
	expect(operator.seen.html).toContain('value="a.example"');
	expect(operator.seen.html).not.toContain("typed-secret");
	expect((await open.storage.list(["plugin-settings"])).entries).toEqual(before);
});

test("Test connection shows what is wrong, keeps it with its time, and blocks switching on", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { operator, portal, fakeX } = open;
	const manage = "/admin/settings/users/social-login/x-login";
	await operator.open(`${portal}${manage}`);
	await operator.submit(manage, {});
	const TEST = "/admin/settings/general/integrations/x-login/test?brand=acorn";
	fakeX.answerNext({ call: "request_token", fault: "415", times: "always" });
	await operator.open(`${portal}${SETTINGS}`);
	expect(operator.seen.html).toContain("Not tested since the settings were saved");
	await operator.submit(TEST);
	expect(operator.seen.html).toContain("X does not accept this brand&#39;s callback URL");
	expect(operator.seen.html).toContain("Tested 20");

	await operator.open(`${portal}${manage}`);
	expect(await operator.submit(manage, { acorn: "on" })).toMatchObject({ status: 409 });
	expect(operator.seen.html).toContain("Switch Acorn Outdoor on anyway");
	// The brand is still chosen, so that only the new box has to be checked.
	expect(operator.seen.html).toMatch(
		/id="switch-acorn" role="switch" name="acorn" checked aria-describedby="switch-acorn-problem" aria-invalid="true"/,
	);
	expect(operator.seen.html).toContain('<a href="#switch-acorn">Acorn Outdoor: not switched on');
	expect(operator.seen.html).toContain('id="switch-acorn-problem">The last test failed');
	expect((await new HttpVisitor().open(`${portal}/login`)).html).not.toContain("Log in with X");
	await operator.submit(manage, { acorn: "on", "acorn-anyway": "on" });
	expect((await new HttpVisitor().open(`${portal}/login`)).html).toContain("Log in with X");

	fakeX.clearScenarios();
	await operator.open(`${portal}${SETTINGS}`);
	await operator.submit(TEST);
	expect(operator.seen.html).toContain("X knows the keys");
	await operator.submit(SETTINGS, { apiKey: "api-key" });
	expect(operator.seen.html).toContain("Not tested since the settings were saved");
});

test("Save and test saves and tests valid settings, does neither with refused ones, and shows no secret again", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { operator, portal, fakeX } = open;
	await operator.open(`${portal}${SETTINGS}`);
	expect(operator.seen.html).toContain("with the saved keys");
	fakeX.resetStats();
	const typed = { apiKey: "other-key", apiKeySecret: "typed-just-now", action: "test" };

	await operator.submit(SETTINGS, { ...typed, mode: "everybody" });
	expect(operator.seen.status).toBe(400);
	expect(fakeX.stats().total).toBe(0);
	await operator.submit(SETTINGS, typed);
	expect(operator.seen.html).toContain("The settings are saved");
	expect(operator.seen.html).toContain("X does not know the API key");
	expect(operator.seen.html).not.toContain("typed-just-now");
	await operator.submit(SETTINGS, {
		apiKey: "api-key",
		apiKeySecret: API_KEY_SECRET,
		action: "test",
	});
	expect(operator.seen.html).toContain("X knows the keys");

	const all = SETTINGS.replace("acorn", "*");
	await operator.open(`${portal}${all}`);
	expect(operator.seen.html).not.toContain("Save and test");
	expect(operator.seen.html).toMatch(/apply to every brand without its own.*API key/s);
	expect(await operator.submit(all, { action: "test" })).toMatchObject({ status: 200 });
});

test.each(["not a domain", "foo", "@example.com", "*.example.com", "https://example.com", "a..b"])(
	"the domain list %j is refused by name",
	async (list) => {
		const open = await openHelpdesk();
		await setUpX(open);
		await open.operator.open(`${open.portal}${SETTINGS}`);

		const refused = await open.operator.submit(SETTINGS, {
			apiKey: "api-key",
			allowedDomains: list,
		});
		expect(refused).toMatchObject({ status: 400 });
		expect(refused.html).toContain("is not a domain");
		const fine = { apiKey: "api-key", allowedDomains: "Example.com, b.example; münchen.example" };
		expect(await open.operator.submit(SETTINGS, fine)).toMatchObject({ status: 200 });
	},
);

test("with a different key file the brand needs set-up, and the secret can be entered again", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const first = await openHelpdesk({ storage, clock });
	await setUpX(first);
	const { email, password } = first.helpdesk.operator;

	const second = await openHelpdesk({ storage, clock });
	const operator = new HttpVisitor();
	await operator.open(`${second.helpdesk.adminUrl}/login`);
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await operator.open(`${second.portal}/admin/settings/general/integrations`);
	expect(operator.seen.html).toContain("Needs set-up for Acorn Outdoor");
	await operator.open(`${second.portal}${SETTINGS}`);
	expect(operator.seen.html).toContain("saved with a different key file");
	await operator.submit(SETTINGS, { apiKey: "api-key", apiKeySecret: API_KEY_SECRET });
	expect((await new HttpVisitor().open(`${second.portal}/login`)).html).toContain("Log in with X");
});

test("a brand without its own keys uses those of all brands, whatever else it sets, and can go back to them", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { operator, portal } = open;
	const all = "/admin/settings/general/integrations/x-login?brand=*";
	const harbor = "/admin/settings/general/integrations/x-login?brand=harbor";
	await operator.open(`${portal}${all}`);
	// Only a mode, before there are any keys; then the keys.
	expect(await operator.submit(all, { mode: "login-only" })).toMatchObject({ status: 200 });
	const keys = { apiKey: "common-key", apiKeySecret: API_KEY_SECRET, mode: "login-only" };
	expect(await operator.submit(all, keys)).toMatchObject({ status: 200 });

	await operator.open(`${portal}${harbor}`);
	expect((await operator.submit(harbor, {})).html).toContain("The settings are saved");
	await operator.submit(harbor, { mode: "link-only" });
	expect(operator.seen.html).toContain("The settings are saved");
	expect(operator.seen.html).toContain("From all brands: common-key");

	await operator.open(`${portal}${SETTINGS}`);
	await operator.submit(SETTINGS, { apiKey: "", "apiKeySecret-remove": "on" });
	expect(operator.seen.html).toContain("From all brands: common-key");
	expect(operator.seen.html).toContain("A secret is stored for all brands");
	expect((await new HttpVisitor().open(`${portal}/login`)).html).toContain("Log in with X");
});

test("a refused save says which secret to enter again, keeps the box for removal checked, and shows the values in force", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { operator, portal } = open;
	const all = "/admin/settings/general/integrations/x-login?brand=*";
	await operator.open(`${portal}${all}`);
	await operator.submit(all, { apiKey: "common-key" });
	const harbor = "/admin/settings/general/integrations/x-login?brand=harbor";
	await operator.open(`${portal}${harbor}`);
	await operator.submit(harbor, { apiKeySecret: "typed-secret", allowedDomains: "@foo.com" });
	expect(operator.seen).toMatchObject({ status: 400 });
	expect(operator.seen.html).toContain("Enter this again");
	expect(operator.seen.html).toContain("From all brands: common-key");
	expect(operator.seen.html).not.toMatch(/undefined|typed-secret/);

	await operator.open(`${portal}${SETTINGS}`);
	await operator.submit(SETTINGS, { allowedDomains: "@foo.com", "apiKeySecret-remove": "on" });
	expect(operator.seen.html).toMatch(/name="apiKeySecret-remove"[^>]* checked/);
});
