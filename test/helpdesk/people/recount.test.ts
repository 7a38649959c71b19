import { describe, expect, test } from "vitest";
import type { StorageKey } from "../../../src/contract/storage.ts";
import { indexKeys, isIndexed } from "../../../src/helpdesk/people/account-index.ts";
import { indexStateSet } from "../../../src/helpdesk/people/index-state.ts";
import { FIRST_PLACE, LeftOverKeys } from "../../../src/helpdesk/people/jobs/left-over-keys.ts";
import { recountKind } from "../../../src/helpdesk/people/jobs/recount.ts";
import { linksDueKey } from "../../../src/helpdesk/people/links-due.ts";
import { accountKey, STORED_ACCOUNT } from "../../../src/helpdesk/people/stored-account.ts";
import { firstHintKey } from "../../../src/helpdesk/people/unproven-hints.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import {
	addPerson,
	atX,
	type OpenAccounts,
	openAccounts,
} from "../../kit/helpdesk/open-accounts.ts";
import { countedIn, expectTrueCounts, foldAll } from "../../kit/helpdesk/plain-counts.ts";
import { driveJob } from "../../kit/jobs/drive-job.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";

async function addPeople(open: OpenAccounts, count: number, from = 0): Promise<string[]> {
	const ids: string[] = [];
	for (let index = from; index < from + count; index += 1) {
		const links = index % 2 === 0 ? [atX(`handle_${index}`)] : [];
		const brandId = index % 3 === 0 ? "harbor" : "acorn";
		ids.push((await addPerson(open, { name: `Person N${index}`, brandId, links })).id);
	}
	return ids;
}

/** What earlier versions leave behind: keys of an account as it was, and of people who are gone. */
function leftOverKeys(userId: string): readonly StorageKey[] {
	return [
		...[userId, "nobody"].flatMap((id) => [
			["word", "formerly", id],
			["newest", "9007199254740000", id],
			["class", "suspended", "both", "gone", "9007199254740000", id],
			["unproven", "gone", "2026-11-29", id],
		]),
		linksDueKey("nobody"),
	];
}

/** Expects exactly the keys that the records say, and no note about somebody who is gone. */
async function expectTrueKeys({ place }: OpenAccounts): Promise<void> {
	const textsOf = (keys: readonly StorageKey[]) => keys.map((key) => key.join("/")).sort();
	const below = async (...kinds: string[]) =>
		(await Promise.all(kinds.map((kind) => allEntries(place, [kind])))).flat();
	const people = (await below("account")).flatMap(({ key, value }) => {
		const stored = STORED_ACCOUNT.read(value);
		return stored === undefined ? [] : [{ id: String(key.at(-1)), stored }];
	});
	const keys = (await below("word", "newest", "class", "unproven")).map(({ key }) => key);
	expect(textsOf(keys)).toEqual(
		textsOf(
			people.flatMap(({ id, stored }) => [
				...indexKeys(id, stored),
				...(stored.confirmed ? [] : [firstHintKey(id, stored)]),
			]),
		),
	);
	const ids = new Set(people.map(({ id }) => id));
	expect((await below("links-due")).filter(({ key }) => !ids.has(String(key.at(-1))))).toEqual([]);
}

/** Makes counts and the index wrong in every way that we can think of. */
async function makeWrong({ place }: OpenAccounts): Promise<void> {
	const [total] = await allEntries(place, ["total"]);
	const counts = fieldsOf(fieldsOf(total?.value)["counts"]);
	const counted = await allEntries(place, ["counted"]);
	const words = await allEntries(place, ["word"]);
	const classes = await allEntries(place, ["class"]);
	const newest = await allEntries(place, ["newest"]);
	const nobody = { brandId: "acorn", names: ["all", "status:active"] };
	await place.commit({
		sets: [
			{ key: total?.key ?? [], value: { counts: { ...counts, all: Number(counts["all"]) + 7 } } },
			{ key: ["total", "gone"], value: { counts: { all: 3 } } },
			...[0, 1, 2, 3, 4].map((index) => ({ key: ["counted", `nobody-${index}`], value: nobody })),
			{ key: counted[11]?.key ?? [], value: { brandId: "harbor", names: ["all", "linked:other"] } },
			{ key: counted[12]?.key ?? [], value: "broken" },
			...leftOverKeys(String(words[40]?.key.at(-1))).map((key) => ({ key, value: null })),
		],
		deletes: [
			...counted.slice(0, 10),
			...words.slice(20, 30),
			...classes.slice(0, 3),
			...newest.slice(0, 3),
		].map(({ key }) => key),
	});
}

