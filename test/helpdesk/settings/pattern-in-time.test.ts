import type { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { matchesInTime } from "../../../src/helpdesk/settings/pattern-in-time.ts";

/** A machine on which the time is over so many times before a script has run. */
function busyMachine(times: number) {
	let attempts = 0;
	const run: typeof runInNewContext = () => {
		attempts += 1;
		if (attempts <= times) {
			throw Object.assign(new Error("timed out"), { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
		}
		return true;
	};
	return { run, attempts: () => attempts };
}

test.each([
	[0, true, 1],
	[1, true, 2],
	[2, true, 3],
	[3, false, 3],
	[99, false, 3],
])("a text whose pattern ran out of time %i times: does it match? %s", (times, matches, most) => {
	const { run, attempts } = busyMachine(times);

	expect(matchesInTime("^[a-z]+$", "key", run)).toBe(matches);
	expect(attempts()).toBe(most);
});

test("a pattern that is none is an error, and no text that does not match", () => {
	expect(() => matchesInTime("(", "key")).toThrow("Invalid regular expression");
});
