// Letters that an earlier version has stored, or stores on a node that runs beside.
import { expect, onTestFinished, test } from "vitest";
import { StorageError, type StorageValue } from "../../../src/contract/storage.ts";
import { saidBy } from "../../../src/helpdesk/locale/said.ts";
import type { Deliver } from "../../../src/helpdesk/mail/letter-delivery.ts";
import type { Outbox } from "../../../src/helpdesk/mail/outbox.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LETTER = { brandId: "acorn", subject: "Welcome", text: "Hello" };

function opened(deliver?: Deliver, clock = new MockClock(), memory = new MemoryStorage(clock)) {
	const storage = new CountingStorage(memory, ([kind = ""]) => kind);
	const reports: string[] = [];
	const open = () => {
		const outbox = outboxIn(storage, clock, deliver, (what) => reports.push(what));
		onTestFinished(() => outbox.close());
		return outbox;
	};
	/** Stores a letter as version 0.2.0 did. */
	const store = async (name: string, changes: Readonly<Record<string, StorageValue>> = {}) => {
		const at = clock.now();
		const key = ["outbox", `${String(at).padStart(16, "0")}-${name}`];
		const kept = { ...LETTER, to: `${name}@example.com`, at, problem: null };
		const value = { ...kept, pluginId: null, heldUntil: 0, ...changes };
		await memory.commit({ sets: [{ key, value, expiresAt: at + 7 * DAY }] });
		return key;
	};
	return { clock, memory, open, store, reports, costs: () => storage.costsSoFar() };
}

const names = async (outbox: Outbox) => (await keptLetters(outbox)).map(({ to }) => to);

test("letters that others change again and again are indexed another time, and the reason is a message", async () => {
	const { memory, open, store } = opened();
	await store("ada");
	const outbox = open();
	memory.commit = async () => false;

	const refused = await keptLetters(outbox).catch((error: unknown) => error);

	expect(refused).toBeInstanceOf(StorageError);
	expect(saidBy(refused)).toEqual({ key: "problem.busy" });
	expect(refused).toMatchObject({
		cause: new Error("others changed letters without an index 20 times in a row"),
	});
});

test("letters without an index are listed, found by address, deleted with their user and delivered", async () => {
	const sent: string[] = [];
	const { clock, memory, open, store } = opened(async ({ to }) => void sent.push(to));
	await store("ada");
	clock.advance(1);
	await store("bob", { pluginId: "tiny" });
	clock.advance(1);
	await store("cleo");

	const outbox = open();

	expect(await names(outbox)).toEqual(["cleo@example.com", "bob@example.com", "ada@example.com"]);
	expect(await keptLetters(outbox, "bob@example.com")).toHaveLength(1);
	await outbox.forget("acorn", "cleo@example.com");
	await outbox.forgetOf("tiny", "acorn");
	await outbox.deliverAll();
	expect(sent).toEqual(["ada@example.com"]);
	clock.advance(8 * DAY);
	expect((await allEntries(memory)).map(({ key }) => key.join("/"))).toEqual([]);
});

test("a user is deleted before anything else has indexed the letters to them", async () => {
	const { memory, open, store } = opened();
	for (let letter = 0; letter < 120; letter += 1) {
		await store(`p${letter}`);
	}

	await open().forget("acorn", "p7@example.com");

	expect(await allEntries(memory, ["outbox"])).toHaveLength(119);
	expect(JSON.stringify(await allEntries(memory))).not.toContain("p7@example.com");
});

test("a letter that a node of an earlier version writes beside is listed and delivered", async () => {
	const sent: string[] = [];
	const { open, store, clock } = opened(async ({ to }) => void sent.push(to));
	const outbox = open();
	await store("ada");
	expect(await names(outbox)).toEqual(["ada@example.com"]);
	clock.advance(MINUTE);
	await store("bob");

	expect(await names(outbox)).toEqual(["bob@example.com", "ada@example.com"]);
	await outbox.deliverAll();
	expect(sent).toEqual(["ada@example.com", "bob@example.com"]);
});

