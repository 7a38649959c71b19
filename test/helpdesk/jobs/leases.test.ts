// Which node does a job when nodes pause, die and close, with a clock that the test moves.
import { expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { Leases } from "../../../src/helpdesk/jobs/leases.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { type CountingJob, countedIn, countingJob } from "../../kit/jobs/counting-job.ts";
import { settled } from "../../kit/jobs/hand-timers.ts";
import { openNodes } from "../../kit/jobs/open-nodes.ts";
import { distant } from "../../kit/storage/distant-storage.ts";
import { type Operation, PausingStorage } from "../../kit/storage/pausing-storage.ts";

/** Two nodes, the first of them on a storage that the test can stop. Only the first one has started. */
async function twoNodes(to = 10) {
	const nodes = openNodes();
	const { storage } = nodes;
	const pausing = new PausingStorage(storage);
	const jobs = [countingJob(pausing), countingJob(storage)] as const;
	const [one, two] = [
		nodes.node("one", [jobs[0].kind], pausing),
		nodes.node("two", [jobs[1].kind]),
	] as const;
	const started = await one.jobs.start({ type: "counting", params: { to }, by: "test" });
	const id = started.kind === "started" ? started.id : expect.fail(started.kind);
	return { ...nodes, pausing, jobs, one, two, id };
}

/** Stops in the step at this position. @returns what lets it go on. */
function stopIn(job: CountingJob, position: number): () => void {
	let goOn = (): void => {};
	const stopped = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	job.during = (at) => (at === position ? stopped : undefined);
	return goOn;
}

const isStep = ({ kind, keys }: Operation): boolean =>
	kind === "commit" && keys.some(([first, , at]) => first === "counted" && at === "3");

test("a node that was paused at a step's commit loses it when another one has taken over", async () => {
	const { pausing, storage, clock, one, two, id } = await twoNodes();
	const { reached, goOn } = pausing.stopAt("before", isStep);
	one.runner.start();
	await reached;
	// The whole process stands still, so it renews nothing.
	clock.advance(20_000);
	two.runner.start();
	await settled();
	await settled();
	expect(await two.jobs.find(id)).toMatchObject({ state: "done", node: "two" });

	goOn();
	await settled();

	expect(await countedIn(storage, 10)).toEqual(Array(10).fill(1));
	expect(await one.jobs.find(id)).toMatchObject({ state: "done", node: "two", done: 10 });
});

test("a node that wakes up while another one works moves the job no more", async () => {
	const { pausing, storage, clock, jobs, one, two, id } = await twoNodes();
	const { reached, goOn } = pausing.stopAt("before", isStep);
	void one.runner.drive(id, Number.MAX_SAFE_INTEGER);
	await reached;
	clock.advance(20_000);
	const finish = stopIn(jobs[1], 5);
	two.runner.start();
	await settled();

	goOn();
	await settled();
	await one.timers.pass(10_000);
	expect(await one.jobs.find(id)).toMatchObject({ state: "running", node: "two", done: 5 });
	// It did the step that lost its commit, and none after it.
	expect(jobs[0].begun).toEqual([0, 1, 2, 3]);

	finish();
	await settled();
	expect(await countedIn(storage, 10)).toEqual(Array(10).fill(1));
});

test("a claim is enough for the node before to lose its step", async () => {
	const { pausing, storage, clock, jobs, one, two, id } = await twoNodes();
	const { reached, goOn } = pausing.stopAt("before", isStep);
	one.runner.start();
	await reached;
	clock.advance(20_000);
	// The second node is in its first step, and has moved nothing yet.
	const finish = stopIn(jobs[1], 3);
	two.runner.start();
	await settled();
	goOn();
	await settled();
	expect(await one.jobs.find(id)).toMatchObject({ node: "two", done: 3 });
	finish();
	await settled();
	expect(await countedIn(storage, 10)).toEqual(Array(10).fill(1));
});

test("a node that is gone is replaced after twenty seconds, and not before", async () => {
	const { storage, jobs, one, two, id } = await twoNodes();
	// It stays in this step, and its timers do not move.
	const goOn = stopIn(jobs[0], 3);
	one.runner.start();
	await settled();
	two.runner.start();
	await two.timers.pass(15_000);
	expect(await two.jobs.find(id)).toMatchObject({ node: "one", done: 3 });
	expect(jobs[1].begun).toEqual([]);

	await two.timers.pass(10_000);

	expect(await two.jobs.find(id)).toMatchObject({ state: "done", node: "two" });
	expect(await countedIn(storage, 10)).toEqual(Array(10).fill(1));
	goOn();
});

test("a step of a minute keeps its lease, one of five minutes does not", async () => {
	const { jobs, one, two, id } = await twoNodes();
	const goOn = stopIn(jobs[0], 3);
	one.runner.start();
	await settled();
	two.runner.start();
	// Time passes for both nodes: the timers of the second one move with those of the first.
	const pass = async (seconds: number): Promise<void> => {
		for (let second = 0; second < seconds; second += 5) {
			await one.timers.pass(5_000);
			await two.timers.pass(0);
			two.runner.wake();
			await settled();
		}
	};
	await pass(290);
	expect([await two.jobs.find(id), jobs[1].begun]).toMatchObject([{ node: "one" }, []]);
	await pass(40);
	expect(await two.jobs.find(id)).toMatchObject({ state: "done", node: "two" });
	goOn();
	await settled();
	expect(await two.jobs.find(id)).toMatchObject({ state: "done", node: "two" });
});

test("a renewal that is under way when the job ends leaves no lease", async () => {
	const nodes = openNodes();
	let goOn = (): void => {};
	let slow: Promise<void> | undefined;
	const storage: HostStorage = {
		...distant(nodes.storage),
		commit: async (commit) => {
			const written = [...(commit.sets ?? []).map(({ key }) => key), ...(commit.deletes ?? [])];
			await (written.some(([, place]) => place === "lease") ? slow : undefined);
			return nodes.storage.commit(commit);
		},
	};
	const job = countingJob(storage);
	const { jobs, runner, timers } = nodes.node("one", [job.kind], storage);
	const finish = stopIn(job, 3);
	await jobs.start({ type: "counting", params: { to: 4 }, by: "test" });
	runner.start();
	await settled();
	slow = new Promise((resolve) => {
		goOn = resolve;
	});
	await timers.pass(5_000);
	finish();
	await settled();

	goOn();
	await settled();

	expect((await storage.list(["jobs", "lease"])).entries).toEqual([]);
});

test("of twenty nodes that see a job at once, one does it", async () => {
	const nodes = openNodes();
	const storage: HostStorage = distant(nodes.storage);
	const all = Array.from({ length: 20 }, (_, index) => {
		const job = countingJob(storage);
		return { ...nodes.node(`node ${index}`, [job.kind], storage), job };
	});
	const [first] = all;
	await first?.jobs.start({ type: "counting", params: { to: 30 }, by: "test" });
	for (const { runner } of all) {
		runner.start();
	}
	await expect.poll(() => countedIn(storage, 30)).toEqual(Array(30).fill(1));
	const workers = all.filter(({ job }) => job.begun.length > 0);
	expect(workers).toHaveLength(1);
});

test("a lease belongs to the process that took it, and to nobody after its time", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const [one, two] = [new Leases(storage, clock, "one"), new Leases(storage, clock, "two")];
	expect([await one.take("work"), await two.take("work"), await one.take("work")]).toEqual([
		...[true, false, false],
	]);
	await two.drop("work");
	expect([await two.renew("work"), await one.holds("work")]).toEqual([false, true]);

	clock.advance(19_999);
	expect(await one.renew("work")).toBe(true);
	clock.advance(19_999);
	expect([await one.holds("work"), await two.take("work")]).toEqual([true, false]);
	clock.advance(1);
	expect([await one.renew("work"), await two.take("work")]).toEqual([false, true]);
	await one.drop("work");
	expect(await two.holds("work")).toBe(true);
	await two.drop("work");
	expect(await one.take("work")).toBe(true);
});
