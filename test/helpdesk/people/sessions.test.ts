import { expect, test } from "vitest";
import type { HostStorage, StorageKey } from "../../../src/contract/storage.ts";
import {
	MOST_LISTED,
	OPERATOR_LIFETIMES,
	PORTAL_LIFETIMES,
	type SessionLifetimes,
	Sessions,
} from "../../../src/helpdesk/people/sessions.ts";
import type { Device, Session } from "../../../src/helpdesk/people/stored-session.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OPERATOR = "operator@helpdesk.example";
const FIREFOX: Device = { browser: "Firefox", system: "Linux", network: "192.0.2.0/24" };

function sessionsIn(
	storage: HostStorage,
	clock: MockClock,
	lifetimes: SessionLifetimes = OPERATOR_LIFETIMES,
): Sessions {
	return new Sessions(storage, clock, cryptoRandom, [], lifetimes);
}

/** Sends a request in a session, as a page does. @returns whether the session is good. */
async function isUsed(sessions: Sessions, token: string): Promise<boolean> {
	const found = await sessions.find(token);
	await (found && sessions.noteUse(token, found, () => FIREFOX));
	return found !== undefined;
}

async function found(sessions: Sessions, token: string): Promise<Session> {
	return (await sessions.find(token)) ?? expect.fail("the session is over");
}

/** The token under which a session goes on, after a fresh proof. */
async function goneOn(sessions: Sessions, token: string, before: Session): Promise<string> {
	const next = await sessions.goOn(token, before, { epoch: before.epoch, device: FIREFOX });
	return next ?? expect.fail("the session is over");
}

/** The key under which a session is stored. */
function keyOf(sessions: Sessions, token: string): StorageKey {
	return [sessions.idOf(token)];
}

/** What a session of an earlier version is stored as. */
function storeOld(storage: HostStorage, sessions: Sessions, token: string, provenAt: number) {
	const value = { subjectId: OPERATOR, provenAt, epoch: 0 };
	const expiresAt = provenAt + 14 * DAY;
	return storage.commit({ sets: [{ key: keyOf(sessions, token), value, expiresAt }] });
}

