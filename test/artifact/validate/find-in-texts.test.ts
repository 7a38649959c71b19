import { expect, test } from "vitest";
import { findSvg } from "../../../src/artifact/find-svg.ts";
import type { Finding, Report } from "../../../src/artifact/finding.ts";
import { findReadableSecrets } from "../../../src/artifact/validate/find-readable-secrets.ts";
import { findSecrets } from "../../../src/artifact/validate/find-secrets.ts";
import { findPlainHttp } from "../../../src/artifact/validate/find-urls.ts";
import type { SettingsSchema } from "../../../src/contract/settings-schema.ts";
import { processorClock } from "../../kit/processor-clock.ts";

function collect(find: (report: Report) => void): Finding[] {
	const findings: Finding[] = [];
	find((found) => findings.push(found));
	return findings;
}

const svg = (inside: string, attributes = ""): string =>
	`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`;

test.each([
	["a script", svg("<script>alert(1)</script>")],
	["an event handler", svg("", 'onload="alert(1)"')],
	["an event handler in capitals", svg("", 'ONLOAD="alert(1)"')],
	["foreign markup", svg("<foreignObject><body/></foreignObject>")],
	["a link", svg('<a href="https://evil.example"><path d=""/></a>')],
	["an image", svg('<image href="https://evil.example/a.png"/>')],
	["a use of itself", svg('<g id="a"><use href="#a"/></g>')],
	["an animation", svg('<animate attributeName="href" values="javascript:alert(1)"/>')],
	["a style sheet", svg("<style>@import url(https://evil.example)</style>")],
	["a style", svg("", 'style="background:url(https://evil.example)"')],
	["a paint from elsewhere", svg('<path fill="url(https://evil.example#a)"/>')],
	["a filter from elsewhere", svg('<path mask="url(//evil.example#a)"/>')],
	["a document type", `<!DOCTYPE svg>${svg("")}`],
	[
		"entities",
		`<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${svg("<title>&b;</title>")}`,
	],
	["an outer entity", `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>${svg("&a;")}`],
	["a style sheet of its document", `<?xml-stylesheet href="a.css"?>${svg("")}`],
	["another encoding", `<?xml version="1.0" encoding="UTF-7"?>${svg("")}`],
	["another namespace", '<svg xmlns="http://www.w3.org/1999/xhtml"/>'],
	[
		"a prefix",
		'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xhtml"><x:script/></svg>',
	],
	["a comment that HTML ends sooner", svg("<!--><script>alert(1)</script>-->")],
	[
		"a CDATA section where HTML has none",
		svg("<title><g><![CDATA[><script>alert(1)</script>]]></g></title>"),
	],
	["no SVG", "<html/>"],
	["no XML", "<svg"],
	["an attribute without quotes", "<svg onload=alert(1)/>"],
	["bottomless depth", "<g>".repeat(200_000)],
])("an icon with %s is unsafe", (_, icon) => {
	const codes = collect((report) => findSvg("icon.svg", icon, report)).map(({ code }) => code);

	expect(new Set(codes)).toEqual(new Set(["unsafe-svg"]));
});

test.each([
	svg('<title>X &amp; Y</title><path d="M0 0h1"/>', 'viewBox="0 0 24 24" fill="currentColor"'),
	svg('<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><g fill="url(#a)"/>'),
	`<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn -->\n${svg("<text>https://x.com</text>", 'role="img" aria-label="X"')}`,
	svg("", 'xmlns:xlink="http://www.w3.org/1999/xlink"'),
])("a plain drawing is safe: %s", (icon) => {
	expect(collect((report) => findSvg("icon.svg", icon, report))).toEqual([]);
});

const RANDOM = "kd94hf93k423kf44kd94hf93k423kf44";

