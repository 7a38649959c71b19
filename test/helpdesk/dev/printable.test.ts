import { expect, test } from "vitest";
import { Printable } from "../../../src/helpdesk/dev/printable.ts";

test("values under the many names of secrets are hidden, at any depth", () => {
	const printable = new Printable();

	const shown = printable.value({
		codes: ["canary1"],
		tokens: [{ of: "canary2" }],
		secrets: { first: "canary3" },
		otp: "canary4",
		pin: 4711,
		pass: "canary5",
		credentials: { name: "canary6" },
		authorization: "Basic canary7",
		bearer: "1|canary8",
		author: "shown",
	});

	expect(shown).not.toMatch(/canary|4711/);
	expect(shown).toContain('"author":"shown"');
});

test("a message is not cut in the middle of a secret", () => {
	const printable = new Printable();
	printable.hide("letmein99");

	expect(printable.sentence(`${"a ".repeat(297)}letmein99 and more`)).not.toContain("letme");
});

test("a secret stays hidden after any number of visits", () => {
	const printable = new Printable();
	printable.hideSecret("tr0ub4dor&3");
	for (let index = 0; index < 3000; index += 1) {
		printable.hide(`field ${index}`);
	}

	expect(printable.sentence("X refused tr0ub4dor&3")).toBe("X refused [sent]");
	expect(printable.value({ note: "tr0ub4dor&3" })).toBe('{"note":"[sent]"}');
});
