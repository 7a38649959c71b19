import { expect, onTestFinished, test } from "vitest";
import { type HostStorage, StorageError } from "../../../src/contract/storage.ts";
import { saidBy } from "../../../src/helpdesk/locale/said.ts";
import type { Deliver } from "../../../src/helpdesk/mail/letter-delivery.ts";
import { LetterRefusedError } from "../../../src/helpdesk/mail/letter-refused-error.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../kit/eventually.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const MOST = 300;
/** How many letters a node writes between two counts. */
const COUNTED_AFTER = 200;
const MINUTE = 60_000;
const LETTER = { brandId: "acorn", subject: "Welcome", text: "Your code is 123456." };

function openOutbox(
	deliver?: Deliver,
	storage?: HostStorage,
	clock = new MockClock(),
	most: number | undefined = MOST,
) {
	const memory = storage ?? new MemoryStorage(clock);
	const counting = new CountingStorage(memory, ([, kind = ""]) => kind);
	const outbox = outboxIn(counting, clock, deliver, () => {}, most);
	onTestFinished(() => outbox.close());
	const flood = async (letters: number) => {
		for (let letter = 0; letter < letters; letter += 1) {
			clock.advance(1);
			await outbox.send({ ...LETTER, to: `p${letter}@example.com` });
		}
	};
	return { outbox, clock, storage: memory, costs: () => counting.costsSoFar(), flood };
}

const away: Deliver = async () => {
	throw new Error("the mail server is away");
};

test("a flood with a mail server that is away: new letters are refused, none that waits is deleted", async () => {
	const { outbox, storage, clock, flood } = openOutbox(away);

	await expect(flood(10 * MOST)).rejects.toThrow(StorageError);
	await outbox.trimming.run();

	const kept = (await allEntries(storage, ["outbox"])).length;
	expect(kept).toBeGreaterThanOrEqual(MOST);
	expect(kept).toBeLessThan(MOST + COUNTED_AFTER);
	await expect(outbox.send({ ...LETTER, to: "ada@example.com" })).rejects.toThrow(StorageError);
	expect(clock.now()).toBeGreaterThan(0);
});

test("letters of jobs fill half of the room at most, and visitors have the rest", async () => {
	const { outbox, clock, flood } = openOutbox(away);
	const message = { ...LETTER, to: "ada@example.com" };
	await flood(MOST / 2);

	const refused = await outbox.expectRoom(1, "jobs").catch((error: unknown) => error);
	expect(refused).toBeInstanceOf(StorageError);
	expect(saidBy(refused)).toEqual({ key: "problem.outbox-full" });
	await outbox.send(message);
	clock.advance(MINUTE);
	await expect(outbox.expectRoom(1, "jobs")).rejects.toThrow(StorageError);
	await outbox.send(message);
});

test("letters are taken again within a minute after the mail server has taken some", async () => {
	let isAway = true;
	const { outbox, clock, flood } = openOutbox(async () => {
		if (isAway) {
			throw new Error("the mail server is away");
		}
	});
	await expect(flood(10 * MOST)).rejects.toThrow(StorageError);

	isAway = false;
	clock.advance(MINUTE);
	await outbox.deliverAll();
	await outbox.send({ ...LETTER, to: "ada@example.com" });

	await eventually(async () => expect(await keptLetters(outbox)).toEqual([]));
});

test("while there is no room, a node counts once a minute, however many letters it refuses", async () => {
	const { outbox, costs, flood } = openOutbox(away);
	await expect(flood(10 * MOST)).rejects.toThrow(StorageError);
	await eventually(async () => expect(costs().operations).toBe(0));

	for (let letter = 0; letter < 500; letter += 1) {
		await expect(outbox.send({ ...LETTER, to: "ada@example.com" })).rejects.toThrow(StorageError);
	}

	expect(costs().operations).toBe(0);
});

test("counting costs less than one list for 20 letters of a flood", async () => {
	const { costs, flood } = openOutbox(async () => {}, undefined, undefined, 20_000);

	await flood(1000);

	const { counts, longestList } = costs();
	expect(counts["list due"]).toBeLessThan(50);
	expect(longestList).toBeLessThanOrEqual(200);
});

