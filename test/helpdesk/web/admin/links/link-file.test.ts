import fc from "fast-check";
import { expect, test } from "vitest";
import {
	linkFileHeader,
	readLinkFile,
	writeLinks,
} from "../../../../../src/helpdesk/web/admin/links/link-file.ts";
import { mockBrand } from "../../../../../src/testing/mock-host/mock-host.ts";

const PARTS = {
	linkFile: { idColumns: ["x_id", "twitter_id"], handleColumns: ["handle"], help: "help" },
	brands: [mockBrand("acorn", { name: "Acorn Outdoor" }), mockBrand("harbor")],
	brandId: "harbor",
};
const ROW = {
	brandId: "harbor",
	identityId: "1",
	email: "ada@example.com",
	userId: "",
	handle: "",
};

test.each([
	["a byte order mark, CRLF and semicolons", "\ufeffEmail;X ID\r\nada@example.com;1\r\n", {}],
	["tabs and quotes", '"twitter_id"\t"E-Mail"\t"note"\n"1"\t"ada@example.com"\t"a\tb"', {}],
	["old line ends", "uid,email\r1,ada@example.com", {}],
	["empty lines, spaces, commas", "uid,email,,\n\n,,,\n 1 , ada@example.com ,,\n\n", {}],
	["semicolons in a field", 'x_id,email,note\n1,ada@example.com,"a;b;c;d;e"', {}],
	["a short row", "x_id,email,handle\n1,ada@example.com", {}],
	["a brand's name", "x_id,email,brand\n1,ada@example.com,ACORN outdoor", { brandId: "acorn" }],
	["an unknown brand", "x_id,email,brand\n1,ada@example.com,acme", { brandId: "acme" }],
	["an escaped formula", "x_id,email,handle\n1,ada@example.com,'@ada", { handle: "@ada" }],
	[
		"a day",
		"x_id,email,linked_at\n1,ada@example.com,2020-02-03",
		{ linkedAt: Date.UTC(2020, 1, 3) },
	],
	[
		"a time without a zone",
		"x_id,email,created_at\n1,ada@example.com,2020-02-03 04:05:06",
		{ linkedAt: Date.UTC(2020, 1, 3, 4, 5, 6) },
	],
	[
		"a time with a zone",
		"x_id,email,linked_at\n1,ada@example.com,2020-02-03T04:05:06.5+01:00",
		{ linkedAt: Date.UTC(2020, 1, 3, 3, 5, 6, 500) },
	],
	["a day that does not exist", "x_id,email,linked_at\n1,ada@example.com,2020-13-45", {}],
	["a date in another order", "x_id,email,linked_at\n1,ada@example.com,03/02/2020", {}],
])("%s: read", (_, text, difference) => {
	const reading = readLinkFile(text, PARTS);

	expect(reading.kind === "rows" && reading.rows.map(({ row }) => row)).toEqual([
		{ ...ROW, ...difference },
	]);
});

test("rows know the lines they end in", () => {
	const reading = readLinkFile('x_id,email\n\n1,"a\nb"\n2,c\n', PARTS);

	expect(reading).toMatchObject({ rows: [{ line: 4 }, { line: 5 }] });
});

test.each([
	["nothing", "", "There is no row to import"],
	["only the names of columns", "x_id,email\n", "There is no row to import"],
	["no column of ids", "handle,email\nada,a@example.com", "no column of ids. Call it x_id"],
	["no column of users", "x_id,handle\n1,ada", "no column of users"],
	["two columns of ids", "x_id,uid,email\n1,2,a@example.com", "“x_id” and “uid” mean the same"],
	["an open quotation mark", 'x_id,email\n1,a\n2,"b\n3,c', "Line 3: a quotation mark"],
	["a quotation mark in a field", 'x_id,email\n1,a"b"', "Line 2: a quotation mark stands"],
	["text after a quotation mark", 'x_id,email\n1,"a"b', "Line 2: text follows"],
	["more fields than columns", "x_id,email\n\n1,a,b", "Line 3: there are 3 fields"],
	["an overlong row", `x_id,email\n1,${"a".repeat(70_000)}`, "Line 2: this row is longer"],
	["a row of commas", `x_id,email\n${",".repeat(300_000)}`, "There is no row to import"],
	["a row of commas and a word", `x_id,email\n${",".repeat(300_000)}a`, "Line 2: there are"],
	["too many columns", `${",".repeat(300_000)}a\n1,a`, "more than 200 columns"],
	["too many rows", `x_id,email\n${"1,a\n".repeat(50_001)}`, "more than 50,000 rows"],
	["too many bytes", `x_id,email\n${"1,ö\n".repeat(1_200_000)}`, "larger than 5 MB"],
])("%s: refused, with what to do", (_, text, sentence) => {
	const reading = readLinkFile(text, PARTS);

	expect(reading.kind === "problem" && reading.problem).toContain(sentence);
});

test("a plugin without column names of its own gets the common ones", () => {
	expect(linkFileHeader(undefined)).toBe(
		"provider_id,handle,email,user_id,brand,linked_at,confirmed\r\n",
	);
});

const cell = fc.oneof(
	fc.string({ unit: "grapheme" }),
	fc
		.array(fc.constantFrom("'", "=", "+", "-", "@", "\uff1d", '"', ",", ";", "\n", "a"))
		.map((parts) => parts.join("")),
);

test("a written file is read as it was written, and a spreadsheet finds no formula in it", () => {
	const link = fc.record({
		// Reading removes spaces around a field.
		email: cell.map((text) => `${text.replace(/\r\n?/g, "\n").trim()}@e`),
		handle: fc.constant("h"),
		identityId: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map((id) => `x:${id}`),
		userId: fc.uuid(),
		brandId: fc.constant("acorn"),
		linkedAt: fc.integer({ min: 0, max: 4e12 }),
		confirmed: fc.boolean(),
	});
	const property = fc.property(fc.array(link, { minLength: 1 }), (links) => {
		const text = linkFileHeader(PARTS.linkFile) + writeLinks(links);

		const reading = readLinkFile(text, PARTS);

		expect(reading.kind === "rows" && reading.rows.map(({ row }) => row)).toEqual(links);
		for (const found of links) {
			expect(writeLinks([found])).not.toMatch(/^[^,]+,h,"?[=+\-@]/);
		}
	});
	fc.assert(property, { numRuns: 300 });
});
