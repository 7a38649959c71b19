// The hash of a person goes from the ledger with the user.
import { expect, test } from "vitest";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { end, KEY, NEW_KEY, ofAda, openLedger, X_ID } from "../../kit/helpdesk/open-ledger.ts";

test("the hash of a deleted user is erased, also from attempts refused before the sign-up", async () => {
	const { ledger, storage } = openLedger();
	ledger.record(end({ code: "sign-up-closed", outcome: "refused" }, { subject: X_ID }));
	ledger.record(end({}, ofAda));
	ledger.record(end({}, { subject: "x:7", userId: "bob" }));

	await ledger.forget("ada");

	const whos = (await ledger.since(0)).map(({ who }) => who !== null);
	expect(whos.sort()).toEqual([false, false, true]);
	const gone = (await storage.list(["of-user"])).entries.map(({ key }) => key[1]);
	expect(gone).toEqual(["bob"]);
});

test("the entries of a merged user are erased with the other user, also those not yet written", async () => {
	const { ledger } = openLedger();
	ledger.record(end({}, ofAda));
	await ledger.settled();
	await ledger.move("ada", "bob");
	// This attempt ends before the merge and is written after it.
	ledger.record(end({}, { subject: "x:8", userId: "ada" }));
	await ledger.settled();

	await ledger.forget("bob");

	expect((await ledger.since(0)).map(({ who }) => who)).toEqual([null, null]);
});

test("an entry that another node writes after the deletion has no hash", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const [one, two] = [openLedger({ clock, storage }), openLedger({ clock, storage })];
	one.ledger.record(end({}, ofAda));
	await one.ledger.forget("ada");

	two.ledger.record(end({}, ofAda));
	two.ledger.record(end({}, { subject: "x:7", userId: "bob" }));

	const whos = (await two.ledger.since(0)).map(({ who }) => who !== null);
	expect(whos.sort()).toEqual([false, false, true]);
	expect((await storage.list(["of-user", "ada"])).entries).toEqual([]);
});

test("a first entry that is written after the deletion also erases the hash of earlier ones", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const [one, two] = [openLedger({ clock, storage }), openLedger({ clock, storage })];
	one.ledger.record(end({ code: "sign-up-closed", outcome: "refused" }, { subject: X_ID }));
	await one.ledger.settled();
	await one.ledger.forget("ada");

	two.ledger.record(end({}, ofAda));

	expect((await two.ledger.since(0)).map(({ who }) => who)).toEqual([null, null]);
});

test("users who were merged in a circle do not block the ledger", async () => {
	const { ledger } = openLedger();
	await ledger.move("ada", "bob");
	await ledger.move("bob", "ada");
	ledger.record(end({}, ofAda));

	expect(await ledger.since(0)).toMatchObject([{ who: null }]);
});

test("after a change of keys old entries are still erased with the user, with and without the old key", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const before = openLedger({ clock, storage, keys: [KEY] });
	before.ledger.record(end({ code: "sign-up-closed", outcome: "refused" }, { subject: X_ID }));
	await before.ledger.settled();
	const rotating = openLedger({ clock, storage, keys: [NEW_KEY, KEY] });
	rotating.ledger.record(end({}, ofAda));
	await rotating.ledger.settled();
	const after = openLedger({ clock, storage, keys: [NEW_KEY] });
	after.ledger.record(end({}, ofAda));
	const whos = (await after.ledger.since(0)).map(({ who }) => who);
	expect(new Set(whos).size).toBe(2);

	await after.ledger.forget("ada");

	expect((await after.ledger.since(0)).map(({ who }) => who)).toEqual([null, null, null]);
});
