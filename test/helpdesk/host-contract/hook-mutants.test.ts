import { inspect } from "node:util";
import { expect, test } from "vitest";
import { LIFECYCLE_MUTANTS } from "./lifecycle-mutants.ts";
import { brokenBy } from "./open-broken.ts";
import { REQUEST_MUTANTS } from "./request-mutants.ts";
import { RESPONSE_MUTANTS } from "./response-mutants.ts";

const MUTANTS = { ...LIFECYCLE_MUTANTS, ...REQUEST_MUTANTS, ...RESPONSE_MUTANTS };

test.each(Object.entries(MUTANTS))("the suite finds a helpdesk that %s", async (_, mutant) => {
	const broken = await brokenBy(mutant);

	expect([...broken.keys()].sort(), inspect(broken)).toEqual([...mutant.breaks].sort());
});
