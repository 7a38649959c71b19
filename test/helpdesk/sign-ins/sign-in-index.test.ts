// Entries are found by their trace code and their account without reading any others.
import { expect, test } from "vitest";
import { sameTraceCode } from "../../../src/helpdesk/sign-ins/sign-in-entry.ts";
import type { SignInLedger } from "../../../src/helpdesk/sign-ins/sign-in-ledger.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { DAY, end, ofAda, openLedger } from "../../kit/helpdesk/open-ledger.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const CODE = "7F3K-9QWD";
const LIMITS = { attempts: 2000, strays: 200, trimmedAfter: 200 };

function openCounted() {
	const clock = new MockClock();
	const memory = new MemoryStorage(clock);
	const storage = new CountingStorage(memory, ([kind = ""]) => kind);
	const open = () => openLedger({ clock, storage, limits: LIMITS });
	return { clock, memory, storage, open, costs: () => storage.costsSoFar() };
}

type Opened = ReturnType<typeof openCounted>;

/** Records events of many people, as they end together. */
async function flood({ clock }: Opened, ledger: SignInLedger, events: number): Promise<void> {
	for (let index = 0; index < events; index += 1) {
		const about = { subject: `x:${index}`, userId: `user-${index}` };
		ledger.record(end({ traceCode: `AAAA-${String(index).padStart(4, "0")}` }, about));
		if (index % 50 === 49) {
			await ledger.settled();
			clock.advance(1000);
		}
	}
	await ledger.close();
}

/** Takes away what earlier versions did not write. */
async function makeOld({ memory }: Opened): Promise<void> {
	for (const { key, value } of await allEntries(memory, ["entry"])) {
		const { isIndexed: _, ...old } = fieldsOf(value);
		await memory.commit({ sets: [{ key, value: old }] });
	}
	for (const kind of ["by-code", "by-account", "state"]) {
		await memory.commit({ deletes: (await allEntries(memory, [kind])).map(({ key }) => key) });
	}
}

/** Expects that exactly the entries are in the index, each by its code and its account. */
async function expectTrueIndex({ memory }: Opened): Promise<void> {
	const entries = await allEntries(memory, ["entry"]);
	const expected = entries.flatMap(({ key, value }) => {
		const { traceCode, who } = fieldsOf(value);
		const place = key.slice(1).join("/");
		return [
			`by-code/${sameTraceCode(String(traceCode))} ${place}`,
			...(who === null ? [] : [`by-account/${who} ${place}`]),
		];
	});
	const found = await Promise.all(
		["by-code", "by-account"].map((kind) => allEntries(memory, [kind])),
	);
	const texts = found
		.flat()
		.map(({ key, value }) => `${key[0]}/${key[1]} ${Array.isArray(value) ? value.join("/") : ""}`);
	expect(texts.sort()).toEqual(expected.sort());
}

test("in a full ledger an attempt, those of its account and those of a user are found in some reads", async () => {
	const opened = openCounted();
	const { ledger } = opened.open();
	for (const calls of [1, 2, 3]) {
		ledger.record(end({ calls, traceCode: calls === 2 ? CODE : "BBBB-BBBB" }, ofAda));
		await ledger.settled();
		opened.clock.advance(DAY);
	}
	await flood(opened, ledger, LIMITS.attempts - 3);
	await ledger.indexSome();
	opened.costs();

	const found = await ledger.withCode("7f3k 9qwd", 10);
	expect(found).toMatchObject({ count: 1, newest: [{ calls: 2 }], isPartial: false });
	expect(opened.costs()).toMatchObject({ operations: 3, longestList: 1 });
	const { who = "" } = found.newest[0] ?? {};
	const others = await ledger.ofEachAccount(new Set([who ?? "", "nobody"]), 2);
	expect(others.get(who ?? "")?.map(({ calls }) => calls)).toEqual([3, 2]);
	expect(opened.costs()).toMatchObject({ operations: 4, longestList: 2 });
	expect((await ledger.entriesOfUser("ada", 20)).map(({ calls }) => calls)).toEqual([3, 2, 1]);
	expect(opened.costs()).toMatchObject({ operations: 5, longestList: 3 });
	expect(await ledger.withCode("7F3K-9QWX", 10)).toMatchObject({ count: 0, newest: [] });
	expect(opened.costs().operations).toBe(1);
	for (const typed of ["", "--", "\ud800", "Ⅷ".repeat(64)]) {
		expect(await ledger.withCode(typed, 10)).toMatchObject({ count: 0 });
	}
});

