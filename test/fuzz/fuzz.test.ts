// Any input gives a page. `npm run fuzz` tries 100,000 cases, `npm test` a small share of them.
import fc from "fast-check";
import { expect, test } from "vitest";
import settingsSchema from "../../settings-schema.json" with { type: "json" };
import { readPlugin } from "../../src/artifact/load/read-plugin.ts";
import { PluginError } from "../../src/artifact/plugin-error.ts";
import { packArchive } from "../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../src/artifact/zip/read-archive.ts";
import type { HttpAnswer, HttpFailure } from "../../src/contract/http.ts";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import { readTypedSettings } from "../../src/helpdesk/settings/typed-settings.ts";
import { typedIn } from "../../src/helpdesk/web/admin/settings/settings-form.ts";
import { TINY_MANIFEST, tinyPlugin } from "../kit/artifact/tiny-plugin.ts";
import { LIMIT_MS, options, anyText as text } from "./any-text.ts";
import { CANARY, FuzzedHost, OAUTH2_SETTINGS, ok, SETTINGS } from "./fuzzed-host.ts";

const name = fc.oneof(
	fc.constantFrom("oauth_token", "oauth_verifier", "denied", "login", "action", "email", "code"),
	fc.constantFrom("return_path", "intent", "screen", "way", "state", "error"),
	text,
);
const fields = fc.array(fc.tuple(name, text), { maxLength: 6 });
const reason = fc.constantFrom("dns", "tls", "timeout", "reset", "too-large");
const answer: fc.Arbitrary<HttpAnswer | HttpFailure> = fc.oneof(
	fc.record({ kind: fc.constant("failure" as const), reason, detail: text }),
	fc.record({
		kind: fc.constant("answer" as const),
		status: fc.oneof(fc.constant(200), fc.integer({ min: 100, max: 999 })),
		headers: fc.dictionary(fc.constantFrom("date", "location", "content-type"), text),
		body: fc.oneof(text, fc.json(), fc.webQueryParameters()),
	}),
);
const cookies = fc.dictionary(fc.oneof(fc.constantFrom("browser", "finished"), text), text);
const HOOKS = ["startLogin", "handleCallback", "continueLogin"] as const;

/** Expects a page or a redirect, without an error beyond the one catch, and without a secret. */
function expectSane(host: FuzzedHost, response: LoginResponse): void {
	if ("page" in response) {
		expect(response.page.status).toBeLessThan(600);
		expect(response.page.html).not.toMatch(/<script|<svg onload/i);
	}
	expect("code" in response && response.code).not.toBe("unexpected");
	for (const said of host.said) {
		expect(said).not.toContain(CANARY);
	}
}

