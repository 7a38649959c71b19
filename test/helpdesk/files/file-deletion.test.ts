// Files are deleted step by step: what is meant goes whole, whichever step is lost, and nothing else goes.
import { expect, test } from "vitest";
import { deletionStep } from "../../../src/helpdesk/files/file-deletion.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { type OpenFiles, openFiles } from "../../kit/files/open-files.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const HOUR = 60 * 60_000;

async function addFile({ files, storage }: OpenFiles, addOn: string, parts: number) {
	const id = await files.begin({ kind: "csv", addOn, name: "links.csv" }, HOUR);
	for (let index = 0; index < parts; index += 1) {
		await storage.commit(files.part(id, index, "1,2"));
		await storage.commit(files.other(id, index, "3"));
	}
	return id;
}

/** Does all steps. @param lost the step whose commit is lost once, as by `kill -9`. @returns how many there were. */
async function deleteAll({ files, storage }: OpenFiles, addOn: string, lost?: number) {
	let from: string | undefined;
	let steps = 0;
	let begun = 0;
	do {
		if (steps === lost) {
			await deletionStep(files, (file) => file.addOn === addOn, from);
		}
		const step = await deletionStep(files, (file) => file.addOn === addOn, from);
		await storage.commit(step.commit);
		from = step.next;
		begun += step.begun;
		steps += 1;
	} while (from !== undefined);
	return { steps, begun };
}

test("all parts of the files of an add-on go, and no file of another one, however many files there are", async () => {
	for (const lost of [undefined, 0, 1, 2, 3, 4, 5]) {
		const open = openFiles();
		for (let each = 0; each < 110; each += 1) {
			await addFile(open, "other", 1);
			open.clock.advance(1);
		}
		const kept = await allEntries(open.storage, NAMESPACES.files);
		await addFile(open, "x-login", 250);
		await addFile(open, "x-login", 0);
		open.commits.length = 0;

		const { steps, begun } = await deleteAll(open, "x-login", lost);

		expect(await allEntries(open.storage, NAMESPACES.files)).toEqual(kept);
		// The first page, three for the long file, one for the other one, and a look that finds nothing more.
		expect([steps, begun]).toEqual([6, 2]);
		expect(Math.max(...open.commits.map(({ keys }) => keys))).toBeLessThanOrEqual(394);
	}
});
