// What the runner promises of each job, on one node in memory, with a clock that the test moves.
import { expect, test } from "vitest";
import { StorageError } from "../../../src/contract/storage.ts";
import { CannotSucceedError, jobKind } from "../../../src/helpdesk/jobs/job-kind.ts";
import { closeWork } from "../../../src/helpdesk/jobs/open-jobs.ts";
import { SaidStorageError } from "../../../src/helpdesk/locale/said.ts";
import { readText } from "../../../src/storage/stored-value.ts";
import { countedIn, countingJob } from "../../kit/jobs/counting-job.ts";
import { settled } from "../../kit/jobs/hand-timers.ts";
import { openNodes } from "../../kit/jobs/open-nodes.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

const DAY = 24 * 60 * 60_000;
const OPERATOR = "operator@helpdesk.example";

/** One node, and a job of its own that counts. */
function oneNode() {
	const nodes = openNodes();
	const job = countingJob(nodes.storage);
	const node = nodes.node("one", [job.kind]);
	const start = async (to: number, more: Readonly<Record<string, string>> = {}) => {
		const started = await node.jobs.start({
			type: "counting",
			params: { to, ...more },
			by: OPERATOR,
		});
		return started.kind === "started" ? started.id : expect.fail(started.kind);
	};
	/** The first parts of the keys below "jobs". */
	const keys = async () =>
		(await allEntries(nodes.storage, ["jobs"])).map(({ key }) => key[1]).sort();
	return { ...nodes, newNode: nodes.node, job, node, start, keys };
}

test("a job is done step by step, and keeps what it did", async () => {
	const { node, start, storage, keys, job } = oneNode();
	job.end = (position) => ({ result: { last: position }, total: 4 });
	const id = await start(3);
	expect(await node.jobs.find(id)).toMatchObject({ state: "waiting", startedAt: null, total: 3 });

	node.runner.start();
	await settled();

	expect(await node.jobs.find(id)).toMatchObject({
		...{ state: "done", position: 3, done: 3, total: 4, result: { last: 2 }, by: OPERATOR },
		...{ node: "one", problem: null, problemSaid: null, isCancelling: false },
	});
	expect(await countedIn(storage, 3)).toEqual([1, 1, 1]);
	expect(await keys()).toEqual(["job", "newest"]);
});

test("a node does a job at once that it starts, and one that another node started within seconds", async () => {
	const { node, storage, start, newNode } = oneNode();
	node.runner.start();
	await settled();
	const id = await start(1);
	await settled();
	expect(await node.jobs.find(id)).toMatchObject({ state: "done" });

	const other = newNode("two", [countingJob(storage).kind]);
	const started = await other.jobs.start({ type: "counting", params: { to: 1 }, by: OPERATOR });
	await node.timers.pass(5_000);
	const there = started.kind === "started" ? await node.jobs.find(started.id) : undefined;
	expect(there).toMatchObject({ state: "done", node: "one" });
});

test("a cancel waits for no step, and ends the job after the step that is under way", async () => {
	const { node, start, job, storage, keys } = oneNode();
	const id = await start(1000);
	job.during = async (position) => {
		if (position === 5) {
			await node.jobs.cancel(id);
			expect(await node.jobs.find(id)).toMatchObject({ state: "running", isCancelling: true });
		}
	};

	const cancelled = await node.runner.drive(id, 60_000);

	expect(cancelled).toMatchObject({ state: "cancelled", done: 6, isCancelling: false });
	expect([job.undone, await countedIn(storage, 7)]).toEqual([1, [1, 1, 1, 1, 1, 1, 0]]);
	expect(await keys()).toEqual(["job", "newest"]);
	// It has ended: cancelling it once more does nothing, and leaves nothing.
	await node.jobs.cancel(id);
	expect(await keys()).toEqual(["job", "newest"]);
});

test("a job that nobody has begun is cancelled, too", async () => {
	const { node, start, job } = oneNode();
	const id = await start(3);
	await node.jobs.cancel(id);

	expect(await node.runner.drive(id, 60_000)).toMatchObject({ state: "cancelled", done: 0 });
	expect([job.begun, job.undone]).toEqual([[], 1]);
});

