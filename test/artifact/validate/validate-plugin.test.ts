import { expect, test } from "vitest";
import { FINDING_RULES } from "../../../src/artifact/finding.ts";
import { validateArchive, validateFiles } from "../../../src/artifact/validate/validate-plugin.ts";
import { soundPlugin, soundZip } from "../../kit/artifact/sound-plugin.ts";
import { TINY_MANIFEST } from "../../kit/artifact/tiny-plugin.ts";
import { processorClock } from "../../kit/processor-clock.ts";
import { FIXTURES } from "./finding-fixtures.ts";

test("a valid plugin has no findings, packed or not", () => {
	expect(validateFiles(soundPlugin())).toEqual([]);
	expect(validateArchive(soundZip())).toEqual([]);
});

test("there is a fixture for every finding", () => {
	expect(Object.keys(FIXTURES).sort()).toEqual(Object.keys(FINDING_RULES).sort());
});

test.each(Object.entries(FIXTURES))(
	"%s is found alone, in its place, with a fix",
	(code, fixture) => {
		const findings = fixture.findings();

		expect(findings.map((each) => each.code)).toEqual([code]);
		const [found] = findings;
		const place = [found?.file, found?.line].filter((part) => part !== undefined).join(":");
		expect(place || "the whole").toBe(fixture.place);
		expect(found?.message).toContain(fixture.says);
		expect(found?.fix).not.toBe("");
	},
);

test("a manifest that names a file outside of the plugin is refused", () => {
	const manifest = JSON.stringify({ ...TINY_MANIFEST, icon: "a/../../icon.svg" });
	const findings = validateFiles(soundPlugin({ "plugin.json": manifest }));

	expect(findings.map(({ code, file }) => `${code} ${file}`)).toContain("unsafe-path plugin.json");
});

test("repeated findings are counted, not listed a thousand times", () => {
	const links = Array.from({ length: 1_000 }, (_, index) => `http://tiny.example/${index}\n`);
	const findings = validateFiles(soundPlugin({ "README.md": links.join("") }));

	expect(findings).toHaveLength(20);
	expect(findings[0]?.message).toContain("980 more");
});

test.each([
	["locale", "locales/de.json", (n: number) => [`text.${n}`, ""]],
	["settings schema", "settings.json", (n: number) => [`setting${n}`, { type: "string" }]],
] as const)(
	"a %s of 50,000 entries takes no longer than five seconds of a processor",
	(_, file, entry) => {
		const entries = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => entry(n)));
		const schema = {
			$schema: "https://json-schema.org/draft/2020-12/schema",
			type: "object",
			additionalProperties: false,
			properties: entries,
		};
		const seconds = processorClock();
		const text = JSON.stringify(file === "settings.json" ? schema : entries);

		expect(validateFiles(soundPlugin({ [file]: text })).length).toBeGreaterThan(0);
		expect(seconds()).toBeLessThan(5);
	},
);
