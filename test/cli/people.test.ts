import { join } from "node:path";
import { expect, test } from "vitest";
import { NAMESPACES } from "../../src/helpdesk/namespaces.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { namespaced } from "../../src/storage/namespaced-storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite-storage.ts";
import { addPerson, openAccounts } from "../kit/helpdesk/open-accounts.ts";
import { expectTrueCounts, foldAll } from "../kit/helpdesk/plain-counts.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import {
	endHelpdesk,
	newDataFolder,
	startHelpdeskProcess,
} from "../kit/helpdesk/start-helpdesk.ts";
import { allEntries } from "../kit/storage/all-entries.ts";

/** Works with the accounts in the database of a helpdesk, beside it. */
async function inDatabase<Result>(
	data: string,
	work: (open: ReturnType<typeof openAccounts>) => Promise<Result>,
): Promise<Result> {
	const storage = new SqliteStorage(join(data, "helpdesk.sqlite"), systemClock);
	try {
		return await work(openAccounts(undefined, storage));
	} finally {
		storage.close();
	}
}

async function addWrongPeople(data: string): Promise<void> {
	await inDatabase(data, async (open) => {
		for (let index = 0; index < 30; index += 1) {
			await addPerson(open, { name: `Person N${index}` });
		}
		await foldAll(open);
		const [word] = await allEntries(open.place, ["word"]);
		const [counted] = await allEntries(open.place, ["counted"]);
		await namespaced(open.storage, NAMESPACES.accounts).commit({
			sets: [{ key: ["total", "acorn"], value: { counts: { all: 7 } } }],
			deletes: [word?.key ?? [], counted?.key ?? []],
		});
	});
}

test.each([
	["runs", true],
	["does not run", false],
])("people repair makes counts right in a helpdesk that %s", async (_, runs) => {
	const data = await newDataFolder();
	const running = await startHelpdeskProcess(data);
	if (!runs) {
		await endHelpdesk(running);
	}
	await addWrongPeople(data);

	const repaired = runCli(data, "people", "repair", "--data", data, "--json");

	expect(repaired.status).toBe(0);
	expect(JSON.parse(repaired.stdout)).toEqual({
		people: 30,
		missing: 1,
		miscounted: 1,
		leftOver: 0,
	});
	await inDatabase(data, async (open) => {
		await foldAll(open);
		await expectTrueCounts(open);
	});
	const again = runCli(data, "people", "repair", "--data", data);
	expect(again.stdout).toBe(
		"Counted 30 people. Counted wrongly before: 0. Missing in the search before: 0. Left over in the search before: 0.\n",
	);
});

test("people takes repair, and nothing else", async () => {
	const data = await newDataFolder();
	expect(runCli(data, "people").stderr).toContain("people takes repair");
	expect(runCli(data, "people", "repair", "now")).toMatchObject({ status: 2 });
	expect(runCli(data, "people", "repair", "--data", data).stderr).toContain("no helpdesk");
});