test("a cancel that comes just after the end leaves nothing", async () => {
	const { node, start, storage, keys, ...nodes } = oneNode();
	const pausing = new PausingStorage(storage);
	const page = nodes.newNode("page", [countingJob(storage).kind], pausing);
	const id = await start(2);
	const { reached, goOn } = pausing.stopAt("before", ({ kind }) => kind === "commit");
	const cancelled = page.jobs.cancel(id);
	await reached;
	await node.runner.drive(id, 60_000);
	goOn();
	await cancelled;
	expect(await node.jobs.find(id)).toMatchObject({ state: "done", isCancelling: false });
	expect(await keys()).toEqual(["job", "newest"]);
});

test("each step has three tries of its own", async () => {
	const { node, start, job } = oneNode();
	const failing = new Set<number>();
	job.during = (position) => {
		if (!failing.has(position)) {
			failing.add(position);
			throw new Error("not at once");
		}
	};
	const id = await start(5);
	node.runner.start();
	await node.timers.pass(60_000);
	expect(await node.jobs.find(id)).toMatchObject({ state: "done", done: 5 });
});

test("a step that fails is tried three times; then the job has failed, and goes on there when it is tried again", async () => {
	const { node, start, job, storage, keys } = oneNode();
	let isBroken = true;
	job.during = (position) => {
		if (position === 2 && isBroken) {
			throw new Error("the plugin does not answer");
		}
	};
	const id = await start(4, { exclusive: "x" });
	node.runner.start();
	await settled();
	expect(await node.jobs.find(id)).toMatchObject({
		...{ state: "running", tries: 1, problem: "the plugin does not answer", position: 2 },
	});
	await node.timers.pass(10_000);
	expect(await node.jobs.find(id)).toMatchObject({ state: "failed", tries: 3, position: 2 });
	expect([job.begun, await keys()]).toEqual([
		[0, 1, 2, 2, 2],
		["job", "newest"],
	]);
	expect(node.errors).toHaveLength(3);

	isBroken = false;
	expect(await node.jobs.again(id)).toEqual({ kind: "started", id });
	await settled();

	expect(await node.jobs.find(id)).toMatchObject({ state: "done", problem: null, tries: 0 });
	expect(await countedIn(storage, 4)).toEqual([1, 1, 1, 1]);
	// Only a job that has failed is tried again.
	expect(await node.jobs.again(id)).toEqual({ kind: "under-way", id });
	expect(await node.jobs.find(id)).toMatchObject({ state: "done" });
});

test("a job that can never succeed fails at its first try, and is not tried again", async () => {
	const { node, start, job, keys } = oneNode();
	job.during = () => {
		throw new CannotSucceedError("what it counts is gone");
	};
	const id = await start(4, { exclusive: "x" });
	node.runner.start();
	await settled();

	const failed = await node.jobs.find(id);
	expect(failed).toMatchObject({ state: "failed", tries: 1, problem: "what it counts is gone" });
	expect(await keys()).toEqual(["job", "newest"]);
	expect(await node.jobs.again(id)).toEqual({ kind: "under-way", id });
	expect(await node.jobs.find(id)).toEqual(failed);
});

test("why a job failed or waits is stored in English and for any language, until a step succeeds", async () => {
	const { node, start, job } = oneNode();
	const values = { user: "12" };
	const message = { key: "job.users-held", values } as const;
	job.during = () => {
		throw new SaidStorageError(message);
	};
	const id = await start(4);
	node.runner.start();
	await settled();

	const english = expect.stringContaining("The user 12 is being deleted or merged by another job");
	expect(await node.jobs.find(id)).toMatchObject({ problem: english, problemSaid: message });

	job.during = () => {};
	await node.timers.pass(10_000);
	expect(await node.jobs.find(id)).toMatchObject({
		...{ state: "done", problem: null, problemSaid: null },
	});

	job.during = () => {
		throw new CannotSucceedError(message);
	};
	const hopeless = await start(1);
	await settled();
	expect(await node.jobs.find(hopeless)).toMatchObject({
		...{ state: "failed", problem: english, problemSaid: message },
	});
});

test("a job waits longer each time while the storage does not answer, and no try is counted", async () => {
	const { node, start, job, clock } = oneNode();
	let isAway = true;
	const triedAt: number[] = [];
	const begunAt = clock.now();
	job.during = () => {
		triedAt.push((clock.now() - begunAt) / 1000);
		if (isAway) {
			throw new StorageError("the storage is away");
		}
	};
	const id = await start(1);
	node.runner.start();
	await settled();
	await node.timers.pass(120_000);
	// The runner looks every five seconds.
	expect(triedAt).toEqual([0, 5, 10, 15, 25, 45, 80]);
	const problem = "the storage cannot do it now: the storage is away";
	expect(await node.jobs.find(id)).toMatchObject({ state: "running", tries: 0, problem });
	expect(node.errors).toHaveLength(1);

	isAway = false;
	await node.timers.pass(60_000);
	expect(await node.jobs.find(id)).toMatchObject({ state: "done", problem: null });
});

