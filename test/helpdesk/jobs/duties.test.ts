// Standing duties: one node does them, and another one takes over.
import { expect, test } from "vitest";
import type { Duty } from "../../../src/helpdesk/jobs/duties.ts";
import { dutyKey } from "../../../src/helpdesk/jobs/job-keys.ts";
import { settled } from "../../kit/jobs/hand-timers.ts";
import { openNodes } from "../../kit/jobs/open-nodes.ts";

const HOUR = 60 * 60_000;

/** Two nodes with the same duties, which note who did what. */
function twoNodes() {
	const nodes = openNodes();
	const done: string[] = [];
	let isBroken = false;
	const duties = (node: string): Duty[] => [
		{
			name: "often",
			everyMs: 10_000,
			run: async () => {
				done.push(`${node} often`);
				return undefined;
			},
		},
		{
			name: "fails",
			everyMs: 10_000,
			run: async () => {
				if (isBroken) {
					throw new Error("it is broken");
				}
				return undefined;
			},
		},
		{
			name: "rare",
			everyMs: 24 * HOUR,
			run: async () => {
				done.push(`${node} rare`);
				return { key: "jobs.duty.index-started" } as const;
			},
		},
	];
	const [one, two] = (["one", "two"] as const).map((name) => {
		const node = nodes.node(name, []);
		node.duties.register(...duties(name));
		return node;
	});
	if (one === undefined || two === undefined) {
		throw new Error("there are two nodes");
	}
	const breakIt = (): void => {
		isBroken = true;
	};
	return { ...nodes, one, two, done, breakIt };
}

test("one node does the duties, and another one when it closes", async () => {
	const { one, two, done } = twoNodes();
	one.duties.start();
	await settled();
	two.duties.start();
	await settled();
	expect(done).toEqual(["one often", "one rare"]);
	await one.timers.pass(10_000);
	expect(done).toEqual(["one often", "one rare", "one often"]);

	await one.duties.close();
	await two.timers.pass(10_000);
	// The rare one was done today.
	expect(done.slice(3)).toEqual(["two often"]);
});

test("another node takes over within half a minute when the one that does them is gone", async () => {
	const { one, two, done } = twoNodes();
	one.duties.start();
	await settled();
	two.duties.start();
	// The timers of the first node move no more.
	await two.timers.pass(15_000);
	expect(done.filter((each) => each.startsWith("two"))).toEqual([]);
	await two.timers.pass(15_000);
	expect(done).toContain("two often");
});

test("a rare duty is done once in its time, whatever node does it", async () => {
	const { one, two, done, clock } = twoNodes();
	await one.duties.round();
	await one.duties.close();
	clock.advance(23 * HOUR);
	await two.duties.round();
	expect(done.filter((each) => each.endsWith("rare"))).toEqual(["one rare"]);
	clock.advance(HOUR);
	await two.duties.round();
	await two.duties.round();
	expect(done.filter((each) => each.endsWith("rare"))).toEqual(["one rare", "two rare"]);
});

test("a duty that fails stops no other one, and says why until it works", async () => {
	const { one, done, breakIt, clock } = twoNodes();
	breakIt();
	await one.duties.round();
	expect(done).toEqual(["one often", "one rare"]);
	expect(one.errors).toEqual([
		expect.stringContaining("the duty fails failed: Error: it is broken"),
	]);
	expect(await one.duties.states()).toEqual([
		{ name: "often", at: clock.now(), said: undefined, problem: undefined },
		{ name: "fails", at: clock.now(), said: undefined, problem: "it is broken" },
		{
			name: "rare",
			at: clock.now(),
			said: { key: "jobs.duty.index-started", values: {} },
			problem: undefined,
		},
	]);
});

test("what a duty did is noted for readers of any language, also after a time in which it did nothing", async () => {
	const { node, clock } = openNodes();
	const one = node("one", []);
	let count = 2;
	one.duties.register({
		name: "counts",
		everyMs: HOUR,
		run: async () => {
			const said = { key: "jobs.duty.people-counted", values: { count } } as const;
			return count === 0 ? undefined : said;
		},
	});
	const noted = { key: "jobs.duty.people-counted", values: { count: 2 } };
	await one.duties.round();
	expect((await one.duties.states())[0]).toMatchObject({ said: noted });

	count = 0;
	clock.advance(HOUR);
	await one.duties.round();
	expect((await one.duties.states())[0]).toMatchObject({ at: clock.now(), said: noted });
});

test("a note of an earlier version, which is a sentence alone, is shown as it is", async () => {
	const { node, storage, clock } = openNodes();
	const one = node("one", []);
	one.duties.register({ name: "rare", everyMs: HOUR, run: async () => undefined });
	const value = { at: clock.now(), said: "It looked at everybody.", problem: null };
	await storage.commit({ sets: [{ key: dutyKey("rare"), value }] });

	expect((await one.duties.states())[0]).toMatchObject({ said: "It looked at everybody." });
});

test("a duty is done in a moment where it is asked for, once for many, and only by the node that does duties", async () => {
	const { one, two, done } = twoNodes();
	await one.duties.round();
	done.length = 0;
	for (let times = 0; times < 10; times += 1) {
		one.duties.soon("often");
		two.duties.soon("often");
	}
	await one.timers.pass(200);
	await two.timers.pass(200);
	expect(done).toEqual(["one often"]);
});
