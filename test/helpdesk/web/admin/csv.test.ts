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

			const readings = [file, `sep=,\r\n${file}`].map((each) => readCsv(each, 1_000));

			const [reading, named] = readings.map((each) =>
				each.kind === "records" ? each.records.slice(1) : [],
			);
			const records = reading ?? [];
			expect(records.map(({ cells }) => cells.map(cellText))).toEqual(rows);
			expect(named?.map(({ cells }) => cells)).toEqual(records.map(({ cells }) => cells));
			for (const cell of records.flatMap(({ cells }) => cells)) {
				expect(cell).not.toMatch(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/);
			}
		},
	);
	fc.assert(property, { numRuns: 1000 });
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
