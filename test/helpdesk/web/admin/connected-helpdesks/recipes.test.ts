import { readFile } from "node:fs/promises";
import { html } from "hono/html";
import { expect, test } from "vitest";
import { HAND_OFF_PRESETS } from "../../../../../src/helpdesk/hand-off/presets/hand-off-presets.ts";
import { recipeText } from "../../../../../src/helpdesk/hand-off/recipe-text.ts";
import { localeFor } from "../../../../../src/helpdesk/locale/locale.ts";
import { PRESETS } from "../../../../../src/helpdesk/openid/presets/presets.ts";
import { recipeOf } from "../../../../../src/helpdesk/openid/recipe-files.ts";
import { shownRecipe } from "../../../../../src/helpdesk/web/admin/connected-helpdesks/shown-recipe.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const LIST = "/admin/settings/general/connected-helpdesks";
const FOLDER = new URL("../../../../../src/helpdesk/openid/recipes/", import.meta.url);

/** A heading that has a text. */
const SAID = /^#+ <span lang="de" dir="ltr">.+<\/span>$/;

/** The text that a browser shows. */
function shownIn(html: string): string {
	const [, text = ""] = /<pre class="recipe" lang="en" dir="ltr">([\s\S]*)<\/pre>/.exec(html) ?? [];
	const characters = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
	return Object.entries(characters).reduce(
		(shown, [name, character]) => shown.replaceAll(name, character),
		text,
	);
}

test("the page of a helpdesk leads to its recipe, which shows every letter of the file as text", async () => {
	const { operator, portal } = await openHelpdesk();
	const add = `${LIST}/add?brand=harbor&preset=osticket`;
	await operator.open(`${portal}${add}`);
	const { html } = await operator.submit(add, { address: "http://127.0.0.1:4", anyway: "on" });
	const recipe = `${LIST}/recipes/osticket?brand=harbor`;
	expect(html).toContain(`<a href="${recipe}">the recipe for osTicket</a>`);
	for (const { id, name } of PRESETS) {
		const page = await operator.open(`${portal}${LIST}/recipes/${id}?brand=harbor`);
		expect(page.html).toContain(`<h1>Recipe for ${name}</h1>`);
		expect(shownIn(page.html)).toBe(await readFile(new URL(`${id}.md`, FOLDER), "utf8"));
		expect(page.html).toContain(`href="${LIST}?brand=harbor"`);
		expect(page.html.includes("Files of the recipe")).toBe(id === "request-tracker");
	}
});

/** The lines of a recipe that are headings, without those of its examples. */
function headingsIn(recipe: string): readonly string[] {
	const prose = recipe.split(/^ *```.*$/m).filter((_, index) => index % 2 === 0);
	return prose.join("").match(/^#+ .*$/gm) ?? [];
}

test("each heading of each recipe is in the reader's language, but for the names of products", async () => {
	const locale = localeFor("de", "en");
	const recipes = [
		...PRESETS.map(async (preset) => ({ preset, text: (await recipeOf(preset)).text })),
		...HAND_OFF_PRESETS.map(async (preset) => ({ preset, text: await recipeText(preset) })),
	];
	for (const { preset, text } of await Promise.all(recipes)) {
		const [title, ...headings] = headingsIn(String(await shownRecipe(text, locale)));
		expect([title, "nameText" in preset]).toEqual([
			"nameText" in preset ? expect.stringMatching(SAID) : `# ${preset.name}`,
			"nameText" in preset,
		]);
		expect(headings.length).toBeGreaterThan(5);
		expect(headings.filter((heading) => !SAID.test(heading))).toEqual([]);
		// All the rest stays as it is.
		const lines = String(await shownRecipe(text, locale)).split("\n");
		const english = String(await html`${text}`).split("\n");
		expect(lines.filter((line) => !SAID.test(line))).toEqual(
			english.filter((_, index) => !SAID.test(lines[index] ?? "")),
		);
	}
});

test("the page says in another language that the recipe is in English, and marks it so", async () => {
	const { operator, portal } = await openHelpdesk();
	const page = `${portal}${LIST}/recipes/zammad`;
	const german = await operator.open(page, { headers: { "accept-language": "de" } });
	const { text } = localeFor("de", "en");
	expect(german.html).toContain(`<p class="help">${text("recipe.in-english")}</p>`);
	expect(shownIn(german.html)).toContain(
		`## <span lang="de" dir="ltr">${text("recipe.heading.need")}</span>\n`,
	);
	const english = await operator.open(page);
	expect(english.html).not.toContain(localeFor("en", "en").text("recipe.in-english"));
	expect(shownIn(english.html)).toContain("## What you need\n");
});

test("the form of another helpdesk says in the reader's language what to copy from there", async () => {
	const { operator, portal } = await openHelpdesk();
	const add = `${LIST}/add?brand=harbor&preset=another`;
	const headers = { "accept-language": "de" };
	const { html } = await operator.open(`${portal}${add}`, { headers });
	expect(html).toContain("„Redirect URI oder Callback URL“");
	expect(html).not.toContain("Redirect URI or");
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
	const refused = await operator.open(`${portal}${add}`, {
		method: "POST",
		headers,
		body: new URLSearchParams({ _csrf: csrf, address: "http://127.0.0.1:4" }),
	});
	expect(refused.status).toBe(400);
	expect(refused.html).not.toContain("Redirect URI or");
});

test("the files of a recipe are saved from its page", async () => {
	const { operator, portal } = await openHelpdesk();
	const { html } = await operator.open(`${portal}${LIST}/recipes/request-tracker`);
	const links = [...html.matchAll(/<a href="([^"]*file=[^"]*)">([^<]*)<\/a>/g)];
	expect(links.map(([, , name]) => name)).toContain(
		"RT-Extension-XLogin/lib/RT/Extension/XLogin.pm",
	);
	for (const [, href = "", name = ""] of links) {
		const file = await operator.request(`${portal}${href.replaceAll("&amp;", "&")}`);
		expect(file.headers.get("content-type")).toBe("text/plain; charset=utf-8");
		expect(file.headers.get("content-disposition")).toBe(
			`attachment; filename="${name.split("/").at(-1)}"`,
		);
		expect(await file.text()).toBe(
			await readFile(new URL(`request-tracker/${name}`, FOLDER), "utf8"),
		);
	}
	expect(links.length).toBeGreaterThan(5);
});

test("no other file is given, and nothing to anybody who is not an operator", async () => {
	const { operator, portal } = await openHelpdesk();
	const at = `${portal}${LIST}/recipes`;
	for (const path of [
		"/nobody",
		"/..%2f..%2fREADME",
		"/request-tracker.md",
		"/request-tracker?brand=nobody",
		"/request-tracker?file=",
		"/request-tracker?file=../request-tracker.md",
		"/request-tracker?file=RT-Extension-XLogin",
		"/request-tracker?file=/etc/passwd",
		"/request-tracker?file=lib/../apache.conf",
		"/zammad?file=apache.conf",
	]) {
		expect([path, (await operator.open(at + path)).status]).toEqual([path, 404]);
	}
	const { url } = await new HttpVisitor().open(`${at}/request-tracker?file=apache.conf`);
	expect(new URL(url).pathname).toBe("/admin/login");
});
