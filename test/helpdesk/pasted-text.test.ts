import { expect, test } from "vitest";
import { pastedText } from "../../src/helpdesk/pasted-text.ts";

test.each([
	["a byte order mark", "\ufeff1234"],
	["no-break spaces", "\u00a01234\u202f"],
	["zero-width spaces", "\u200b1234\u200b\u200b"],
	["marks of direction", "\u200e\u202a1234\u202c\u2069"],
	["line ends and tabs", "\r\n\t1234\u2028\n"],
	["fillers and blanks", "\u3164\u28001234\u115f\uffa0\ufe0f"],
	["control characters", "\u00001234\u009f"],
	["tags beyond U+FFFF", "\u{e0041}1234\u{e007f}"],
])("%s around a text is left out", (_, pasted) => {
	expect(pastedText(pasted)).toBe("1234");
});

test("what stands within a text stays, and nothing stays of what nobody sees", () => {
	expect(pastedText(" a\u200b b ")).toBe("a\u200b b");
	expect(pastedText("👋🏽")).toBe("👋🏽");
	expect(pastedText(" \u200b\ufeff ")).toBe("");
	expect(pastedText("")).toBe("");
});
