import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { canonicalEmail } from "../../src/contract/email-address.ts";
import { parseUrl } from "../../src/contract/parse-url.ts";
import { returnPath } from "../../src/contract/return-path.ts";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));
/** After fewer calls V8 optimizes a function. */
const MANY = 20_000;

test("a text is a URL, or a URL at a base, or none", () => {
	expect(parseUrl("https://example.com/a")?.href).toBe("https://example.com/a");
	expect(parseUrl("/b", "https://example.com/a")?.href).toBe("https://example.com/b");
	expect(parseUrl("/b")).toBeUndefined();
	expect(parseUrl("https://exa mple.com")).toBeUndefined();
});

test("letters beyond ASCII are read as well after many calls as at first", () => {
	for (let call = 0; call < MANY; call += 1) {
		canonicalEmail(`ada@example${call}.com`);
		returnPath(`/tickets?page=${call}`, "https://example.com");
	}

	expect(canonicalEmail("ada@bücher.example")).toBe("ada@xn--bcher-kva.example");
	expect(returnPath("/bücher", "https://example.com")).toBe("/b%C3%BCcher");
});

test("no source asks URL.canParse, which is wrong after many calls", async () => {
	const files = (await readdir(SRC, { recursive: true })).filter((each) => each.endsWith(".ts"));
	const texts = await Promise.all(files.map((each) => readFile(SRC + each, "utf8")));
	expect(files.length).toBeGreaterThan(100);
	expect(files.filter((_, index) => texts[index]?.includes("URL.canParse(") ?? false)).toEqual([]);
});