describeEachEngine((openEngine) => {
	test("wrong counts and a wrong index are right after a recount, while people sign up and are deleted", async () => {
		const clock = new MockClock();
		const open = openAccounts(clock, await openEngine(clock));
		await open.search.state();
		const ids = await addPeople(open, 100);
		await foldAll(open);
		await makeWrong(open);

		const beside = (async () => {
			await addPeople(open, 50, 100);
			for (const id of ids.slice(0, 10)) {
				await open.accounts.delete(id);
			}
		})();
		const job = await driveJob(
			recountKind(open.storage, () => {}),
			null,
			open,
		);
		await beside;
		await foldAll(open);

		expect(job).toMatchObject({ state: "done", result: { missing: expect.any(Number) } });
		// Those of somebody who is deleted in between may count, too.
		expect(fieldsOf(job.result ?? null)["leftOver"]).toBeGreaterThanOrEqual(9);
		await expectTrueCounts(open);
		await expectTrueKeys(open);
		expect(await open.counts.at("acorn")).toMatchObject({ isExact: true, isReady: true });
		for (let index = 10; index < 150; index += 1) {
			const filter = { status: undefined, linked: undefined, withoutOtherWayIn: false };
			const found = await open.search.page(
				{ ...filter, words: `person n${index}`, brandId: undefined },
				[],
			);
			expect(found.accounts.map(({ name }) => name)).toContain(`Person N${index}`);
		}
	}, 120_000);
});

test("every step done twice, as after a crash, gives the same counts", async () => {
	const open = openAccounts();
	await addPeople(open, 60);
	await foldAll(open);
	await makeWrong(open);

	await driveJob(
		recountKind(open.storage, () => {}),
		null,
		{ ...open, twice: true },
	);
	await foldAll(open);

	await expectTrueCounts(open);
	await expectTrueKeys(open);
});

test("keys that lead to nobody are deleted in small steps, and not those of an account that cannot be read", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const open = openAccounts(clock, storage);
	const [unreadable = "", ...ids] = await addPeople(open, 20);
	const sets = Array.from({ length: 1000 }, (_, index) => ({
		...{ key: ["word", `formerly${index}`, index % 2 === 0 ? `gone${index}` : (ids[3] ?? "")] },
		value: null,
	}));
	await open.place.commit({ sets });
	await open.place.commit({ sets: [{ key: accountKey(unreadable), value: "broken" }] });
	storage.costsSoFar();

	const job = await driveJob(
		recountKind(storage, () => {}),
		null,
		open,
	);

	expect(job).toMatchObject({ state: "done", result: { leftOver: 1000 } });
	const { mostKeys, longestList } = storage.costsSoFar();
	expect(mostKeys).toBeLessThanOrEqual(394);
	expect(longestList).toBeLessThanOrEqual(200);
	const left = (await allEntries(open.place, ["word"])).filter(({ key }) => key[2] === unreadable);
	expect(left.length).toBeGreaterThan(2);
});

test("a key of an account that changes while it is looked at stays until the next look", async () => {
	const open = openAccounts();
	const { id } = await addPerson(open, { name: "Ada" });
	await open.place.commit({ sets: [{ key: ["word", "countess", id], value: null }] });
	const step = await new LeftOverKeys(open.place).step(FIRST_PLACE);
	await open.accounts.claim(id, { name: "Countess", password: "hashed", isHolder: true });

	expect(step.dropped).toBe(1);
	expect(await open.place.commit(step.commit)).toBe(false);

	await expectTrueKeys(open);
});