test("a long job makes room for the others every ten seconds", async () => {
	const { node, start, job, clock } = oneNode();
	const order: string[] = [];
	const long = await start(40);
	clock.advance(1);
	const short = await start(2);
	job.during = async () => {
		clock.advance(1_000);
		order.push((await node.jobs.find(short))?.state === "running" ? "short" : "long");
	};
	node.runner.start();
	await settled();
	for (let turns = 0; turns < 20; turns += 1) {
		await settled();
	}

	expect(order.indexOf("short")).toBeLessThanOrEqual(10);
	expect(order.indexOf("short")).toBeGreaterThan(0);
	expect([await node.jobs.find(long), await node.jobs.find(short)]).toMatchObject([
		{ state: "done", done: 40 },
		{ state: "done", done: 2 },
	]);
});

test("a step is done once more when what its commit relies on has changed", async () => {
	const { node, start, job, storage } = oneNode();
	const key = ["relied-on"];
	await storage.commit({ sets: [{ key, value: 1 }] });
	let version = (await storage.get(key))?.version ?? "";
	job.during = async () => {
		if (job.begun.length === 1) {
			await storage.commit({ sets: [{ key, value: 2 }] });
		} else {
			version = (await storage.get(key))?.version ?? "";
		}
	};
	job.end = () => ({ commit: { checks: [{ key, version }], sets: [{ key: ["seen"], value: 1 }] } });

	expect(await node.runner.drive(await start(1), 60_000)).toMatchObject({ state: "done" });
	expect(job.begun).toEqual([0, 0]);
});

test("one job of a name at a time", async () => {
	const { node, start, keys } = oneNode();
	const params = { to: 2, exclusive: "x-login" };
	const first = await start(2, { exclusive: "x-login" });
	const again = { type: "counting", params, by: OPERATOR };
	expect(await node.jobs.start(again)).toEqual({ kind: "under-way", id: first });
	expect(await node.jobs.underWay("x-login")).toMatchObject({ id: first });
	await start(2, { exclusive: "another" });

	await node.runner.drive(first, 60_000);

	expect(await node.jobs.underWay("x-login")).toBeUndefined();
	expect((await node.jobs.start(again)).kind).toBe("started");
	expect((await keys()).filter((each) => each === "exclusive")).toHaveLength(2);
});

test("of many starts at once, one starts the job of a name", async () => {
	const { node } = oneNode();
	const params = { to: 2, exclusive: "x-login" };
	const starts = await Promise.all(
		Array.from({ length: 10 }, () => node.jobs.start({ type: "counting", params, by: OPERATOR })),
	);
	expect(starts.filter(({ kind }) => kind === "started")).toHaveLength(1);
	expect(new Set(starts.map((each) => "id" in each && each.id)).size).toBe(1);
});

test("a failed job is not tried again beside another one of its name", async () => {
	const { node, start, job } = oneNode();
	job.during = () => {
		throw new Error("broken");
	};
	const failed = await start(2, { exclusive: "x" });
	for (let tries = 0; tries < 3; tries += 1) {
		await node.runner.drive(failed, 60_000);
	}
	expect(await node.jobs.find(failed)).toMatchObject({ state: "failed" });
	const next = await start(2, { exclusive: "x" });
	expect(await node.jobs.again(failed)).toEqual({ kind: "under-way", id: next });
	expect(await node.jobs.find(failed)).toMatchObject({ state: "failed" });
});

test("a job with an id of its own is started once, whatever became of it", async () => {
	const { node } = oneNode();
	const once = { type: "counting", params: { to: 1 }, by: "the start", id: "index-1" };
	expect(await node.jobs.start(once)).toEqual({ kind: "started", id: "index-1" });
	expect(await node.jobs.start(once)).toEqual({ kind: "under-way", id: "index-1" });
	await node.runner.drive("index-1", 60_000);
	expect(await node.jobs.start(once)).toEqual({ kind: "under-way", id: "index-1" });
});

test("at most a hundred jobs are open", async () => {
	const { node, start } = oneNode();
	for (let count = 0; count < 100; count += 1) {
		await start(1);
	}
	const more = { type: "counting", params: { to: 1 }, by: OPERATOR };
	expect(await node.jobs.start(more)).toEqual({ kind: "too-many" });

	node.runner.start();
	await expect.poll(async () => (await node.jobs.start(more)).kind).toBe("started");
});

