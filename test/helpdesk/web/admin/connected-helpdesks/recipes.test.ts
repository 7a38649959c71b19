import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { PRESETS } from "../../../../../src/helpdesk/openid/presets/presets.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const LIST = "/admin/settings/general/connected-helpdesks";
const FOLDER = new URL("../../../../../src/helpdesk/openid/recipes/", import.meta.url);

/** The text that a browser shows. */
function shownIn(html: string): string {
	const [, text = ""] = /<pre class="recipe">([\s\S]*)<\/pre>/.exec(html) ?? [];
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
