// Background work yields to visitors.
import { expect, test } from "vitest";
import { VisitorPace } from "../../../src/helpdesk/jobs/job-pace.ts";
import { Visitors } from "../../../src/helpdesk/jobs/visitors.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

function paced() {
	const clock = new MockClock();
	const visitors = new Visitors(clock);
	const pauses: number[] = [];
	const pace = new VisitorPace(visitors, {
		after: async (ms) => {
			pauses.push(ms);
		},
	});
	return { clock, visitors, pauses, pace };
}

test("a step is followed by a pause of its own time, and by four times that while visitors are here", async () => {
	const { clock, visitors, pauses, pace } = paced();
	await pace.after(20);
	await visitors.during(async () => pace.after(20));
	clock.advance(999);
	await pace.after(20);
	clock.advance(1);
	await pace.after(20);
	expect(pauses).toEqual([20, 80, 80, 20]);
});

test("no pause is longer than a second", async () => {
	const { visitors, pauses, pace } = paced();
	await pace.after(10_000);
	await visitors.during(async () => pace.after(300));
	expect(pauses).toEqual([1_000, 1_000]);
});

test("what waits goes first, even after a step that took no time", async () => {
	const { pauses, pace } = paced();
	const order: string[] = [];
	setImmediate(() => order.push("request"));
	await pace.after(0);
	order.push("next step");
	expect([order, pauses]).toEqual([["request", "next step"], []]);
});

test("a request that fails is over, too", async () => {
	const { clock, visitors } = paced();
	await expect(
		visitors.during(() => Promise.reject(new Error("the storage is away"))),
	).rejects.toThrow();
	clock.advance(1_000);
	expect(visitors.areHere()).toBe(false);
});
