import fc from "fast-check";
import { expect, test } from "vitest";
import { cellText, readCsv, writeCsv } from "../../../../src/helpdesk/web/admin/csv.ts";

const text = fc
	.array(fc.constantFrom("'", "=", "+", "-", "@", "\uff1d", '"', ",", ";", "\n", "\t", "a", "ö"))
	.map((parts) => `${parts.join("").trim()}.`);

test("text is read as it was written, and no cell begins like a formula", () => {
	const property = fc.property(
		fc.array(fc.array(text, { minLength: 3, maxLength: 3 }), { minLength: 1 }),
		(rows) => {
			const file = writeCsv([["a", "b", "c"], ...rows]);

			const reading = readCsv(file, 1_000);

			const [, ...records] = reading.kind === "records" ? reading.records : [];
			expect(records.map(({ cells }) => cells.map(cellText))).toEqual(rows);
			for (const cell of records.flatMap(({ cells }) => cells)) {
				expect(cell).not.toMatch(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/);
			}
		},
	);
	fc.assert(property, { numRuns: 300 });
});

test("numbers stay numbers, and absent cells are empty", () => {
	expect(writeCsv([["wait", -5, null, "-5"]])).toBe("wait,-5,,'-5\r\n");
});

test("no more rows are read than asked for", () => {
	expect(readCsv("a\nb\nc\n", 2)).toMatchObject({
		records: [
			{ line: 1, cells: ["a"] },
			{ line: 2, cells: ["b"] },
		],
	});
});
