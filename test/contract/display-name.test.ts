import { expect, test } from "vitest";
import { displayName } from "../../src/contract/display-name.ts";

test.each([
	["Ada Lovelace", "Ada Lovelace"],
	["  Ada\n\tLovelace ", "Ada Lovelace"],
	["Åsa 李 🎈", "Åsa 李 🎈"],
	["a\u202egnp.exe", "agnp.exe"],
	["a\u0000b\u007fc", "abc"],
	["\u200b\u2066\u2069", ""],
	["x".repeat(500), "x".repeat(80)],
	["_".repeat(80), "_".repeat(80)],
	["_".repeat(81), "_".repeat(80)],
	["ada_lovelace\n", "ada_lovelace"],
	["", ""],
])("%j becomes %j", (name, shown) => {
	expect(displayName(name)).toBe(shown);
});

test.each([
	["letters that nobody sees", "\u3164\u115f\uffa0\u034f", ""],
	["a letter that nobody sees between others", "Ad\u3164a", "Ada"],
	["a byte order mark and soft hyphens", "\ufeffA\u00adda", "Ada"],
	["half of a pair", "Ada\ud83d", "Ada"],
	["marks piled up over other lines", `Z${"\u0335".repeat(60)}oe`, `Z${"\u0335".repeat(4)}oe`],
	["marks that a script needs", "שָׁלוֹם", "שָׁלוֹם"],
])("a name cannot hold %s", (_, name, shown) => {
	expect(displayName(name)).toBe(shown);
});
