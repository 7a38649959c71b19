import fc from "fast-check";
import { expect, test } from "vitest";
import { CsvReader, type CsvRecord } from "../../../src/helpdesk/files/csv-reader.ts";
import { cellText, writeCsv } from "../../../src/helpdesk/files/csv-writer.ts";
import { UnreadableFileError } from "../../../src/helpdesk/files/unreadable-file-error.ts";
import { cutAt } from "../../kit/files/cut-at.ts";

/** The rows of a text that arrives in these pieces, or the sentence about it. */
function readIn(pieces: readonly string[]): readonly CsvRecord[] | string {
	const reader = new CsvReader();
	try {
		return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
	} catch (error) {
		if (!(error instanceof UnreadableFileError)) {
			throw error;
		}
		return error.message;
	}
}

const text = fc
	.array(fc.constantFrom("'", "=", "+", "-", "@", "\uff1d", '"', ",", ";", "\n", "\t", "a", "ö"))
	.map((parts) => `${parts.join("").trim()}.`);

test("text is read as it was written, and no cell begins like a formula", () => {
	const property = fc.property(
		fc.array(fc.array(text, { minLength: 3, maxLength: 3 }), { minLength: 1 }),
		(rows) => {
			const file = writeCsv([["a", "b", "c"], ...rows]);

			const readings = [file, `sep=,\r\n${file}`].map((each) => readIn([each]));

			const [reading, named] = readings.map((each) =>
				typeof each === "string" ? [] : each.slice(1),
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

const line = fc.oneof(
	fc.array(text, { maxLength: 4 }).map((cells) => writeCsv([["x", ...cells]])),
	fc.constantFrom("\n", "\r", "\r\n", ",,\n", 'a,"b\n', '"a"b,c\n', 'a"b"\n', '="1";\u200b"2"\r\n'),
	fc.string({ unit: "grapheme" }),
);

test("a file that arrives in pieces gives the rows and the sentence that the whole file gives", () => {
	const property = fc.property(
		fc.constantFrom("", "sep=;\r\n", "\ufeff"),
		fc.array(line, { maxLength: 30 }),
		// Longer than the start of a file, which is read as one piece.
		fc.constantFrom("", "x,y\r\n".repeat(14_000)),
		fc.array(fc.nat({ max: 200_000 }), { maxLength: 30 }),
		(start, lines, filler, cuts) => {
			const file = `${start}${filler}${lines.join("")}`;

			expect(readIn(cutAt(file, cuts))).toEqual(readIn([file]));
		},
	);
	fc.assert(property, { numRuns: 60 });
});

test("a quotation mark that is never closed is found before the whole file is in memory", () => {
	const reader = new CsvReader();
	reader.push(`a,b\n1,"${"x".repeat(100_000)}`);

	const pushAll = () => {
		for (let piece = 0; piece < 20; piece += 1) {
			reader.push("y".repeat(100_000));
		}
	};

	expect(pushAll).toThrow("Line 2: this row is longer than 64 KiB");
});