describeEachEngine((openEngine) => {
	async function open(lifetimes: SessionLifetimes = OPERATOR_LIFETIMES) {
		const clock = new MockClock();
		const storage = await openEngine(clock);
		return { clock, storage, sessions: sessionsIn(storage, clock, lifetimes) };
	}

	test("an operator's session ends 30 minutes after the last request, and not before", async () => {
		const { clock, sessions } = await open();
		const token = await sessions.open(undefined, OPERATOR);
		clock.advance(30 * MINUTE - 1);
		expect(await isUsed(sessions, token)).toBe(true);
		clock.advance(30 * MINUTE - 1);
		expect(await isUsed(sessions, token)).toBe(true);

		clock.advance(30 * MINUTE);

		expect(await isUsed(sessions, token)).toBe(false);
	});

	test("an operator's session ends 12 hours after it began, however much it is used", async () => {
		const { clock, sessions } = await open();
		const token = await sessions.open(undefined, OPERATOR);
		for (let passed = 0; passed < 12 * HOUR - 20 * MINUTE; passed += 20 * MINUTE) {
			clock.advance(20 * MINUTE);
			expect(await isUsed(sessions, token)).toBe(true);
		}
		clock.advance(20 * MINUTE - 1);
		expect(await isUsed(sessions, token)).toBe(true);

		clock.advance(1);

		expect(await isUsed(sessions, token)).toBe(false);
	});

	test("a new proof of who the operator is does not make the session last longer", async () => {
		const { clock, sessions } = await open();
		let token = await sessions.open(undefined, OPERATOR);
		for (let passed = 0; passed < 12 * HOUR - 20 * MINUTE; passed += 20 * MINUTE) {
			clock.advance(20 * MINUTE);
			const before = await found(sessions, token);
			token = await goneOn(sessions, token, before);
		}
		clock.advance(20 * MINUTE - 1);
		expect(await sessions.find(token)).toMatchObject({ openedAt: clock.now() - 12 * HOUR + 1 });

		clock.advance(1);

		expect(await sessions.find(token)).toBeUndefined();
	});

	test("a portal session lasts 14 days from the last proof, used or not", async () => {
		const { clock, sessions } = await open(PORTAL_LIFETIMES);
		const first = await sessions.open(undefined, "ada");
		clock.advance(14 * DAY - 1);
		const before = await found(sessions, first);
		const second = await goneOn(sessions, first, before);
		clock.advance(14 * DAY - 1);
		expect(await sessions.find(second)).toMatchObject({ openedAt: before.openedAt });
		expect(await sessions.listOf(await found(sessions, second))).toHaveLength(1);

		clock.advance(1);

		expect(await sessions.find(second)).toBeUndefined();
	});

	test("a session of an earlier version ends 30 minutes after its last proof, also for nodes of that version", async () => {
		const { clock, storage, sessions } = await open();
		const token = sessions.newToken();
		await storeOld(storage, sessions, token, clock.now());
		clock.advance(30 * MINUTE - 1);
		expect(await sessions.find(token)).toMatchObject({ subjectId: OPERATOR });

		clock.advance(1);

		expect(await sessions.find(token)).toBeUndefined();
		expect(await storage.get(keyOf(sessions, token))).toBeUndefined();
	});

	test("a session of an earlier version that is used lasts like any other, and is listed", async () => {
		const { clock, storage, sessions } = await open();
		const token = sessions.newToken();
		await storeOld(storage, sessions, token, clock.now());
		clock.advance(29 * MINUTE);
		expect(await isUsed(sessions, token)).toBe(true);
		const other = await sessions.open(undefined, OPERATOR);
		expect(await sessions.listOf(await found(sessions, other))).toMatchObject([
			{ id: sessions.idOf(other) },
			{ id: sessions.idOf(token), device: FIREFOX },
		]);

		// A node of the earlier version obeys the time at which the entry expires.
		clock.advance(30 * MINUTE);

		expect(await storage.get(keyOf(sessions, token))).toBeUndefined();
	});

	test("nodes of an earlier version read a session that is open", async () => {
		const { clock, storage, sessions } = await open();
		const token = await sessions.open(undefined, OPERATOR, 3, clock.now(), { device: FIREFOX });
		clock.advance(MINUTE);
		await isUsed(sessions, token);

		// These are all the fields that they read. An id would be a text.
		const fields = { subjectId: OPERATOR, provenAt: clock.now() - MINUTE, epoch: 3 };
		const value = (await storage.get(keyOf(sessions, token)))?.value;
		expect(value).toMatchObject(fields);
		expect(value).not.toHaveProperty("id");
	});

	test("a session that was ended is over at once on another node", async () => {
		const { clock, storage, sessions } = await open();
		const other = sessionsIn(storage, clock);
		const token = await sessions.open(undefined, OPERATOR);
		expect(await other.find(token)).toBeDefined();

		expect(await sessions.end(OPERATOR, sessions.idOf(token))).toBe(true);

		expect(await other.find(token)).toBeUndefined();
		expect(await allEntries(storage)).toEqual([]);
	});

	test("a person ends no session of somebody else", async () => {
		const { sessions } = await open();
		const token = await sessions.open(undefined, OPERATOR);

		expect(await sessions.end("mallory@helpdesk.example", sessions.idOf(token))).toBe(false);

		expect(await sessions.find(token)).toBeDefined();
	});

	test("a continued session keeps its id, and ends by it with all that leads to it", async () => {
		const { storage, sessions } = await open(PORTAL_LIFETIMES);
		const first = await sessions.open(undefined, "ada");
		const before = await found(sessions, first);
		const second = await goneOn(sessions, first, before);
		expect((await found(sessions, second)).id).toBe(sessions.idOf(first));

		expect(await sessions.end("ada", sessions.idOf(first))).toBe(true);

		expect(await sessions.find(second)).toBeUndefined();
		expect(await allEntries(storage)).toEqual([]);
	});

	test("a log-out, and a log-in of somebody else, leave nothing of the session", async () => {
		const { storage, sessions } = await open(PORTAL_LIFETIMES);
		const first = await sessions.open(undefined, "ada");
		const before = await found(sessions, first);
		const second = await sessions.open(first, "grace", 0, undefined, { before });
		const after = await found(sessions, second);
		expect(await sessions.newestOf("ada")).toEqual([]);
		expect(after.id).toBe(sessions.idOf(second));

		await sessions.close(second, after);

		expect(await allEntries(storage)).toEqual([]);
	});

	test(`the ${MOST_LISTED} newest sessions are listed, the newest first, and only good ones`, async () => {
		const { clock, storage, sessions } = await open(PORTAL_LIFETIMES);
		const tokens: string[] = [];
		for (let each = 0; each < MOST_LISTED + 5; each += 1) {
			clock.advance(1);
			tokens.push(await sessions.open(undefined, "ada", 1));
		}
		await sessions.open(undefined, "ada", 0);
		await sessions.open(undefined, "grace", 1);
		const own = await found(sessions, tokens.at(-1) ?? "");
		const ids = tokens.map((token) => sessions.idOf(token)).reverse();
		expect((await sessions.listOf(own)).map(({ id }) => id)).toEqual(ids.slice(0, MOST_LISTED - 1));

		await sessions.end("ada", ids[1] ?? "");
		await storage.commit({ sets: [{ key: [ids[2] ?? ""], value: 1 }] });

		const left = (await sessions.listOf(own)).map(({ id }) => id);
		expect(left.slice(0, 2)).toEqual([ids[0], ids[3]]);
		// However many are newer, the session of the browser that asks is shown.
		const oldest = await found(sessions, tokens[0] ?? "");
		expect((await sessions.listOf(oldest)).at(-1)?.id).toBe(oldest.id);
	});

	test("a session that a node of an earlier version has continued is listed and ended", async () => {
		const { clock, storage, sessions } = await open(PORTAL_LIFETIMES);
		const first = await sessions.open(undefined, "ada");
		const id = sessions.idOf(first);
		const other = await found(sessions, await sessions.open(undefined, "ada"));
		const second = sessions.newToken();
		const value = { subjectId: "ada", provenAt: clock.now(), epoch: 0, id };
		await storage.commit({
			sets: [
				{ key: keyOf(sessions, second), value },
				{ key: ["continued", id], value: sessions.idOf(second) },
			],
			deletes: [keyOf(sessions, first)],
		});
		expect((await sessions.listOf(other)).map((each) => each.id)).toContain(id);

		await sessions.end("ada", id);

		expect(await sessions.find(second)).toBeUndefined();
	});

	test("the sessions of a person who is deleted are forgotten, and nobody else's", async () => {
		const { storage, sessions } = await open(PORTAL_LIFETIMES);
		const grace = await sessions.open(undefined, "grace");
		const left = await allEntries(storage);
		const first = await sessions.open(undefined, "ada", 0, undefined, { device: FIREFOX });
		const before = await found(sessions, first);
		await sessions.goOn(first, before, { epoch: 1, device: FIREFOX });
		await sessions.open(undefined, "ada", 0, undefined, { device: FIREFOX });

		await sessions.forget("ada");

		expect(await allEntries(storage)).toEqual(left);
		expect(await sessions.find(grace)).toBeDefined();
	});
});

