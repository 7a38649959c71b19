import { EventEmitter, once } from "node:events";
import { expect, test } from "vitest";
import { type HostStorage, StorageError } from "../../../src/contract/storage.ts";
import type { NewDeed } from "../../../src/helpdesk/audit/audit-entry.ts";
import type { JobEnd } from "../../../src/helpdesk/audit/audit-trail.ts";
import { withDeeds } from "../../../src/helpdesk/audit/deed-storage.ts";
import { openAudit } from "../../../src/helpdesk/audit/open-audit.ts";
import { jobIdIn } from "../../../src/helpdesk/jobs/job-keys.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const ACTOR = { kind: "operator", id: "op@example.com" } as const;
const SUSPEND: NewDeed = {
	name: "user.suspend",
	actor: ACTOR,
	object: { kind: "user", id: "u1" },
	network: "192.0.2.1",
};
const REGISTRATION: NewDeed = { name: "registration.change", actor: ACTOR };
const DELETION: NewDeed = { name: "user.delete", actor: ACTOR };
const EXPORT: NewDeed = { name: "sign-ins.export", actor: ACTOR };
const ACCOUNT = ["accounts", "account", "u1"];

function open(inner?: (storage: HostStorage) => HostStorage) {
	const clock = new MockClock();
	const base = new MemoryStorage(clock);
	const storage = withDeeds(inner?.(base) ?? base);
	const ends = new Map<string, JobEnd | "gone">();
	const reports: string[] = [];
	const audit = openAudit({
		...{ storage, clock, random: cryptoRandom },
		jobs: { idIn: jobIdIn, endOf: async (id) => ends.get(id) },
		logError: (what) => reports.push(what),
	});
	const entries = async () => (await audit.log.page({})).entries;
	return { ...audit, clock, base, storage, ends, reports, entries };
}

test("an entry is in the commit of its deed, and says who did what to whom, when and from where", async () => {
	const { trail, storage, entries, clock } = open();
	await trail.during(SUSPEND, () => storage.commit({ sets: [{ key: ACCOUNT, value: 1 }] }));
	expect(await entries()).toMatchObject([
		{
			...{ deed: "user.suspend", actor: "operator", actorId: "op@example.com" },
			...{ object: "user", objectId: "u1", network: "192.0.2.1", at: clock.now() },
			...{ state: "done", endedAt: null },
		},
	]);
});

test("a deed that commits nothing of its own has no entry", async () => {
	const { trail, storage, entries } = open();
	await trail.during(SUSPEND, () => storage.commit({ sets: [{ key: ["outbox", "1"], value: 1 }] }));
	expect(await entries()).toEqual([]);
});

test("a commit that fails its checks has no entry, and the next one has it", async () => {
	const { trail, storage, entries } = open();
	const sets = [{ key: ACCOUNT, value: 1 }];
	await trail.during(SUSPEND, async () => {
		await storage.commit({ checks: [{ key: ACCOUNT, version: "none" }], sets });
		expect(await entries()).toEqual([]);
		await storage.commit({ sets });
		await storage.commit({ sets });
	});
	expect(await entries()).toHaveLength(1);
});

test("what goes on after the deed is not part of it", async () => {
	const { trail, storage, entries } = open();
	const turn = new EventEmitter();
	const { later } = await trail.during(SUSPEND, async () => ({
		later: once(turn, "over").then(() => storage.commit({ sets: [{ key: ACCOUNT, value: 1 }] })),
	}));
	turn.emit("over");
	await later;
	expect(await entries()).toEqual([]);
});

test("a deed of several commits is begun with the first one, and ends after the last", async () => {
	const { trail, storage, entries, clock } = open();
	const set = (brand: string) =>
		storage.commit({ sets: [{ key: ["registration", brand], value: 1 }] });
	await trail.during(REGISTRATION, async () => {
		await set("acorn");
		expect(await entries()).toMatchObject([{ state: "begun", outcome: null }]);
		clock.advance(5);
		await set("harbor");
	});
	expect(await entries()).toMatchObject([
		{ state: "ended", outcome: "done", endedAt: clock.now() },
	]);
	expect((await storage.list(["audit", "open"])).entries).toEqual([]);
});

test("a deed that fails after its first commit says so", async () => {
	const { trail, storage, entries } = open();
	const failing = trail.during(REGISTRATION, async () => {
		await storage.commit({ sets: [{ key: ["registration", "acorn"], value: 1 }] });
		throw new Error("the rest failed");
	});
	await expect(failing).rejects.toThrow("the rest failed");
	expect(await entries()).toMatchObject([{ state: "ended", outcome: "failed" }]);
});

test("a deed outside the storage has its entry before its first effect", async () => {
	const { trail, entries } = open();
	const begun = await trail.begin(EXPORT);
	expect(await entries()).toMatchObject([{ deed: "sign-ins.export", state: "begun" }]);
	await begun.end("broken-off");
	await begun.end("done");
	expect(await entries()).toMatchObject([{ state: "ended", outcome: "broken-off" }]);
});