test("parameters that are none of the kind start no job", async () => {
	const { node, keys } = oneNode();
	const start = (type: string) => node.jobs.start({ type, params: "no", by: OPERATOR });
	await expect(start("counting")).rejects.toThrow("cannot be read");
	await expect(start("unheard-of")).rejects.toThrow("unheard-of");
	expect(await keys()).toEqual([]);
});

test("a job that ended is listed for thirty days, and then nothing of it is left", async () => {
	const { node, start, clock, keys } = oneNode();
	const id = await start(1, { exclusive: "x" });
	await node.runner.drive(id, 60_000);
	clock.advance(30 * DAY - 1);
	expect(await node.jobs.page()).toMatchObject({ jobs: [{ id }] });
	clock.advance(1);
	expect(await node.jobs.page()).toEqual({ jobs: [], next: undefined });
	clock.advance(DAY);
	expect(await keys()).toEqual([]);
});

test("a job that was cancelled and that nobody does leaves nothing either", async () => {
	const { node, start, clock, keys } = oneNode();
	await node.jobs.cancel(await start(1, { exclusive: "x" }));
	clock.advance(31 * DAY);
	expect(await keys()).toEqual([]);
});

test("a job that nobody does is gone after thirty days, and another one of its name can start", async () => {
	const { node, start, clock, keys } = oneNode();
	const id = await start(1, { exclusive: "x" });
	await node.jobs.cancel(id);
	clock.advance(30 * DAY);
	expect(await node.jobs.underWay("x")).toBeUndefined();
	node.runner.start();
	await settled();
	expect(await keys()).toEqual(["exclusive", "newest"]);
	await start(1, { exclusive: "x" });
	await settled();
	clock.advance(31 * DAY);
	expect(await keys()).toEqual([]);
});

test("a job that takes months stays open, listed and the only one of its name", async () => {
	const { node, start, clock, job } = oneNode();
	const id = await start(100, { exclusive: "x" });
	const seen: unknown[] = [];
	job.during = async () => {
		clock.advance(DAY);
		const [listed] = (await node.jobs.page()).jobs;
		seen.push([listed?.id, (await node.jobs.underWay("x"))?.id]);
	};
	await node.runner.drive(id, Number.MAX_SAFE_INTEGER);
	expect(seen).toHaveLength(100);
	expect(new Set(seen.map(String))).toEqual(new Set([`${id},${id}`]));
});

test("the list has 25 jobs a page, the newest first", async () => {
	const { node, start, clock } = oneNode();
	const ids: string[] = [];
	for (let count = 0; count < 60; count += 1) {
		ids.unshift(await start(1));
		clock.advance(1_000);
	}
	const first = await node.jobs.page();
	const second = await node.jobs.page(first.next);
	const third = await node.jobs.page(second.next);
	const pages = [first, second, third].map(({ jobs }) => jobs.map(({ id }) => id));
	expect(pages).toEqual([ids.slice(0, 25), ids.slice(25, 50), ids.slice(50)]);
	expect(third.next).toBeUndefined();
	await expect(node.jobs.page("no cursor")).rejects.toThrow(TypeError);
});

test("a job of a kind that this node does not know is left to others, until somebody cancels it", async () => {
	const { node, storage, newNode } = oneNode();
	const other = countingJob(storage, "newer");
	const newer = newNode("two", [other.kind]);
	const started = await newer.jobs.start({ type: "newer", params: { to: 1 }, by: OPERATOR });
	const id = started.kind === "started" ? started.id : "";
	node.runner.start();
	await node.timers.pass(60_000);
	expect(await node.jobs.find(id)).toMatchObject({ state: "waiting", tries: 0 });

	await node.jobs.cancel(id);
	await node.timers.pass(30_000);
	expect(await node.jobs.find(id)).toMatchObject({ state: "waiting", isCancelling: true });
	await node.timers.pass(35_000);
	expect(await node.jobs.find(id)).toMatchObject({ state: "cancelled" });
	expect(other.begun).toEqual([]);
});

test("a job whose position this version cannot read is left as it is", async () => {
	const { node, start, storage, job } = oneNode();
	const id = await start(1);
	const key = ["jobs", "job", id];
	const value = (await storage.get(key))?.value as Readonly<Record<string, string>>;
	await storage.commit({ sets: [{ key, value: { ...value, position: { newer: true } } }] });
	node.runner.start();
	await node.timers.pass(30_000);
	expect(await node.jobs.find(id)).toMatchObject({ state: "waiting", position: { newer: true } });
	expect(job.begun).toEqual([]);
});

