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
	["", ""],
])("%j becomes %j", (name, shown) => {
	expect(displayName(name)).toBe(shown);
});