test("nothing is done where the entry of a deed outside the storage cannot be written", async () => {
	const { trail } = open((base) => ({
		get: (key) => base.get(key),
		take: (key) => base.take(key),
		list: (prefix, options) => base.list(prefix, options),
		commit: async () => Promise.reject(new StorageError("away")),
	}));
	let isDone = false;
	const failing = trail.during({ name: "keys.test", actor: ACTOR }, async () => {
		isDone = true;
	});
	await expect(failing).rejects.toThrow("away");
	expect(isDone).toBe(false);
});

test("a deed that is done succeeds, although its end cannot be noted", async () => {
	let isAway = false;
	const { trail, storage, reports } = open((base) => ({
		get: (key) => base.get(key),
		take: (key) => base.take(key),
		list: (prefix, options) => base.list(prefix, options),
		commit: async (commit) =>
			isAway ? Promise.reject(new StorageError("away")) : base.commit(commit),
	}));
	const done = trail.during(REGISTRATION, async () => {
		await storage.commit({ sets: [{ key: ["registration", "acorn"], value: 1 }] });
		isAway = true;
		return "done";
	});
	expect(await done).toBe("done");
	expect(reports).toEqual(["the audit trail could not note how a deed ended"]);
});

test("a deed that a job does has its entry with the job, and ends with it", async () => {
	const { trail, storage, entries, ends, upkeep } = open();
	const start = () => storage.commit({ sets: [{ key: ["jobs", "job", "j1"], value: 1 }] });
	await trail.during(DELETION, start);
	expect(await entries()).toMatchObject([{ state: "begun", jobId: "j1" }]);
	await upkeep.run();
	expect(await entries()).toMatchObject([{ state: "begun" }]);
	ends.set("j1", { outcome: "cancelled", at: 77 });
	await upkeep.run();
	expect(await entries()).toMatchObject([{ state: "ended", outcome: "cancelled", endedAt: 77 }]);
});

test("a short job ends with the request that started it", async () => {
	const { trail, storage, entries, ends } = open();
	await trail.during(DELETION, async () => {
		await storage.commit({ sets: [{ key: ["jobs", "job", "j1"], value: 1 }] });
		ends.set("j1", { outcome: "failed", at: 77 });
	});
	expect(await entries()).toMatchObject([{ state: "ended", outcome: "failed", endedAt: 77 }]);
});

test("a deed that was cut off shows as interrupted, and so does one whose job is gone", async () => {
	const { trail, storage, entries, ends, upkeep, clock } = open();
	await trail.begin(EXPORT);
	await trail.during(DELETION, () =>
		storage.commit({ sets: [{ key: ["jobs", "job", "j1"], value: 1 }] }),
	);
	ends.set("j1", "gone");
	clock.advance(60 * 60_000);
	await upkeep.run();
	expect((await entries()).map(({ outcome }) => outcome)).toEqual(["interrupted", "interrupted"]);
	expect((await storage.list(["audit", "open"])).entries).toEqual([]);
});

test("a deed that takes longer than that ends as it ends", async () => {
	const { trail, entries, upkeep, clock } = open();
	const begun = await trail.begin(EXPORT);
	clock.advance(60 * 60_000);
	await upkeep.run();
	await begun.end("done");
	expect(await entries()).toMatchObject([{ outcome: "done", endedAt: clock.now() }]);
});

test("deeds that are done at the same time have their own entries", async () => {
	const { trail, storage, entries } = open();
	const add = (id: string) =>
		trail.during({ name: "user.add", actor: ACTOR }, () =>
			storage.commit({ sets: [{ key: ["accounts", "account", id], value: 1 }] }),
		);
	await Promise.all(["u1", "u2", "u3"].map(add));
	expect((await entries()).map(({ objectId }) => objectId).sort()).toEqual(["u1", "u2", "u3"]);
});

test("the personal data of a deleted user goes, and the entries stay", async () => {
	const { trail, failures, networks, entries } = open();
	const object = { kind: "user", id: "u1" } as const;
	const network = "192.0.2.9";
	await trail.note({ name: "user.log-in", actor: object, network });
	await failures.note(
		{ name: "user.log-in-failed", actor: { kind: "nobody" }, network },
		async () => object,
	);
	await trail.note(SUSPEND);
	await trail.note({ name: "user.log-in", actor: { kind: "user", id: "u2" }, network });
	await networks.forget("u1");
	const left = (await entries()).map(({ deed, network: each }) => [deed, each]);
	expect(left).toHaveLength(4);
	expect(left.sort()).toEqual([
		["user.log-in", null],
		["user.log-in", "192.0.2.9"],
		["user.log-in-failed", null],
		["user.suspend", "192.0.2.1"],
	]);
});