test("of a code that an add-on gives to all its attempts, 500 are counted and the newest are read", async () => {
	const opened = openCounted();
	const { ledger } = opened.open();
	for (let calls = 0; calls < 700; calls += 1) {
		ledger.record(end({ calls }));
		opened.clock.advance(1);
	}
	await ledger.indexSome();
	opened.costs();

	const { newest, ...counted } = await ledger.withCode(CODE, 10);

	expect(newest.map(({ calls }) => calls)).toEqual(range(10).map((index) => 699 - index));
	expect(counted).toEqual({ count: 500, isPartial: true });
	expect(opened.costs()).toMatchObject({ operations: 12, longestList: 500 });
});

test("what leads to an entry goes with it: when it is trimmed, when it expires, and by its account when it is erased", async () => {
	const opened = openCounted();
	const { ledger, problems } = opened.open();
	ledger.record(end({ traceCode: CODE }, ofAda));
	await flood(opened, ledger, 300);
	await ledger.forget("user-7");
	await expectTrueIndex(opened);
	const first = await ledger.withCode("AAAA-0007", 10);
	expect(first.newest).toMatchObject([{ who: null }]);

	await flood(opened, ledger, 2 * LIMITS.attempts);
	expect((await ledger.withCode(CODE, 10)).count).toBe(0);
	await expectTrueIndex(opened);
	expect(opened.costs().mostKeys).toBeLessThanOrEqual(400);

	opened.clock.advance(91 * DAY);
	await expectTrueIndex(opened);
	expect(await allEntries(opened.memory, ["by-code"])).toEqual([]);
	expect(problems).toEqual([]);
});

test("entries of an earlier version are found by reading all of them, until they are in the index", async () => {
	const opened = openCounted();
	const { ledger } = opened.open();
	await flood(opened, ledger, 600);
	await makeOld(opened);
	const find = async () => (await opened.open().ledger.withCode("AAAA-0300", 10)).count;
	opened.costs();
	expect(await find()).toBe(1);
	expect(opened.costs().longestList).toBe(500);

	expect(await ledger.indexSome()).toBe(600);

	expect(opened.costs()).toMatchObject({ longestList: 200, failed: {} });
	await expectTrueIndex(opened);
	expect(await find()).toBe(1);
	expect(opened.costs().longestList).toBe(1);
	expect(await ledger.indexSome()).toBe(0);
	expect(opened.costs().operations).toBe(0);
});

test("a full ledger is looked through in several runs of at most 4,000 entries", async () => {
	const opened = openCounted();
	const limits = { attempts: 20_000, strays: 2000, trimmedAfter: 2000 };
	const { ledger } = openLedger({ ...opened, limits });
	await flood(opened, ledger, 9000);
	await makeOld(opened);
	const next = openLedger({ ...opened, limits }).ledger;
	const runs: number[] = [];
	const isReady = async () => (await allEntries(opened.memory, ["state"])).length > 0;
	opened.costs();

	while (!(await isReady())) {
		runs.push(await next.indexSome());
		expect(opened.costs().counts["list entry"] ?? 0).toBeLessThanOrEqual(20);
	}

	// Then it looks for accounts that an earlier version has erased.
	expect(runs).toEqual([4000, 4000, 1000, 0, 0]);
	await expectTrueIndex(opened);
});

test("entries that an earlier version wrote, trimmed or erased beside this one are put right by the next look", async () => {
	const opened = openCounted();
	const { memory, clock } = opened;
	const { ledger } = opened.open();
	await flood(opened, ledger, 60);
	expect(await ledger.indexSome()).toBe(0);
	const [erased, trimmed, written] = await allEntries(memory, ["entry"]);
	if (erased === undefined || trimmed === undefined || written === undefined) {
		return expect.unreachable();
	}
	const { isIndexed: _, ...old } = fieldsOf(written.value);
	const time = `${String(clock.now()).padStart(16, "0")}-old`;
	const key = [...written.key.slice(0, -1), time];
	await memory.commit({
		sets: [
			{ key: erased.key, value: { ...fieldsOf(erased.value), who: null } },
			{ key, value: { ...old, at: clock.now(), traceCode: CODE } },
		],
		deletes: [trimmed.key],
	});
	expect(await ledger.indexSome()).toBe(0);
	expect((await ledger.withCode(CODE, 10)).count).toBe(0);
	const code = String(fieldsOf(trimmed.value)["traceCode"]);
	expect(await ledger.withCode(code, 10)).toMatchObject({ count: 0, newest: [] });

	clock.advance(DAY);
	expect(await ledger.indexSome()).toBe(1);

	expect(await ledger.withCode(CODE, 10)).toMatchObject({
		count: 1,
		newest: [{ traceCode: CODE }],
	});
	await memory.commit({ deletes: await leadingTo(opened, trimmed.key) });
	await expectTrueIndex(opened);
});

