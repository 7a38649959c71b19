// Kills a helpdesk with kill -9 in the middle of many deeds: each deed that is done has its entry, and no other has one.
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HostStorage } from "../../src/contract/storage.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { run } from "../kit/helpdesk/backups.ts";
import { operatorOf } from "../kit/helpdesk/operator-of.ts";
import { addProvenUser } from "../kit/helpdesk/proven-user.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";
import { allEntries } from "../kit/storage/all-entries.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";

const PEOPLE = 300;
const KILLS = [60, 150, 400];

type Value = Readonly<Record<string, unknown>>;

async function opened<Result>(
	data: string,
	work: (storage: HostStorage) => Promise<Result>,
): Promise<Result> {
	const storage = await openStorageAt(`sqlite:${join(data, "helpdesk.sqlite")}`, systemClock);
	try {
		return await work(storage);
	} finally {
		await storage.close();
	}
}

/** The ids of the users who are suspended, and those whom the audit trail says are. */
function suspensionsIn(data: string) {
	return opened(data, async (storage) => {
		const users = await allEntries(storage, ["accounts", "account"]);
		const suspended = users.filter(({ value }) => (value as Value)["status"] === "suspended");
		const entries = (await allEntries(storage, ["audit", "entry"])).map(
			({ value }) => value as Value,
		);
		const noted = entries.filter(({ deed }) => deed === "user.suspend");
		return {
			suspended: suspended.map(({ key }) => String(key.at(-1))).sort(),
			noted: noted.map(({ objectId }) => String(objectId)).sort(),
			entries,
		};
	});
}

test("a helpdesk that is killed in the middle of many deeds has an entry for each that is done, and for no other", async () => {
	const data = await newDataFolder();
	const first = await startHelpdeskProcess(data);
	const operator = await operatorOf(first);
	const { password } = first.ready.operator;
	const ended = once(first.process, "exit");
	first.process.kill("SIGTERM");
	await ended;
	const ids = await opened(data, async (storage) => {
		for (let index = 0; index < PEOPLE; index += 1) {
			await addProvenUser(storage, `p${index}@example.com`);
		}
		const users = await allEntries(storage, ["accounts", "account"]);
		return users.map(({ key }) => String(key.at(-1)));
	});
	let from = 0;
	for (const killAfter of KILLS) {
		const node = await startHelpdeskProcess(data);
		const ready = { ...node.ready, operator: { ...node.ready.operator, password } };
		const visitor = await operatorOf({ ready });
		const { html } = await visitor.open(`${ready.admin}/profile`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
		const gone = once(node.process, "exit");
		setTimeout(() => node.process.kill("SIGKILL"), killAfter);
		const asked = ids
			.slice(from, from + 100)
			.map((id) =>
				visitor
					.post(`${ready.admin}/users/${id}/suspended`, [["_csrf", csrf]])
					.catch(() => undefined),
			);
		await Promise.all(asked);
		await gone;
		from += 100;
	}

	const { suspended, noted, entries } = await suspensionsIn(data);
	expect(noted).toEqual(suspended);
	expect(suspended.length).toBeLessThan(PEOPLE);
	expect(entries.filter(({ deed }) => deed === "operator.log-in")).toHaveLength(1 + KILLS.length);
	expect(operator.cookies.size).toBeGreaterThan(0);
}, 120_000);

test("commands leave entries, and a restore is one", async () => {
	const data = await newDataFolder();
	const first = await startHelpdeskProcess(data);
	const ended = once(first.process, "exit");
	first.process.kill("SIGTERM");
	await ended;
	const at = ["--data", data];
	const spare = "spare=Spare,http://localhost:8099";
	const backup = join(data, "backup");
	const restored = await newDataFolder();
	for (const line of [
		["brands", "add", spare, ...at],
		["brands", "change", "spare", "--name", "Other", ...at],
		["brands", "list", ...at],
		["brands", "remove", "spare", ...at],
		["openid", "rotate-keys", ...at],
		["people", "repair", ...at],
		["backup", backup, ...at],
		["restore", backup, "--data", join(restored, "data")],
	]) {
		expect([line, run(line)]).toMatchObject([line, { status: 0 }]);
	}

	const deedsIn = (folder: string) =>
		opened(folder, async (storage) => {
			const entries = await allEntries(storage, ["audit", "entry"]);
			return entries
				.map(({ value }) => value as Value)
				.reverse()
				.map(({ deed, actor, object, objectId, state }) => [deed, actor, object, objectId, state]);
		});
	const before = await deedsIn(data);
	expect(before).toEqual([
		["command.brand-add", "command", "brand", "spare", "done"],
		["command.brand-change", "command", "brand", "spare", "done"],
		["command.brand-remove", "command", "brand", "spare", "ended"],
		["command.repair-people", "command", null, null, "begun"],
		["command.back-up", "command", null, null, "ended"],
	]);
	expect((await deedsIn(join(restored, "data"))).slice(-2)).toEqual([
		["command.back-up", "command", null, null, "ended"],
		["command.restore", "command", null, null, "done"],
	]);
}, 120_000);
