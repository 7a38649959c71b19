import { expect, test } from "vitest";
import { openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { X } from "../../../kit/helpdesk/people-with-x.ts";

const SETTINGS = `${X}?brand=acorn`;
const KEY = "xvz1evFS4wEEPTGEFPHBog";
const SECRET = "L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOg";

test.each([
	["trailing line ends", `${KEY}\r\n`, `${SECRET}\n`],
	["no-break and zero-width spaces", `\u00a0${KEY}\u200b`, `\ufeff${SECRET}\u2060`],
	["marks of direction and fillers", `\u202a${KEY}\u202c`, `\u3164${SECRET}\u00ad`],
])("finding B12: %s around a key are left out", async (_, apiKey, apiKeySecret) => {
	const open = await openHelpdesk();
	await setUpX(open);
	await open.operator.open(`${open.portal}${SETTINGS}`);

	const { status, html } = await open.operator.submit(SETTINGS, { apiKey, apiKeySecret });

	expect(status).toBe(200);
	expect(html).toContain("The settings are saved");
	expect(html).toContain(`value="${KEY}"`);
});

const ALONE = "Copy the key alone.";
test.each([
	["quotation marks", `"${KEY}"`, ALONE],
	["single quotation marks and a comma", `'${KEY}',`, ALONE],
	["braces", `{${KEY}}`, ALONE],
	["brackets", `<${KEY}>`, ALONE],
	["the name of a variable", `API_KEY=${KEY}`, ALONE],
	["a property", `apiKey:${KEY}`, ALONE],
	["typographic quotation marks", `“${KEY}”`, "do not belong here"],
	["a word", `API key: ${KEY}`, "do not belong here"],
	["an invisible character within", `xvz1\u200bevFS4wEEPTGEFPHBog`, "do not belong here"],
])(
	"finding B12: a key in or with %s is refused beside its field, with what to do",
	async (_, typed, sentence) => {
		const open = await openHelpdesk();
		await setUpX(open);
		const before = (await open.storage.list(["plugin-settings"])).entries;
		await open.operator.open(`${open.portal}${SETTINGS}`);

		const asKey = await open.operator.submit(SETTINGS, { apiKey: typed });
		expect([asKey.status, asKey.html.includes(sentence)]).toEqual([400, true]);
		const asSecret = await open.operator.submit(SETTINGS, { apiKey: "k", apiKeySecret: typed });
		expect(asSecret.status).toBe(400);
		expect(asSecret.html).toContain(sentence.replace("the key", "the secret"));
		expect(asSecret.html).not.toContain(typed);

		expect((await open.storage.list(["plugin-settings"])).entries).toEqual(before);
	},
);
