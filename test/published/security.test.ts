// The security document names tests that exist.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const DOCUMENT = fileURLToPath(new URL("../../.github/SECURITY.md", import.meta.url));

/** The names between quotation marks, and the test file that the next link leads to. */
function namedTests(text: string): { readonly name: string; readonly file: string }[] {
	const named: { name: string; file: string }[] = [];
	let waiting: string[] = [];
	for (const [, name, file] of text.matchAll(/“([^”]+)”|\]\((\.\.\/test\/[^)]+\.test\.ts)\)/g)) {
		if (name !== undefined) {
			waiting.push(name.replace(/\s+/g, " "));
		} else if (file !== undefined) {
			named.push(...waiting.map((each) => ({ name: each, file })));
			waiting = [];
		}
	}
	expect(waiting, "names without a file").toEqual([]);
	return named;
}

test("every test that SECURITY.md names is in the file that it leads to", async () => {
	const named = namedTests(await readFile(DOCUMENT, "utf8"));

	expect(named.length).toBeGreaterThan(40);
	for (const { name, file } of named) {
		const text = await readFile(join(dirname(DOCUMENT), file), "utf8");
		const titles = text.replace(/\s+/g, " ");
		expect(titles.includes(name), `${file}: ${name}`).toBe(true);
	}
});