test("no step has more than 400 keys or a list of more than 200, also when every account is wrong", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const open = openAccounts(clock, storage);
	const name = "Anna Berta Clara Dora Emma Frida Greta Hanna Ida Jana Karla Lena";
	for (let index = 0; index < 60; index += 1) {
		await addPerson(open, { name, links: [atX("a_b_c_d_e_f_g")] });
	}
	const entries = await allEntries(open.place, accountKey());
	for (const { key, value } of entries) {
		const { indexed: _, ...stored } = fieldsOf(value);
		await open.place.commit({ sets: [{ key, value: stored }] });
	}
	storage.costsSoFar();

	await driveJob(
		recountKind(storage, () => {}),
		null,
		{ storage },
	);

	const { mostKeys, longestList } = storage.costsSoFar();
	expect(mostKeys).toBeGreaterThan(200);
	expect(mostKeys).toBeLessThanOrEqual(400);
	expect(longestList).toBeLessThanOrEqual(200);
	for (const { key, value } of await allEntries(open.place, accountKey())) {
		const stored = STORED_ACCOUNT.read(value) ?? expect.fail("unreadable");
		expect(isIndexed(String(key.at(-1)), stored)).toBe(true);
	}
});

test("users of whom nobody knows what is linked are noted, once the index is ready", async () => {
	const open = openAccounts();
	const { records } = open.accounts;
	await open.search.state();
	const [id = ""] = await addPeople(open, 3);
	const key = accountKey(id);
	const { links: _, ...older } = fieldsOf((await open.place.get(key))?.value);
	await open.place.commit({ sets: [{ key, value: older }] });
	const kind = recountKind(open.storage, () => {});

	await open.place.commit({ sets: [indexStateSet("building")] });
	await driveJob(kind, null, open);
	expect(await records.linksDue(open.clock.now(), 20)).toEqual([]);
	await open.place.commit({ sets: [indexStateSet("ready")] });
	await driveJob(kind, null, open);

	expect(await records.linksDue(open.clock.now(), 20)).toMatchObject([{ userId: id }]);
});

describe("while it counts", () => {
	test("folds wait, pages say that they are not ready, and a cancel lets both go on", async () => {
		const open = openAccounts();
		await open.search.state();
		await addPeople(open, 10);
		await foldAll(open);
		const kind = recountKind(open.storage, () => {});
		const { position } = await kind.begin(null);
		const { commit = {} } = await kind.step({ jobId: "one", params: null, position, result: null });
		await open.storage.commit(commit);
		await addPeople(open, 10, 10);

		expect(await open.counts.fold()).toBe(0);
		expect(await open.counts.at("acorn")).toMatchObject({ isReady: false, isExact: false });
		expect(await open.counts.recountedBy()).toBe("one");
		await kind.undo(null, position);

		expect(await open.counts.at("acorn")).toMatchObject({ isReady: true, isExact: true });
		await expectTrueCounts(open);
	});

	test("it begins again when its hold was taken, because folds went on", async () => {
		const open = openAccounts();
		await addPeople(open, 30);
		const kind = recountKind(open.storage, () => {});
		let { position } = await kind.begin(null);
		let stages = 0;
		for (let isEnd = false; !isEnd; stages += 1) {
			const end = await kind.step({ jobId: "one", params: null, position, result: null });
			await open.storage.commit(end.commit ?? {});
			position = end.position;
			isEnd = end.isEnd;
			if (stages === 1) {
				await open.counts.release("another");
				expect(await open.counts.recountedBy()).toBe("one");
				await open.counts.release("one");
				await foldAll(open);
			}
		}
		expect(stages).toBeGreaterThan(6);
		await foldAll(open);
		await expectTrueCounts(open);
	});
});

test("an account that cannot be read is reported, kept and counted nowhere", async () => {
	const open = openAccounts();
	const [id = ""] = await addPeople(open, 5);
	await foldAll(open);
	await open.place.commit({ sets: [{ key: accountKey(id), value: "broken" }] });
	const reports: string[] = [];

	await driveJob(
		recountKind(open.storage, (what) => reports.push(what)),
		null,
		open,
	);
	await foldAll(open);

	expect(reports).toEqual(["a user is not counted"]);
	expect((await open.place.get(accountKey(id)))?.value).toBe("broken");
	await expectTrueCounts(open);
	expect((await countedIn(open)).totals["harbor"]?.["all"]).toBe(1);
});
