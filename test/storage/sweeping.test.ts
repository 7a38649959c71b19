import { expect, test } from "vitest";
import { SweepSchedule } from "../../src/storage/sweeping.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";

test("a sweep is due with every hundredth commit", () => {
	const schedule = new SweepSchedule(new MockClock());

	const due = Array.from({ length: 200 }, (_, commit) => (schedule.isDue() ? commit + 1 : 0));

	expect(due.filter((commit) => commit > 0)).toEqual([100, 200]);
});

test("a sweep is due with the first commit after a minute, and then not before the next minute", () => {
	const clock = new MockClock();
	const schedule = new SweepSchedule(clock);

	clock.advance(59_999);
	expect(schedule.isDue()).toBe(false);
	clock.advance(1);
	expect([schedule.isDue(), schedule.isDue()]).toEqual([true, false]);
	clock.advance(60_000);
	expect(schedule.isDue()).toBe(true);
});
