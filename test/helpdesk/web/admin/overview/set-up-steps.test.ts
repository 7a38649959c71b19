import { expect, test } from "vitest";
import {
	type BrandSetUp,
	furthestAlong,
	type SetUpFacts,
	setUpSteps,
} from "../../../../../src/helpdesk/web/admin/overview/set-up-steps.ts";

const NOTHING: BrandSetUp = { brandId: "acorn", isComplete: false, test: "none", isOn: false };
const READY: BrandSetUp = { brandId: "acorn", isComplete: true, test: "passed", isOn: true };

function states(facts: SetUpFacts): string {
	return setUpSteps(facts)
		.map(({ name, state }) => `${name} ${state}`)
		.join(", ");
}

test.each<[string, SetUpFacts, string]>([
	[
		"nothing is done",
		{ isActive: false, brand: NOTHING, hasWorked: false },
		"activate next, keys later, test later, switch-on later, try later",
	],
	[
		"the keys are there",
		{ isActive: true, brand: { ...NOTHING, isComplete: true }, hasWorked: false },
		"activate done, keys done, test next, switch-on later, try later",
	],
	[
		"the test failed",
		{ isActive: true, brand: { ...READY, test: "failed" }, hasWorked: false },
		"activate done, keys done, test next, switch-on done, try later",
	],
	[
		"nobody has come in yet",
		{ isActive: true, brand: READY, hasWorked: false },
		"activate done, keys done, test done, switch-on done, try next",
	],
	[
		"a log-in worked without a test",
		{ isActive: true, brand: { ...READY, test: "none" }, hasWorked: true },
		"activate done, keys done, test done, switch-on done, try done",
	],
	[
		"the add-on was deactivated afterwards",
		{ isActive: false, brand: READY, hasWorked: true },
		"activate next, keys done, test done, switch-on done, try done",
	],
])("%s", (_, facts, expected) => {
	expect(states(facts)).toBe(expected);
});

test("the brand with the fewest steps left counts, of several the first", () => {
	const harbor = { ...READY, brandId: "harbor" };
	expect(furthestAlong([NOTHING, harbor])).toBe(harbor);
	expect(furthestAlong([READY, harbor])).toBe(READY);
});
