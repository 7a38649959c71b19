import { expect, test, vi } from "vitest";
import { LinkFileReader } from "../../../src/helpdesk/files/link-file.ts";
import { LinkFileFacts } from "../../../src/helpdesk/files/link-file-facts.ts";
import type { SentList } from "../../../src/helpdesk/files/staged-links.ts";
import { linkRow, type StoredRow } from "../../../src/helpdesk/files/stored-rows.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { mockBrand } from "../../../src/testing/mock-host/mock-host.ts";
import { type OpenFiles, openFiles } from "../../kit/files/open-files.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const HOUR = 60 * 60_000;

function sent(texts: Iterable<string>, list: Partial<SentList> = {}): SentList {
	const parts = { linkFile: undefined, brands: [mockBrand("brand")], brandId: "" };
	return {
		name: "links.csv",
		addOn: "x-login",
		texts: (async function* () {
			yield* texts;
		})(),
		reader: new LinkFileReader(parts),
		...list,
	};
}

/** @returns the rows of each part. */
async function partsOf({ links }: OpenFiles, fileId: string): Promise<(readonly StoredRow[])[]> {
	const file = await links.found(fileId);
	const parts: (readonly StoredRow[])[] = [];
	for (let index = 0; index < file.parts; index += 1) {
		parts.push((await links.part(file, index)).rows);
	}
	return parts;
}

function* lines(count: number, of: (each: number) => string): Generator<string> {
	yield "uid,email\n";
	for (let each = 1; each <= count; each += 1) {
		yield of(each);
	}
}

test("a list becomes parts of at most 100 rows and 64 KB, however long its cells are", async () => {
	const open = openFiles();
	const wide = `a${"\u0001".repeat(9_000)}b`;

	const file = await open.links.stage(
		sent(lines(1_000, (each) => `${each},${each % 3 === 0 ? wide : `p${each}@example.com`}\n`)),
	);

	expect(file).toMatchObject({ names: ["links.csv"], rows: 1_000 });
	const parts = await partsOf(open, file.id);
	expect(parts.flat().map(([, id]) => id)).toEqual(
		Array.from({ length: 1_000 }, (_, each) => String(each + 1)),
	);
	expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(100);
	expect(Math.max(...open.commits.map(({ largest }) => largest))).toBeLessThanOrEqual(64 * 1024);
	expect(Math.max(...open.commits.map(({ keys }) => keys))).toBeLessThanOrEqual(400);
});

test("a row that names no brand gets the one that is chosen later", async () => {
	const open = openFiles();
	const text =
		"uid,email,brand\n1,ada@example.com,\n2,bea@example.com,Brand\n3,c@example.com,acme\n";

	const { id } = await open.links.stage(sent([text]));

	const rows = (await partsOf(open, id)).flat().map((row) => linkRow(row, "chosen"));
	expect(rows.map(({ brandId }) => brandId)).toEqual(["chosen", "brand", "acme"]);
});

test("a broken row ends it with its sentence, and nothing of the list is left", async () => {
	const open = openFiles();
	const texts = [...lines(5_000, (each) => `${each},p@example.com\n`), '5001,"a"b\n'];

	await expect(open.links.stage(sent(texts))).rejects.toThrow(
		"Line 5002: text follows the quotation mark that ends a field",
	);

	expect(open.commits.length).toBeGreaterThan(2);
	expect(await allEntries(open.storage, NAMESPACES.files)).toEqual([]);
});

test("what an upload wrote before its node was killed is no list, and an hour later nothing is left of it", async () => {
	const open = openFiles();
	let isThere = false;
	// The node is killed: the upload neither ends nor clears up.
	void open.links.stage(
		sent([], {
			texts: (async function* () {
				yield [...lines(5_000, (each) => `${each},p@example.com\n`)].join("");
				isThere = true;
				await new Promise(() => {});
			})(),
		}),
	);
	await expect.poll(() => isThere).toBe(true);
	const before = await allEntries(open.storage, [...NAMESPACES.files, "part"]);
	expect(before.length).toBeGreaterThan(10);
	const [{ key: [, , fileId = ""] = [] } = { key: [] }] = before;

	expect(await open.files.find(fileId)).toMatchObject({ parts: 0, rows: 0 });
	open.clock.advance(HOUR / 6);
	expect(await open.uploads.giveUpAbandoned()).toBe(0);
	open.clock.advance(HOUR / 2);
	expect(await open.uploads.giveUpAbandoned()).toBe(1);
	await expect(open.uploads.write(fileId, 1, {})).rejects.toMatchObject({
		...{ name: "StorageError", said: { key: "problem.upload-given-up" } },
	});

	expect(await allEntries(open.storage, NAMESPACES.files)).toEqual([]);
});

test("a second file is added to a list, and a broken one leaves the list as it was", async () => {
	const open = openFiles();
	const { id } = await open.links.stage(
		sent(lines(600, (each) => `${each},p${each}@example.com\n`)),
	);
	const before = await partsOf(open, id);

	const broken = sent([...lines(600, (each) => `9${each},a\n`), '1,"a"b\n'], { addTo: id });
	await expect(open.links.stage(broken)).rejects.toThrow("Line 602");
	expect(await partsOf(open, id)).toEqual(before);
	expect(await allEntries(open.storage, [...NAMESPACES.files, "part"])).toHaveLength(12);

	const second = sent(["uid,email\n601,late@example.com\n1,other@example.com\n"], {
		addTo: id,
		name: "late.csv",
	});
	const both = await open.links.stage(second);

	expect(both).toMatchObject({ id, rows: 602, parts: 13, names: ["links.csv", "late.csv"] });
	const last = await open.links.part(both, 12);
	expect(last.source).toBe("late.csv");
	expect(last.rows.map(([line, identityId]) => [line, identityId])).toEqual([
		[2, "601"],
		[3, "1"],
	]);
	// What the second file says about the rows of the first.
	expect(last.earlier.map(([, , email]) => email)).toEqual(["p1@example.com"]);
	const first = await open.links.part(both, 0);
	expect(first.later.map(([, , email]) => email)).toEqual(["other@example.com"]);
	expect([first.source, first.earlier]).toEqual(["links.csv", []]);
});