test("the use of an operator's session is written at most once a minute, and that of a portal session never", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock), () => "session");
	const commitsOf = async (lifetimes: SessionLifetimes): Promise<number> => {
		const sessions = sessionsIn(storage, clock, lifetimes);
		const token = await sessions.open(undefined, OPERATOR);
		storage.costsSoFar();
		for (let passed = 0; passed < 10 * MINUTE; passed += 10_000) {
			clock.advance(10_000);
			expect(await isUsed(sessions, token)).toBe(true);
		}
		return storage.costsSoFar().counts["commit session"] ?? 0;
	};

	expect(await commitsOf(OPERATOR_LIFETIMES)).toBe(10);
	expect(await commitsOf(PORTAL_LIFETIMES)).toBe(0);
});

test("a portal log-in costs one commit of two keys, and the session one read", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock), () => "session");
	const sessions = sessionsIn(storage, clock, PORTAL_LIFETIMES);

	const token = await sessions.open(undefined, "ada");
	expect(storage.costsSoFar()).toMatchObject({ operations: 1, mostKeys: 2 });
	await isUsed(sessions, token);
	expect(storage.costsSoFar()).toMatchObject({ operations: 1, counts: { "get session": 1 } });
});

test("a session that ends while its use is noted stays ended", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const storage = new PausingStorage(inner);
	const sessions = sessionsIn(storage, clock);
	const token = await sessions.open(undefined, OPERATOR);
	clock.advance(2 * MINUTE);
	const session = await found(sessions, token);
	const { reached, goOn } = storage.stopAt("before", ({ kind }) => kind === "commit");
	const noting = sessions.noteUse(token, session, () => FIREFOX);
	await reached;
	await sessions.end(OPERATOR, session.id);

	goOn();
	await noting;

	expect(await allEntries(inner)).toEqual([]);
});

