import fc from "fast-check";
import { expect, test } from "vitest";
import { linkFileHeader, writeLinks } from "../../../src/helpdesk/files/link-file.ts";
import { pastedText } from "../../../src/helpdesk/pasted-text.ts";
import { mockBrand } from "../../../src/testing/mock-host/mock-host.ts";
import { readLinkFile } from "../../kit/files/read-link-file.ts";

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
	["a named delimiter", "sep=;\nx_id;email\n1;ada@example.com", {}],
	[
		"a named delimiter that is rarer than others",
		"sep=;\r\nx_id;email;a,b,c\r\n1;ada@example.com;\r\n",
		{},
	],
	["a named tab after a byte order mark", "\ufeffSEP=\t\nx_id\temail\n1\tada@example.com", {}],
	["a named delimiter in quotes", '"sep=,"\n"x_id","email"\n"1","ada@example.com"', {}],
	["bars", "x_id|email|note, of all; kinds\n1|ada@example.com|", {}],
	["a cell that a spreadsheet keeps as text", 'x_id,email\n="1",ada@example.com', {}],
	["cells as text, quoted", '"=""x_id""","email"\n"=""1""","=""ada@example.com"""', {}],
	["cells as text, separated by semicolons", 'sep=;\nx_id;email\n="1";="ada@example.com"\n', {}],
	["a cell as text, with spaces", 'x_id,email\n ="1" , ada@example.com', {}],
	["byte order marks inside", "\ufeffx_id,email\n\ufeff1,\ufeffada@example.com", {}],
	["a byte order mark before a quoted cell", '"x_id","email"\n\ufeff"1","ada@example.com"', {}],
	[
		"zero-width spaces around quotes",
		'"x_id"\u200b,\u200b"email"\n\u200b"1"\u200b,"ada@example.com"\u200b',
		{},
	],
	[
		"no-break spaces and marks of direction",
		"x_id\u00a0,\u200eemail\n\u00a01\u202f,\u202aada@example.com\u202c",
		{},
	],
	["a row of what nobody sees", "x_id,email\n\u200b,\u00a0\n1,ada@example.com", {}],
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

	const named = readLinkFile('sep=,\nx_id,email\n\n1,"a\nb"\n2,c\n', PARTS);
	expect(named).toMatchObject({ rows: [{ line: 5 }, { line: 6 }] });
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
	[
		"a problem after a named delimiter",
		'sep=;\nx_id;email\n1;a"b"',
		"Line 3: a quotation mark stands",
	],
	["a formula that is no text", 'x_id,email\n="1"&2,a', "Line 2: a quotation mark stands"],
	["a delimiter and nothing else", "sep=;\n", "There is no row to import"],
	["too many columns", `${",".repeat(300_000)}a\n1,a`, "more than 200 columns"],
])("%s: refused, with what to do", (_, text, sentence) => {
	const reading = readLinkFile(text, PARTS);

	expect(reading.kind === "problem" && reading.problem).toContain(sentence);
});

test("a list with too many rows is refused, with what to do", () => {
	const text = `x_id,email\n${"1,a\n".repeat(50_001)}`;

	expect(readLinkFile(text, { ...PARTS, mostRows: 50_000 })).toMatchObject({
		problem: expect.stringContaining("more than 50,000 rows. Split it"),
	});
	expect(readLinkFile(text, PARTS)).toMatchObject({ kind: "rows" });
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
		// Reading removes what nobody sees around a field.
		email: cell.map((text) => `${pastedText(text.replace(/\r\n?/g, "\n"))}@e`),
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
