// The security documents name tests and files that exist, and the table of the ASVS is whole.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const FOLDER = fileURLToPath(new URL("../../.github", import.meta.url));

/** How many requirements of level 1 and 2 each section of a chapter has, beginning with number 1 (OWASP ASVS 5.0.0). */
const SECTIONS: readonly string[] = [
	"1.1:2 1.2:9 1.3:11 1.4:3 1.5:2",
	"2.1:3 2.2:3 2.3:4 2.4:1",
	"3.2:2 3.3:4 3.4:6 3.5:5 3.7:2",
	"4.1:3 4.2:1 4.3:2 4.4:4",
	"5.1:1 5.2:3 5.3:2 5.4:3",
	"6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4",
	"7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2",
	"8.1:2 8.2:3 8.3:1 8.4:1",
	"9.1:3 9.2:4",
	"10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3",
	"11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1",
	"12.1:3 12.2:2 12.3:4",
	"13.1:1 13.2:5 13.3:2 13.4:5",
	"14.1:2 14.2:4 14.3:3",
	"15.1:3 15.2:3 15.3:7",
	"16.1:1 16.2:5 16.3:4 16.4:3 16.5:3",
	"17.1:1 17.2:4 17.3:2",
];
const STATES = ["met", "not met", "does not apply"] as const;

const read = (name: string): Promise<string> => readFile(join(FOLDER, name), "utf8");

interface NamedTests {
	readonly names: readonly string[];
	/** The file that the link after the names leads to. */
	readonly file: string;
}

/** The tests that a text names between quotation marks, and the files that it leads to. */
function namedTests(text: string): readonly NamedTests[] {
	const named: NamedTests[] = [];
	let names: string[] = [];
	for (const [, name, file] of text.matchAll(/“([^”]+)”|\]\((\.\.\/[^)#]+)/g)) {
		if (name !== undefined) {
			names.push(name.replace(/\s+/g, " "));
		} else if (file !== undefined) {
			named.push({ names, file });
			names = [];
		}
	}
	expect(names, "names without a file").toEqual([]);
	return named;
}

describe.each(["SECURITY.md", "ASVS.md"])("%s", (document) => {
	test("every file that it leads to exists, and has the tests that are named before it", async () => {
		const named = namedTests(await read(document));

		expect(named.flatMap(({ names }) => names).length).toBeGreaterThan(40);
		for (const { names, file } of named) {
			const path = join(FOLDER, file);
			await expect(stat(path), file).resolves.toBeDefined();
			if (names.length > 0) {
				expect(file).toMatch(/^\.\.\/test\/.*\.test\.ts$/);
				const titles = (await readFile(path, "utf8")).replace(/\s+/g, " ");
				expect(
					names.filter((name) => !titles.includes(name)),
					file,
				).toEqual([]);
			}
		}
	});
});

/** The cells of each row of a table whose first cell fits a pattern. */
function rowsIn(text: string, first: RegExp): readonly (readonly string[])[] {
	return text
		.split("\n")
		.filter((line) => line.startsWith("| "))
		.map((line) =>
			line
				.split("|")
				.slice(1, -1)
				.map((cell) => cell.trim()),
		)
		.filter(([cell = ""]) => first.test(cell));
}

const requirementsIn = (text: string) => rowsIn(text, /^\d+\.\d+\.\d+$/);

test("the table of the ASVS has each requirement of level 1 and 2 once, with a state and a reason", async () => {
	const rows = requirementsIn(await read("ASVS.md"));

	const numbers = SECTIONS.join(" ")
		.split(" ")
		.flatMap((each) => {
			const [section = "", count = ""] = each.split(":");
			return Array.from({ length: Number(count) }, (_, index) => `${section}.${index + 1}`);
		});
	expect(numbers).toHaveLength(253);
	expect(rows.map(([number]) => number)).toEqual(numbers);
	for (const [number, asked = "", state, shownBy = "", ...more] of rows) {
		expect(asked.split(" ").length, `${number} is short`).toBeLessThanOrEqual(12);
		expect(STATES, `the state of ${number}`).toContain(state);
		// A row that is met leads to a file or a heading. One that is not met names somebody in charge, and the reason.
		const form = { met: /\]\((\.\.\/|#)/, "not met": /^(Maintainer|Operator)s? of the .+: ./ };
		expect(shownBy, number).toMatch(state === "met" || state === "not met" ? form[state] : /\w/);
		expect(more, `${number} has four cells`).toEqual([]);
	}
});

test("the table of the ASVS counts what is met, not met and does not apply", async () => {
	const text = await read("ASVS.md");
	const counted = rowsIn(text, /^(\d+\. |All$)/).map(([chapter = "", ...counts]) => [
		Number.parseInt(chapter, 10) || "All",
		...counts.map(Number),
	]);

	const states = requirementsIn(text).map(([number = "", , state]) => [
		Number.parseInt(number, 10),
		state,
	]);
	const countsOf = (chapter: number | undefined) =>
		STATES.map(
			(state) => states.filter(([of, has]) => has === state && (chapter ?? of) === of).length,
		);
	const chapters = Array.from({ length: 17 }, (_, index) => index + 1);
	expect(counted).toEqual([
		...chapters.map((chapter) => [chapter, ...countsOf(chapter)]),
		["All", ...countsOf(undefined)],
	]);
});

test("the short list of the ASVS names requirements that are not met", async () => {
	const text = await read("ASVS.md");
	const [, list = ""] = /^## What is not met\n(.*?)^## /ms.exec(text) ?? [];

	const named = list.match(/\d+\.\d+\.\d+/g) ?? [];

	const notMet = requirementsIn(text).flatMap(([number = "", , state]) =>
		state === "not met" ? [number] : [],
	);
	expect(named.length).toBeGreaterThan(20);
	expect(named.filter((number) => !notMet.includes(number))).toEqual([]);
});