test("a session that is continued while it is ended ends", async () => {
	const clock = new MockClock();
	const storage = new PausingStorage(new MemoryStorage(clock));
	const sessions = sessionsIn(storage, clock, PORTAL_LIFETIMES);
	const first = await sessions.open(undefined, "ada");
	const before = await found(sessions, first);
	const { reached, goOn } = storage.stopAt("before", ({ kind }) => kind === "commit");
	const ending = sessions.end("ada", before.id);
	await reached;
	const second = await goneOn(sessions, first, before);

	goOn();

	expect(await ending).toBe(true);
	expect(await sessions.find(second)).toBeUndefined();
});

test("a session that ends while a request goes on with it stays ended", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const storage = new PausingStorage(inner);
	const sessions = sessionsIn(storage, clock, PORTAL_LIFETIMES);
	const token = await sessions.open(undefined, "ada");
	const before = await found(sessions, token);
	const { reached, goOn } = storage.stopAt("before", ({ kind }) => kind === "commit");
	const going = sessions.goOn(token, before, { epoch: 1, device: FIREFOX });
	await reached;
	await sessions.end("ada", before.id);

	goOn();

	expect(await going).toBeUndefined();
	expect(await allEntries(inner)).toEqual([]);
});

test("of two requests that go on with a session one does, so that the list leads to all that is open", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const sessions = sessionsIn(storage, clock, PORTAL_LIFETIMES);
	const token = await sessions.open(undefined, "ada");
	const before = await found(sessions, token);
	const facts = { epoch: 0, device: FIREFOX };

	const went = await Promise.all([0, 1].map(() => sessions.goOn(token, before, facts)));

	expect(went.filter((each) => each !== undefined)).toHaveLength(1);
	expect(await sessions.end("ada", before.id)).toBe(true);
	expect(await allEntries(storage)).toEqual([]);
});

test("a log-out ends the session also if another tab goes on with it meanwhile", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const sessions = sessionsIn(storage, clock, PORTAL_LIFETIMES);
	const token = await sessions.open(undefined, "ada");
	const before = await found(sessions, token);
	await goneOn(sessions, token, before);

	await sessions.close(token, before);

	expect(await allEntries(storage)).toEqual([]);
});

test("a device that cannot be read logs nobody out", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const sessions = sessionsIn(storage, clock, PORTAL_LIFETIMES);
	const token = sessions.newToken();
	const value = {
		subjectId: "ada",
		provenAt: 0,
		epoch: 0,
		device: { browser: 1, system: "Linux" },
	};
	await storage.commit({ sets: [{ key: keyOf(sessions, token), value }] });

	expect((await sessions.find(token))?.device).toEqual({
		...{ browser: null, system: "Linux", network: null },
	});
});
