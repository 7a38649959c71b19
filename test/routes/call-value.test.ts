import { setImmediate as later } from "node:timers/promises";
import { expect, test } from "vitest";
import { CallValue } from "../../src/routes/call-value.ts";

test("a call reads its own values after each wait, and calls at the same time do not mix", async () => {
	const name = new CallValue<string>();
	const number = new CallValue<number>();
	const read = async () => {
		await later();
		return [name.current(), number.current()];
	};

	const seen = await Promise.all([
		name.during("one", () => number.during(1, read)),
		number.during(2, () => name.during("two", read)),
		name.during("three", read),
		read(),
	]);

	expect(seen).toEqual([
		["one", 1],
		["two", 2],
		["three", undefined],
		[undefined, undefined],
	]);
});

test("a value inside another call's hides that one until the inner call is over", () => {
	const name = new CallValue<string>();

	const seen = name.during("outer", () => [
		name.during("inner", () => name.current()),
		name.current(),
	]);

	expect(seen).toEqual(["inner", "outer"]);
	expect(name.current()).toBeUndefined();
});