test("other requests get their turn between any two parts that are read or written", async () => {
	const open = openFiles();
	const texts = lines(2_000, (each) => `${1 + (each % 1_000)},p${each}@example.com\n`);
	const { id } = await open.links.stage(sent([[...texts].join("")]));
	let turn = 0;
	let isOver = false;
	const count = (): void => {
		turn += 1;
		if (!isOver) {
			setImmediate(count);
		}
	};
	const turns: number[] = [];
	const { read, other } = open.files;
	vi.spyOn(open.files, "read").mockImplementation((...of) => {
		turns.push(turn);
		return read.apply(open.files, of);
	});
	vi.spyOn(open.files, "other").mockImplementation((...of) => {
		turns.push(turn);
		return other.apply(open.files, of);
	});

	setImmediate(count);
	await open.links.stage(sent(["uid,email\n1,late@example.com\n"], { addTo: id }));
	isOver = true;

	// Forty known parts, forty-one parts read again, and what is beside each of those.
	expect(turns).toHaveLength(40 + 41 + 41);
	expect(new Set(turns).size).toBe(turns.length);
});

test("many ids are sorted in many turns", async () => {
	const facts = new LinkFileFacts();
	for (let each = 0; each < 60_000; each += 1) {
		facts.add({ brandId: "", identityId: String(each % 59_990) });
	}
	let turns = 0;
	let isOver = false;
	const count = (): void => {
		turns += 1;
		if (!isOver) {
			setImmediate(count);
		}
	};

	setImmediate(count);
	const shared = await facts.shared();
	isOver = true;

	expect(shared.size).toBe(10);
	expect(turns).toBeGreaterThanOrEqual(10);
});

test("nobody adds to a list while somebody else does", async () => {
	const open = openFiles();
	const file = await open.links.stage(sent(["uid,email\n1,a@example.com\n"]));
	const { id } = file;
	await open.uploads.begin(file);

	await expect(
		open.links.stage(sent(["uid,email\n2,b@example.com\n"], { addTo: id })),
	).rejects.toThrow("Somebody is adding to this list right now.");
});

test("an addition does not overwrite another one that ended after it had read the list", async () => {
	const open = openFiles();
	const { id } = await open.links.stage(sent(["uid,email\n1,a@example.com\n"]));
	const { begin } = open.uploads;
	vi.spyOn(open.uploads, "begin").mockImplementationOnce(async (file) => {
		await open.links.stage(sent(["uid,email\n2,b@example.com\n"], { addTo: id }));
		return begin.call(open.uploads, file);
	});
	const late = sent(["uid,email\n3,c@example.com\n"], { addTo: id });

	await expect(open.links.stage(late)).rejects.toThrow("Somebody is adding to this list");

	const ids = async () => (await partsOf(open, id)).flat().map(([, identityId]) => identityId);
	expect(await ids()).toEqual(["1", "2"]);
	await open.links.stage(sent(["uid,email\n3,c@example.com\n"], { addTo: id }));
	expect(await ids()).toEqual(["1", "2", "3"]);
});

test("what an addition says about a list does not count after it was given up", async () => {
	const open = openFiles();
	const { id } = await open.links.stage(sent(["uid,email\n1,a@example.com\n"]));
	const add = (text: string) => open.links.stage(sent([`uid,email\n${text}\n`], { addTo: id }));
	const later = async () => {
		const { later: rows } = await open.links.part(await open.links.found(id), 0);
		return rows.map(([, , email]) => email);
	};
	vi.spyOn(open.uploads, "complete").mockRejectedValueOnce(new Error("the node was stopped"));

	await expect(add("1,given-up@example.com")).rejects.toThrow("the node was stopped");
	expect(await open.files.readOther(id, 0)).toBeDefined();
	expect(await later()).toEqual([]);
	await add("2,other@example.com");
	expect(await later()).toEqual([]);
	await add("1,third@example.com");
	expect(await later()).toEqual(["third@example.com"]);

	// Lists of earlier versions do not say which part a row is of.
	const old = { earlier: [], later: [[2, "1", "old@example.com", "", "", "", null, null]] };
	await open.storage.commit(open.files.other(id, 0, old));
	expect(await later()).toEqual(["old@example.com"]);
});

test("a list whose record has changed since its upload began is not completed", async () => {
	const open = openFiles();
	const file = await open.links.stage(sent(["uid,email\n1,a@example.com\n"]));
	await open.uploads.begin(file);
	await open.storage.commit(open.files.writing(file.id, file));

	expect(await open.uploads.complete(file.id, file, file.version)).toBe(false);
});

test("a list in which too many rows repeat an id is refused", async () => {
	const open = openFiles();
	const texts = lines(100_001, () => "1,a@example.com\n");

	await expect(open.links.stage(sent([[...texts].join("")]))).rejects.toThrow(
		"More than 100,000 rows repeat an id or a user",
	);
	expect(await allEntries(open.storage, NAMESPACES.files)).toEqual([]);
});
