import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import de from "../../../locales/de.json" with { type: "json" };
import en from "../../../locales/en.json" with { type: "json" };
import { LANGUAGES } from "../../../src/helpdesk/locale/locale.ts";
import { Messages } from "../../../src/plugin/locale/messages.ts";
import { REFUSAL_CODES } from "../../../src/plugin/pages/refusal.ts";

const messages = new Messages(
	new Map([
		["en", en],
		["de", de],
	]),
);

test.each([
	["de", "Mit X anmelden"],
	["de-AT", "Mit X anmelden"],
	["DE_de".replace("_", "-"), "Mit X anmelden"],
	["en-GB", "Log in with X"],
	["tlh", "Log in with X"],
	["", "Log in with X"],
	["__proto__", "Log in with X"],
	["constructor", "Log in with X"],
])("a reader of %j gets %j", (locale, label) => {
	expect(messages.in(locale)("button.log-in")).toBe(label);
});

test("placeholders are filled in, and an unknown one stays", () => {
	const text = messages.in("en");

	expect(text("page.trace", { traceCode: "7F3K" })).toContain("7F3K");
	expect(text("page.trace")).toContain("{traceCode}");
});

test.each(REFUSAL_CODES)("%s has a title and a text in every locale", (code) => {
	for (const locale of ["en", "de"]) {
		const text = messages.in(locale);

		expect(text(`error.${code}.title`).length).toBeGreaterThan(3);
		expect(text(`error.${code}.text`).length).toBeGreaterThan(20);
	}
});

const FOLDER = new URL("../../../locales/", import.meta.url);

test("the plugin speaks each language of the helpdesk", () => {
	const tags = readdirSync(FOLDER).map((name) => name.replace(".json", ""));

	expect(tags.sort()).toEqual([...LANGUAGES.keys()].sort());
});

test.each([...LANGUAGES.keys()])("%s has one wait in its six sentences that ask for one", (tag) => {
	const texts: Readonly<Record<string, string>> = JSON.parse(
		readFileSync(new URL(`${tag}.json`, FOLDER), "utf8"),
	);
	const waits = Object.keys(texts).filter((key) => texts[key]?.includes("{wait}"));

	expect(waits.map((key) => key.replace("form.problem.", ""))).toEqual([
		...["letters-of-network", "letters-of-account", "letters-of-address"],
		...["guesses-of-network", "guesses-of-account", "forms-of-network"],
	]);
	expect(texts["form.wait"]).toContain("{minutes, plural,");
	expect(Object.values(texts).filter((text) => text.includes("{minutes"))).toHaveLength(1);
});
