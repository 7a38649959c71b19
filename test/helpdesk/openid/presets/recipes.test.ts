// Each preset has a recipe for the administrator of that helpdesk, and both say the same.
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { secret } from "../../../../src/contract/secret.ts";
import { localeFor } from "../../../../src/helpdesk/locale/locale.ts";
import { pasteTable } from "../../../../src/helpdesk/openid/presets/paste-table.ts";
import { PRESETS } from "../../../../src/helpdesk/openid/presets/presets.ts";

const FOLDER = new URL("../../../../src/helpdesk/openid/recipes/", import.meta.url);

const ENGLISH = localeFor(undefined, "en");
const ISSUER = "https://help.example.com/oidc";
const HEADINGS = [
	"What you need",
	"What to enter here",
	"What to paste there",
	"People who have an account there",
	"Log-out",
	"Not checked",
];

async function recipeOf(id: string): Promise<string> {
	return readFile(new URL(`${id}.md`, FOLDER), "utf8");
}

/** The text below a heading, up to the next one. */
function sectionOf(recipe: string, heading: string): string {
	const [, after = ""] = recipe.split(`\n## ${heading}\n`);
	return after.split("\n## ")[0] ?? "";
}

/** The rows of a table, without its head. */
function tableIn(text: string): readonly (readonly string[])[] {
	return text
		.split("\n")
		.filter((line) => line.startsWith("| "))
		.map((line) =>
			line
				.split("|")
				.slice(1, -1)
				.map((cell) => cell.trim().replaceAll("`", "")),
		)
		.slice(2);
}

/** What stands in backticks on the lines of a bullet. */
function codeIn(text: string, bullet: string): readonly string[] {
	const [, after = ""] = text.split(`- **${bullet}**:`);
	const line = after.split("\n- ")[0] ?? "";
	return line.split("`").filter((_, index) => index % 2 === 1);
}

test("there is a recipe for each preset, and none for anything else", async () => {
	const files = await readdir(FOLDER);
	const pages = files.filter((name) => name.endsWith(".md")).sort();
	expect(pages).toEqual(PRESETS.map(({ id }) => `${id}.md`).sort());
});

describe.each(PRESETS)("the recipe of $name", (preset) => {
	const address = new URL(preset.address.example);
	const redirectUris = preset.redirectUris(address);

	test("has the sections of every recipe", async () => {
		const recipe = await recipeOf(preset.id);
		expect(recipe).toMatch(`# ${preset.name}\n\nHow far this was tried: ${preset.tried}`);
		const headings = recipe.split("\n").filter((line) => line.startsWith("## "));
		expect(headings.map((line) => line.slice(3))).toEqual(HEADINGS);
	});

	test("gives the address and the redirect URIs of the preset", async () => {
		const section = sectionOf(await recipeOf(preset.id), "What to enter here");
		expect(section).toContain(`add **${preset.name}**`);
		expect(codeIn(section, ENGLISH.say(preset.address.label))[0]).toBe(preset.address.example);
		expect(codeIn(section, "Redirect URI")).toEqual(redirectUris);
	});

	test("names the fields about the end of a session that the form has, and no others", async () => {
		const section = sectionOf(await recipeOf(preset.id), "What to enter here");
		const { logOutEntered = [] } = preset;
		const named = [
			section.includes("- **Post-logout redirect URIs**:"),
			section.includes("- **Back-channel log-out URI**:"),
		];
		expect(named).toEqual([
			logOutEntered.includes("postLogoutRedirectUris"),
			logOutEntered.includes("backChannelLogoutUri"),
		]);
	});

	test("has the table that the administration shows", async () => {
		const section = sectionOf(await recipeOf(preset.id), "What to paste there");
		const client = {
			id: "the client ID",
			secret: secret("the client secret"),
			redirectUris,
			postLogoutRedirectUris: preset.postLogoutRedirectUris(address),
		};
		const rows = pasteTable(preset, client, ISSUER).map(({ label, value, isSecret }) => [
			label,
			isSecret ? value?.reveal() : value,
		]);
		expect(tableIn(section)).toEqual(rows);
	});

	test("warns of links by e-mail address where the preset does", async () => {
		const section = sectionOf(await recipeOf(preset.id), "People who have an account there");
		const told = section.split(/\s+/).join(" ");
		expect(told.includes("addresses that are never passed on")).toBe(
			preset.linksByEmail !== undefined,
		);
	});
});
