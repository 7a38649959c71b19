import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
	ANSWER_MUTANTS,
	BUTTON_MUTANTS,
	LIFECYCLE_MUTANTS,
	OUTCOME_MUTANTS,
	REQUEST_MUTANTS,
} from "./hook-mutants.ts";
import { brokenBy } from "./open-broken.ts";

const MUTANTS = {
	...LIFECYCLE_MUTANTS,
	...REQUEST_MUTANTS,
	...ANSWER_MUTANTS,
	...OUTCOME_MUTANTS,
	...BUTTON_MUTANTS,
};

test.each(Object.entries(MUTANTS))("a helpdesk that %s is found out", async (_, mutant) => {
	const broken = await brokenBy(mutant);

	expect([...broken.keys()].sort(), inspect(broken)).toEqual([...mutant.breaks].sort());
});
