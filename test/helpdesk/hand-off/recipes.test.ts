// Each preset has a recipe for the administrator of that helpdesk, and both say the same.
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { handOffPaths } from "../../../src/helpdesk/hand-off/hand-off-paths.ts";
import { HAND_OFF_PRESETS } from "../../../src/helpdesk/hand-off/presets/hand-off-presets.ts";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import { PRESETS } from "../../../src/helpdesk/openid/presets/presets.ts";

const FOLDER = new URL("../../../src/helpdesk/hand-off/", import.meta.url);
const ENGLISH = localeFor(undefined, "en");
const HEADINGS = [
	"What you need",
	"What to enter here",
	"What to paste there",
	"People who have an account there",
	"Log-out",
	"Not checked",
	"Tell us",
];

test("there is a recipe for each preset, and none for anything else", async () => {
	const files = await readdir(new URL("recipes/", FOLDER));
	expect(files.sort()).toEqual(HAND_OFF_PRESETS.map(({ id }) => `${id}.md`).sort());
	const readme = await readFile(new URL("README.md", FOLDER), "utf8");
	for (const { id, name, algorithm } of HAND_OFF_PRESETS) {
		expect(readme).toMatch(
			new RegExp(
				`\\| ${name.replace(/[()]/g, "\\$&")} +\\| \\[${id}\\]\\(recipes/${id}.md\\).*${algorithm}`,
			),
		);
	}
	expect(readme).toContain("None of these was tried against the real service");
});

test("no preset of a signed token has the id of one of OpenID Connect", () => {
	const ids = [...HAND_OFF_PRESETS, ...PRESETS].map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
});

describe.each(HAND_OFF_PRESETS)("the recipe of $name", (preset) => {
	const recipe = () => readFile(new URL(`recipes/${preset.id}.md`, FOLDER), "utf8");

	test("has the sections of every recipe, and says that it was not tried", async () => {
		const text = await recipe();
		expect(text).toMatch(
			`# ${preset.name}\n\nHow far this was tried: against its documentation, not with a`,
		);
		const headings = text.split("\n").filter((line) => line.startsWith("## "));
		expect(headings.map((line) => line.slice(3))).toEqual(HEADINGS);
		expect(text.replace(/\s+/g, " ")).toContain("addresses that are never passed on");
		expect(text).toContain("open an issue of this project");
	});

	test("names the fields of the preset", async () => {
		const text = await recipe();
		const { handOff, logOut } = handOffPaths("the-id-of-it");
		const rows = text.split("\n").filter((line) => line.startsWith("| "));
		const cells = rows.slice(2).map((row) =>
			row
				.split("|")
				.slice(1, -1)
				.map((cell) => cell.trim().replaceAll("`", "")),
		);
		expect(cells).toEqual(
			preset.fields.map(({ label, value }) => [
				ENGLISH.say(label),
				`https://help.example.com${value === "hand-off" ? handOff : logOut}`,
			]),
		);
		for (const words of [
			ENGLISH.say(preset.address.label),
			preset.address.example,
			preset.secretLabel,
		]) {
			expect(text).toContain(words);
		}
		expect(text.includes("**API token**")).toBe(preset.hasApi);
		expect(preset.sources.every((source) => source.startsWith("https://"))).toBe(true);
	});
});