test(
	"any queries, forms and cookies",
	async () => {
		const host = new FuzzedHost();
		const property = fc.asyncProperty(
			fc.constantFrom(...HOOKS),
			fields,
			fields,
			cookies,
			text,
			async (hook, query, form, jar, locale) => {
				host.said.length = 0;
				const method = hook === "handleCallback" ? "GET" : "POST";
				expectSane(host, await host.ask(hook, { method, query, form, cookies: jar, locale }));
			},
		);
		await fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"request tokens: any answer of X at the start",
	async () => {
		const property = fc.asyncProperty(fc.array(answer, { maxLength: 3 }), async (answers) => {
			const host = new FuzzedHost();
			host.xSays(answers);
			expectSane(host, await host.ask("startLogin"));
		});
		await fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"access tokens: any answer of X on the way back",
	async () => {
		const property = fc.asyncProperty(fc.array(answer, { maxLength: 4 }), async (answers) => {
			const host = new FuzzedHost();
			const jar = await host.start();
			host.xSays(answers);
			expectSane(host, await host.comeBack(jar));
		});
		await fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"profiles: any answer of X about a user",
	async () => {
		const profile = fc.oneof(
			answer,
			fc
				.record(
					{
						id_str: fc.oneof(fc.constant("7"), text),
						id: fc.oneof(fc.bigInt().map(Number), fc.constant(7)),
						name: fc.oneof(text, fc.anything()),
						email: fc.oneof(fc.emailAddress(), text, fc.anything()),
						__proto__: fc.anything(),
					},
					{ requiredKeys: [] },
				)
				.map((fieldsOfProfile) => ok(safeJson(fieldsOfProfile))),
		);
		const property = fc.asyncProperty(profile, async (said) => {
			const host = new FuzzedHost();
			const jar = await host.start();
			host.xSays([
				ok("oauth_token=7-t&oauth_token_secret=s&user_id=7&screen_name=ada"),
				said,
				said,
			]);
			expectSane(host, await host.comeBack(jar));
			for (const user of host.users.all()) {
				expect(user.email).toContain("@");
				expect(user.name).not.toMatch(/\p{Cc}/u);
			}
		});
		await fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"OAuth 2.0: any answers of X on the way back",
	async () => {
		const property = fc.asyncProperty(fc.array(answer, { maxLength: 4 }), async (answers) => {
			const host = new FuzzedHost(OAUTH2_SETTINGS);
			const jar = await host.start();
			host.xSays(answers);
			expectSane(host, await host.comeBack(jar));
		});
		await fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"OAuth 2.0: any profile, and without an id nobody is named",
	async () => {
		const id = fc.oneof(fc.constant("7"), text, fc.anything());
		const person = fc.record(
			{
				id,
				username: fc.oneof(text, fc.anything()),
				name: fc.oneof(text, fc.anything()),
				confirmed_email: fc.oneof(fc.emailAddress(), text, fc.anything()),
				__proto__: fc.anything(),
			},
			{ requiredKeys: [] },
		);
		const property = fc.asyncProperty(fc.oneof(person, fc.anything()), async (data) => {
			const host = new FuzzedHost(OAUTH2_SETTINGS);
			const jar = await host.start();
			const body = safeJson({ data });
			host.xSays([ok('{"access_token":"t","token_type":"bearer"}'), ok(body), ok(body)]);
			expectSane(host, await host.comeBack(jar));
			const named = (JSON.parse(body) as { data?: { id?: unknown } }).data?.id;
			const isNamed = typeof named === "string" && /^[0-9]{1,20}$/.test(named);
			expect(isNamed || host.users.all().length === 0).toBe(true);
			for (const user of host.users.all()) {
				expect(user.email).toContain("@");
				expect(user.name).not.toMatch(/\p{Cc}/u);
			}
		});
		await fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"settings: any stored value",
	async () => {
		const value = fc.oneof(text, fc.integer(), fc.boolean());
		const stored = fc
			.dictionary(fc.oneof(fc.constantFrom(...Object.keys(SETTINGS)), text), value)
			.map((some) => ({ ...SETTINGS, ...some }));
		const property = fc.asyncProperty(stored, async (values) => {
			const host = new FuzzedHost(values);
			const page = { page: "login", brandId: "brand", locale: "en", returnPath: "/" } as const;
			await host.plugin.renderLoginButtons(page);
			host.xSays([ok("oauth_token=T&oauth_token_secret=S&oauth_callback_confirmed=true")]);
			const response = await host.ask("startLogin");
			const usable = typeof values.apiKey === "string" && /^[!-~]{1,128}$/.test(values.apiKey);
			expect(response.kind === "redirect" && !usable).toBe(false);
			expectSane(host, response);
		});
		await fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"settings: any input of an administrator",
	() => {
		const schema = settingsSchema as Parameters<typeof readTypedSettings>[0];
		const setting = fc.oneof(fc.constantFrom(...Object.keys(settingsSchema.properties)), text);
		const property = fc.property(fc.array(fc.tuple(setting, text)), (form) => {
			const { values, problems } = readTypedSettings(schema, typedIn(form));
			for (const [name, typed] of Object.entries(values)) {
				expect(Object.keys(settingsSchema.properties)).toContain(name);
				expect(typeof typed).toBe("string");
			}
			for (const name of problems.keys()) {
				expect(Object.keys(settingsSchema.properties)).toContain(name);
			}
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"manifests and locales: refused with a code, or valid",
	() => {
		const manifest = fc.oneof(
			text,
			fc.json(),
			fc
				.tuple(fc.constantFrom(...Object.keys(TINY_MANIFEST)), fc.anything())
				.map(([key, value]) => safeJson({ ...TINY_MANIFEST, [key]: value })),
		);
		const locale = fc.oneof(
			text,
			fc.json(),
			fc.dictionary(fc.oneof(fc.constantFrom("about"), text), text).map(safeJson),
		);
		const property = fc.property(manifest, locale, (manifestText, localeText) => {
			for (const changes of [{ "plugin.json": manifestText }, { "locales/en.json": localeText }]) {
				try {
					const files = readArchive(packArchive(tinyPlugin(changes)));
					expect(readPlugin(files, "20.20.0").manifest.id).toMatch(/^[a-z]/);
				} catch (error) {
					expect(error).toBeInstanceOf(PluginError);
				}
			}
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);

function safeJson(value: unknown): string {
	try {
		return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}` : each)) ?? "";
	} catch {
		return "{";
	}
}
