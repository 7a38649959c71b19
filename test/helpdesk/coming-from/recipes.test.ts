// Each recipe for people who come from another product has the same parts, and says what it does not know.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { RECIPES, recipeText } from "../../kit/coming-from/recipe.ts";

const run = promisify(execFile);
const PRODUCTS = (await readdir(RECIPES))
	.filter((name) => name !== "README.md")
	.map((name) => name.replace(/\.md$/, ""));
const readme = (): Promise<string> => readFile(new URL("README.md", RECIPES), "utf8");
const oneLine = (text: string): string => text.replace(/\s+/g, " ");
/** Each part, and what it says at least. */
const PARTS: readonly (readonly [heading: string, ...words: string[]])[] = [
	["What you need"],
	["Look at the file", "Delete the rows of your staff."],
	["Import it", "[Import the file](README.md#import-the-file)", "“would be linked”"],
	["What is lost", "okens"],
	[
		"What you should know",
		"The app at X may stay the same or not: X's user id is the same for every app, and under OAuth 1.0a",
		"andles ",
		" link nobody",
		"(README.md#people-who-are-not-linked)",
	],
	["Not checked"],
];

function partsOf(text: string): ReadonlyMap<string, string> {
	return new Map(
		text
			.split("\n## ")
			.slice(1)
			.map((part) => [part.split("\n", 1)[0] ?? "", oneLine(part)]),
	);
}

test("the README names each recipe", async () => {
	const rows = (await readme()).matchAll(/^\| .*?\| \[([a-z0-9-]+)\]\(\1\.md\)/gm);

	expect([...rows].map(([, product]) => product).sort()).toEqual([...PRODUCTS].sort());
});

describe.each(PRODUCTS)("the recipe %s", (product) => {
	test("says how far it was tried, and has every part in the order in which it is done", async () => {
		const text = await recipeText(product);
		const parts = partsOf(text);

		expect(oneLine(text)).toMatch(/^# Coming from .*? How far this was tried: with .*?not with a /);
		expect([...parts.keys()].filter((name) => PARTS.some(([part]) => part === name))).toEqual(
			PARTS.map(([part]) => part),
		);
		for (const [part, ...words] of PARTS) {
			for (const each of words) {
				expect(parts.get(part), part).toContain(each);
			}
		}
	});

	test("takes only proven addresses, and no user ids", async () => {
		const text = await recipeText(product);

		expect(text).toMatch(/left out|proven/);
		expect(text).not.toMatch(/AS user_id|"user_id"\]/);
		expect(text).toContain("x:");
	});

	test("leads to files and headings that are there", async () => {
		const links = [...(await recipeText(product)).matchAll(/\]\(([^)#\s]+)(?:#([^)\s]+))?\)/g)];
		const headings = [...(await readme()).matchAll(/^## (.*)$/gm)].map(
			([, heading = ""]) => heading,
		);
		const anchors = headings.map((heading) => heading.toLowerCase().replaceAll(" ", "-"));

		for (const [, link = "", anchor] of links) {
			await expect(stat(new URL(link, RECIPES)), link).resolves.toBeDefined();
			expect(anchor === undefined || anchors.includes(anchor), anchor).toBe(true);
		}
	});
});

test("the commands of the README cut a long file into parts that the import takes", async () => {
	const folder = await mkdtemp(join(tmpdir(), "coming-from-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const row = "x:2244994945,ada@example.com\n";
	await writeFile(join(folder, "links.csv"), `x_id,email\n${row.repeat(400_001)}`);
	const [, commands = ""] = /^```sh\n(.*?)^```$/ms.exec(await readme()) ?? [];

	await run("sh", ["-ec", commands], { cwd: folder });

	const names = (await readdir(folder)).filter((name) => /^part-.*\.csv$/.test(name)).sort();
	const parts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
	expect(parts.map((part) => part.split("\n").length - 2)).toEqual([200_000, 200_000, 1]);
	expect(parts.every((part) => part.startsWith("x_id,email\nx:"))).toBe(true);
});