test("a letter that an earlier version holds, delays or deletes leaves keys that are put right when they are met", async () => {
	const sent: string[] = [];
	const { clock, memory, open } = opened(async ({ to }) => void sent.push(to));
	const writer = outboxIn(memory, clock, undefined, () => {});
	await writer.send({ ...LETTER, to: "ada@example.com" });
	clock.advance(1);
	await writer.send({ ...LETTER, to: "bob@example.com" });
	const [ada, bob] = await allEntries(memory, ["outbox"]);
	const held = { ...Object(ada?.value), heldUntil: clock.now() + 10 * MINUTE };
	await memory.commit({
		sets: [{ key: ada?.key ?? [], value: held, expiresAt: clock.now() + DAY }],
		deletes: [bob?.key ?? []],
	});
	const outbox = open();

	await outbox.deliverAll();
	expect(sent).toEqual([]);
	expect(await allEntries(memory, ["mail-index", "due"])).toMatchObject([
		{ key: ["mail-index", "due", String(held.heldUntil).padStart(16, "0"), ada?.key[1]] },
	]);
	expect(await names(outbox)).toEqual(["ada@example.com"]);
	clock.advance(10 * MINUTE);
	await outbox.deliverAll();

	expect(sent).toEqual(["ada@example.com"]);
	expect(await keptLetters(outbox, "bob@example.com")).toEqual([]);
	clock.advance(8 * DAY);
	expect((await allEntries(memory)).map(({ key }) => key.join("/"))).toEqual([]);
});

test("many letters are indexed in small steps, and a start goes on where the last one ended", async () => {
	const { open, store, costs, clock } = opened();
	for (let letter = 0; letter < 430; letter += 1) {
		clock.advance(1);
		await store(`p${letter}`);
	}
	const first = open();

	expect(await first.letters.page()).toMatchObject({ isPartial: true });
	const { mostKeys, longestList, counts } = costs();
	expect(mostKeys).toBeLessThanOrEqual(400);
	expect(longestList).toBeLessThanOrEqual(200);
	expect(counts["list outbox"]).toBe(4);
	await first.trimming.run();
	expect(await first.letters.page()).toMatchObject({ isPartial: false });
	expect(await keptLetters(first)).toHaveLength(430);
	costs();

	expect(await open().letters.page()).toMatchObject({ isPartial: false });

	expect(costs().counts["list outbox"]).toBe(1);
});

test("a restored place that means nothing to this engine begins again", async () => {
	const { memory, open, store } = opened();
	await store("ada");
	const key = ["mail-index", "position"];
	await memory.commit({ sets: [{ key, value: { cursor: "of another engine" } }] });

	expect(await names(open())).toEqual(["ada@example.com"]);
});

describeEachEngine((openStorage) => {
	test("letters of an earlier version are indexed while two nodes start and write", async () => {
		const clock = new MockClock();
		const storage = await openStorage(clock);
		const expiresAt = clock.now() + 7 * DAY;
		const sets = Array.from({ length: 120 }, (_, letter) => {
			const at = clock.now() - 1000 + letter;
			const value = { ...LETTER, to: `p${letter}@example.com`, at, problem: null };
			const id = `${String(at).padStart(16, "0")}-${letter}`;
			return { key: ["outbox", id], value, expiresAt };
		});
		await storage.commit({ sets });
		const nodes = [0, 1].map(() => outboxIn(storage, clock, undefined, () => {}));

		await Promise.all(
			nodes.flatMap((outbox, node) => [
				outbox.trimming.run(),
				outbox.send({ ...LETTER, to: `new${node}@example.com` }),
			]),
		);

		for (const outbox of nodes) {
			const found = await names(outbox);
			expect(found).toHaveLength(122);
			expect(new Set(found).size).toBe(122);
			expect(found.at(-1)).toBe("p0@example.com");
		}
	});
});
