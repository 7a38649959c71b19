import { expect, test } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { openFiles } from "../../kit/files/open-files.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const HOUR = 60 * 60_000;
const CSV = { kind: "csv", addOn: "x-login", name: "links.csv" } as const;

test("a file is read part by part until it expires, with every part of it", async () => {
	const { files, storage, clock } = openFiles();
	const id = await files.begin(CSV, HOUR);
	for (const [index, text] of ["a,b\r\n", "1,2\r\n", "3,4\r\n"].entries()) {
		await storage.commit(files.part(id, index, text));
	}

	const texts: string[] = [];
	for await (const text of files.texts({ id, parts: 3 })) {
		texts.push(text);
	}
	expect(texts.join("")).toBe("a,b\r\n1,2\r\n3,4\r\n");
	expect(await files.find(id)).toMatchObject({ kind: "csv", names: ["links.csv"] });

	clock.advance(HOUR - 1);
	expect(await files.read(id, 2)).toBe("3,4\r\n");
	clock.advance(1);
	expect(await files.find(id)).toBeUndefined();
	expect(await allEntries(storage, NAMESPACES.files)).toEqual([]);
});

test("a file that expires while it is read does not end as if it were complete", async () => {
	const { files, storage, clock } = openFiles();
	const id = await files.begin(CSV, HOUR);
	for (const [index, text] of ["a,b\r\n", "1,2\r\n", "3,4\r\n"].entries()) {
		await storage.commit(files.part(id, index, text));
	}

	const texts = files.texts({ id, parts: 3 });
	expect(await texts.next()).toEqual({ done: false, value: "a,b\r\n" });
	clock.advance(HOUR);

	await expect(texts.next()).rejects.toThrow("The file expired while it was read.");
});

test.each(["", "x", "../file", "zzzzzzzz-", "__proto__"])("%j is the id of no file", async (id) => {
	expect(await openFiles().files.find(id)).toBeUndefined();
});

test("a file of 250 parts is dropped a hundred at a time, and each time is a commit of at most 400 keys", async () => {
	const { files, storage, commits } = openFiles();
	const id = await files.begin({ ...CSV, kind: "links" }, HOUR);
	for (let index = 0; index < 250; index += 1) {
		await storage.commit(files.part(id, index, { rows: [] }));
		await storage.commit(files.other(id, index, { earlier: [] }));
	}
	commits.length = 0;

	for (const from of [0, 100, 200]) {
		await files.drop(id, from);
		expect(await files.find(id)).toBeUndefined();
		expect(await files.read(id, from + 99)).toBeUndefined();
	}

	expect(await allEntries(storage, NAMESPACES.files)).toEqual([]);
	expect(Math.max(...commits.map(({ keys }) => keys))).toBeLessThanOrEqual(400);
});