test.each([
	["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----"],
	["a key of AWS", 'id = "AKIAIOSFODNN7EXAMPLE"'],
	["an access token of X", `"2244994945-${"aB3dE5gH7j".repeat(4)}"`],
	["a bearer token of X", `AAAAAAAAAAAAAAAAAAAAA${"aB3%2Fd".repeat(12)}`],
	["a consumer secret", `"consumer_secret": "${RANDOM}"`],
	["a consumer key", `consumerKey: '${RANDOM}'`],
	["an API key secret", `const apiKeySecret = \`${RANDOM}\`;`],
	["a header", `authorization: "Bearer ${RANDOM}"`],
	["basic credentials", "Authorization: Basic dXNlcjpwYXNzd29yZDEyMzQ1Njc4OQ=="],
	["a token of GitHub", `ghp_${"aB3dE5".repeat(6)}`],
	["a JSON web token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${RANDOM}`],
	["a password in an address", "postgres://admin:hunter22@db.example/a"],
])("%s is found, and not shown", (_, text) => {
	const findings = collect((report) => findSecrets("main.mjs", `\n${text}\n`, report));

	expect(findings).toEqual([expect.objectContaining({ code: "secret", line: 2 })]);
	expect(findings[0]?.message.length).toBeLessThan(80);
});

test("a secret without quotes is found where there is no code", () => {
	const text = `API_KEY=${RANDOM}`;

	expect(collect((report) => findSecrets(".env", text, report))).toHaveLength(1);
	expect(collect((report) => findSecrets("main.mjs", text, report))).toEqual([]);
});

test.each([
	'"oauth_token_secret": "oauth_token_secret_of_the_app"',
	'const apiKeySecret = "your-api-key-secret-1234567890";',
	'"settings.apiKeySecret.label": "API key secret (1 of 2), shown by X once"',
	"token = makeTokenFromSecret(consumerSecret, 1234567890)",
	'"sha512-Thbli+OlOj+iMPYFBVBfJ3OmCAnaSyNn4M1vz9T6Gka5Jt9ba/HIR56joy65tY6kx/FCF5VXNB819Y7/GUrBGA=="',
	"https://help.example.com/?token=abc",
	"-----BEGIN PUBLIC KEY-----",
	'password: "requestedByTheVisitor"',
])("a text that only sounds like a secret is allowed: %s", (text) => {
	expect(collect((report) => findSecrets("main.mjs", text, report))).toEqual([]);
});

test.each([
	["letters", "a".repeat(2_000_000)],
	["keywords", "secret_token.".repeat(150_000)],
	["capitals", "A".repeat(2_000_000)],
	["digits", "1".repeat(2_000_000)],
	["half a web token", "eyJaaaaaaaaaa-".repeat(150_000)],
	["schemes", "ab://a:".repeat(300_000)],
	["slashes", "//a@".repeat(500_000)],
])(
	"five seconds of a processor are enough to look for secrets and addresses in many %s",
	(_, text) => {
		const seconds = processorClock();

		collect((report) => findSecrets("README.md", text, report));
		collect((report) => findPlainHttp("README.md", text, report));
		expect(seconds()).toBeLessThan(5);
	},
);

test.each([
	["README.md", "http://tiny.example", 1],
	["plugin.json", '"HTTP://tiny.example"', 1],
	["README.md", "https://tiny.example", 0],
	["README.md", "http://localhost:8080/login and http://127.0.0.1", 0],
	["README.md", "http://localhost.evil.example", 1],
	["icon.svg", 'xmlns="http://www.w3.org/2000/svg"', 0],
	["LICENSE", "http://www.apache.org/licenses/", 0],
])("in %s, %s is a plain address %i times", (file, text, times) => {
	expect(collect((report) => findPlainHttp(file, text, report))).toHaveLength(times);
});

const TEXT = { type: "string" } as const;

test.each([
	[{ apiKey: TEXT, apiKeySecret: { ...TEXT, writeOnly: true } }, []],
	[{ apiKey: TEXT }, ["apiKey"]],
	[{ apiKey: TEXT, apiKeySecret: TEXT }, ["apiKey", "apiKeySecret"]],
	[
		{ smtpPassword: TEXT, accessToken: TEXT, privateKey: TEXT },
		["smtpPassword", "accessToken", "privateKey"],
	],
	[{ accessToken: { ...TEXT, writeOnly: true } }, []],
	[{ tokenMinutes: { type: "integer" }, passwords: { ...TEXT, enum: ["allowed"] } }, []],
	[{ publicKey: TEXT, keyword: TEXT, host: TEXT }, []],
] as const)("of the settings %j, %j look secret and can be read", (properties, names) => {
	const schema = { properties } as unknown as SettingsSchema;
	const findings = collect((report) => findReadableSecrets("settings.json", schema, report));

	expect(findings.map(({ message }) => /setting (\w+)/.exec(message)?.[1])).toEqual(names);
});