test("a record that cannot be read is reported once, stays, and hides no other job", async () => {
	const { node, start, storage } = oneNode();
	const broken = await start(1);
	await storage.commit({ sets: [{ key: ["jobs", "job", broken], value: "broken" }] });
	const sound = await start(1);
	node.runner.start();
	await node.timers.pass(30_000);
	expect((await node.jobs.page()).jobs).toMatchObject([{ id: sound, state: "done" }]);
	expect(node.errors).toEqual([expect.stringContaining("jobs/job cannot be read")]);
	expect((await storage.get(["jobs", "job", broken]))?.value).toBe("broken");
});

test("fields that a later version added stay", async () => {
	const { node, start, storage } = oneNode();
	const id = await start(2);
	const key = ["jobs", "job", id];
	const value = (await storage.get(key))?.value as Readonly<Record<string, string>>;
	await storage.commit({ sets: [{ key, value: { ...value, later: "kept" } }] });
	await node.runner.drive(id, 60_000);
	expect((await storage.get(key))?.value).toMatchObject({ state: "done", later: "kept" });
});

test("two requests that drive the same job do each step once", async () => {
	const { node, start, storage, job } = oneNode();
	const id = await start(20);
	node.runner.start();
	const driven = Promise.all([node.runner.drive(id, 60_000), node.runner.drive(id, 60_000)]);
	await settled();
	await node.timers.pass(1_000);
	expect(await driven).toMatchObject([{ state: "done" }, { state: "done" }]);
	expect(job.begun).toHaveLength(20);
	expect(await countedIn(storage, 20)).toEqual(Array(20).fill(1));
});

test("driving a job ends in time, and the runner goes on", async () => {
	const { node, start, job, keys } = oneNode();
	node.runner.start();
	await settled();
	let goOn = (): void => {};
	job.during = (position) =>
		position === 3
			? new Promise<void>((resolve) => {
					goOn = resolve;
				})
			: undefined;
	const id = await start(5);
	const driven = node.runner.drive(id, 1_500);
	await settled();
	await node.timers.pass(2_000);
	goOn();
	const seen = await driven;
	expect([seen?.state, (seen?.done ?? 0) >= 3]).toEqual(["running", true]);
	await node.timers.pass(1_000);
	expect(await node.jobs.find(id)).toMatchObject({ state: "done" });
	expect(await keys()).toEqual(["job", "newest"]);
	expect(await node.runner.drive("unheard-of", 1_500)).toBeUndefined();
});

test("a node that closes ends its step, and another one goes on at once", async () => {
	const { node, start, job, storage, newNode } = oneNode();
	const id = await start(50);
	let closed: Promise<void> | undefined;
	job.during = (position) => {
		if (position === 10) {
			closed = closeWork(node);
		}
	};
	node.runner.start();
	await settled();
	await closed;
	expect(await node.jobs.find(id)).toMatchObject({ state: "running", done: 11, node: "one" });

	const other = newNode("two", [countingJob(storage).kind]);
	other.runner.start();
	await settled();
	await settled();
	expect(await other.jobs.find(id)).toMatchObject({ state: "done", node: "two" });
	expect(await countedIn(storage, 50)).toEqual(Array(50).fill(1));
});

test("two kinds cannot have the same type", () => {
	const { node, storage } = oneNode();
	expect(() => node.runner.register(countingJob(storage).kind)).toThrow("counting");
});

test("a kind shows what came out, and whether there is a file, if it says so", async () => {
	const text = { name: "jobs/text", read: readText };
	const kind = jobKind<string, string>({
		...{ type: "text", params: text, position: text, exclusive: () => undefined },
		begin: async () => ({ position: "", total: null }),
		step: async () => ({ position: "", done: 0, isEnd: true }),
		words: () => ({ title: "Text", unit: "steps" }),
		outcome: (result) => `It is ${result}.`,
		file: async (result, params) =>
			result === "there" ? { until: 1, isThere: true, gone: `Start ${params} again.` } : undefined,
	});
	const files = [await kind.file("there", "it"), await kind.file("gone", "it")];
	expect(kind.outcome("there")).toBe("It is there.");
	expect(files).toEqual([{ until: 1, isThere: true, gone: "Start it again." }, undefined]);
});