test("an entry that is erased while it is put into the index is there without its account", async () => {
	const opened = openCounted();
	const { ledger } = opened.open();
	await flood(opened, ledger, 60);
	await makeOld(opened);
	const { ledger: other } = openLedger({ clock: opened.clock, storage: opened.memory });
	let isFirst = true;
	const { commit } = opened.storage;
	opened.storage.commit = async (wanted) => {
		if (isFirst) {
			isFirst = false;
			await other.forget("user-7");
		}
		return commit(wanted);
	};

	expect(await ledger.indexSome()).toBe(60);

	await expectTrueIndex(opened);
	expect((await ledger.withCode("AAAA-0007", 10)).newest).toMatchObject([{ who: null }]);
});

test("nothing leads to an entry that is deleted while it is put into the index", async () => {
	const opened = openCounted();
	const { ledger } = opened.open();
	await flood(opened, ledger, 60);
	await makeOld(opened);
	const [deleted = expect.fail("no entry")] = await allEntries(opened.memory, ["entry"]);
	let isFirst = true;
	const { commit } = opened.storage;
	opened.storage.commit = async (wanted) => {
		if (isFirst) {
			isFirst = false;
			await opened.memory.commit({ deletes: [deleted.key] });
		}
		return commit(wanted);
	};

	await ledger.indexSome();

	await expectTrueIndex(opened);
});

test("an entry that is put into the index while it is erased loses its account, and so does the index", async () => {
	const opened = openCounted();
	const { ledger } = opened.open();
	await flood(opened, ledger, 60);
	await makeOld(opened);
	const { ledger: other } = openLedger({ clock: opened.clock, storage: opened.memory });
	let indexed = 0;
	const { commit } = opened.storage;
	opened.storage.commit = async (wanted) => {
		const isErased = wanted.sets?.some(({ value }) => fieldsOf(value)["who"] === null) ?? false;
		indexed += isErased ? await other.indexSome() : 0;
		return commit(wanted);
	};

	await ledger.forget("user-7");

	expect(indexed).toBe(60);
	await expectTrueIndex(opened);
	expect((await ledger.withCode("AAAA-0007", 10)).newest).toMatchObject([{ who: null }]);
});

test("a look whose process ends in the middle is begun again by the next one, and changes nothing twice", async () => {
	const opened = openCounted();
	const { ledger } = opened.open();
	await flood(opened, ledger, 500);
	await makeOld(opened);
	const { commit } = opened.storage;
	let commits = 0;
	opened.storage.commit = async (wanted) => {
		commits += 1;
		if (commits > 2) {
			throw new Error("the process ends here");
		}
		return commit(wanted);
	};
	await expect(ledger.indexSome()).rejects.toThrow("the process ends here");
	opened.storage.commit = commit;
	expect(await allEntries(opened.memory, ["by-code"])).toHaveLength(200);
	const next = opened.open().ledger;
	expect(await next.withCode("AAAA-0499", 10)).toMatchObject({ count: 1 });

	expect(await next.indexSome()).toBe(500);

	await expectTrueIndex(opened);
	expect(await allEntries(opened.memory, ["state"])).toHaveLength(1);
});

/** The keys by code that lead to an entry. Nobody deletes those of an entry that an earlier version has trimmed. */
async function leadingTo({ memory }: Opened, key: readonly string[]) {
	const place = JSON.stringify(key.slice(1));
	const leading = await allEntries(memory, ["by-code"]);
	return leading.filter(({ value }) => JSON.stringify(value) === place).map((each) => each.key);
}

function range(length: number): number[] {
	return Array.from({ length }, (_, index) => index);
}