test("a flood without a mail server: the oldest letters make room, in small steps", async () => {
	const { outbox, storage, costs, flood } = openOutbox();
	await flood(2 * MOST);

	await outbox.trimming.run();

	const left = await keptLetters(outbox);
	expect(left).toHaveLength(MOST);
	expect(left.at(0)?.to).toBe(`p${2 * MOST - 1}@example.com`);
	expect(left.at(-1)?.to).toBe(`p${MOST}@example.com`);
	expect(await allEntries(storage, ["mail-index", "to"])).toHaveLength(MOST);
	const { mostKeys, longestList } = costs();
	expect(mostKeys).toBeLessThanOrEqual(400);
	expect(longestList).toBeLessThanOrEqual(200);
});

test("letters that a mail server will take are never deleted to make room", async () => {
	const { storage, clock, flood } = openOutbox();
	await flood(2 * MOST);

	await openOutbox(away, storage, clock).outbox.trimming.run();

	expect(await allEntries(storage, ["outbox"])).toHaveLength(2 * MOST);
});

test("letters that are not tried again make room first", async () => {
	const refuse: Deliver = async () => {
		throw new LetterRefusedError("no such user");
	};
	const { outbox, storage, clock, flood } = openOutbox(refuse);
	await flood(MOST);
	await eventually(async () => {
		clock.advance(5 * MINUTE);
		await outbox.deliverAll();
		expect(await allEntries(storage, ["mail-index", "due"])).toEqual([]);
	});
	const kept = openOutbox(undefined, storage, clock);
	await kept.flood(100);

	await kept.outbox.trimming.run();

	const states = (await keptLetters(kept.outbox)).map(({ state }) => state);
	expect(states).toHaveLength(MOST);
	expect(states.filter((state) => state === "waits")).toHaveLength(100);
});

test("a page of the mailbox costs the same with 50 and with 5,000 letters, and all pages have every letter once", async () => {
	const cost = async (letters: number) => {
		const { outbox, costs, flood } = openOutbox(undefined, undefined, undefined, 20_000);
		await flood(letters);
		await outbox.trimming.run();
		costs();
		const { letters: shown } = await outbox.letters.page();
		expect(shown).toHaveLength(25);
		const { operations } = costs();
		expect(new Set((await keptLetters(outbox)).map(({ to }) => to)).size).toBe(letters);
		return operations;
	};

	const few = await cost(50);

	expect(few).toBe(25 + 2);
	expect(await cost(5000)).toBe(few);
});

test("letters to an address are found in any spelling, without reading the others", async () => {
	const { outbox, costs, flood } = openOutbox(undefined, undefined, undefined, 20_000);
	await flood(1000);
	await outbox.send({ ...LETTER, brandId: "harbor", to: "ada@xn--bcher-kva.example" });
	await outbox.trimming.run();
	costs();

	const found = await keptLetters(outbox, " Ada@bücher.example");

	expect(found.map(({ brandId, to }) => `${brandId} ${to}`)).toEqual([
		"harbor ada@xn--bcher-kva.example",
	]);
	expect(costs().operations).toBe(3);
});

test("deleting the letters of one user among 1,000 reads theirs, and deletes their index", async () => {
	const { outbox, storage, costs, flood } = openOutbox(undefined, undefined, undefined, 20_000);
	await flood(1000);
	await outbox.trimming.run();
	costs();

	await outbox.forget("acorn", "p7@example.com");

	expect(costs().operations).toBe(4);
	expect(await allEntries(storage, ["mail-index", "to"])).toHaveLength(999);
	expect(await allEntries(storage, ["mail-index", "newest"])).toHaveLength(999);
});

test("the node that looks for letters to deliver reads only those that may be due", async () => {
	const { outbox, clock, costs, flood } = openOutbox(away, undefined, undefined, 20_000);
	await flood(150);
	clock.advance(MINUTE);
	await outbox.deliverAll();
	costs();

	await outbox.deliverAll();

	expect(costs().operations).toBeLessThanOrEqual(50 + 2);
});

test("an outbox says why letters wait, and nothing before one was tried", async () => {
	const { outbox, flood } = openOutbox(away);
	expect(await outbox.waitingProblem()).toBeUndefined();
	await flood(1);
	await eventually(async () => {
		expect(await outbox.waitingProblem()).toContain("the mail server is away");
	});
});
