import { inspect } from "node:util";
import { expect, test } from "vitest";
import { LIFECYCLE_MUTANTS } from "./lifecycle-mutants.ts";
import { brokenBy, portalPromises } from "./open-broken.ts";
import { REQUEST_MUTANTS } from "./request-mutants.ts";
import { RESPONSE_MUTANTS } from "./response-mutants.ts";
import { WIRE_MUTANTS } from "./wire-mutants.ts";

test.each(Object.entries(WIRE_MUTANTS))("the suite finds a helpdesk that %s", async (_, mutant) => {
	const broken = await brokenBy(mutant);

	expect([...broken.keys()].sort(), inspect(broken)).toEqual([...mutant.breaks].sort());
});

test("each promise about pages has a mutant that breaks it", () => {
	const tables = [LIFECYCLE_MUTANTS, REQUEST_MUTANTS, RESPONSE_MUTANTS, WIRE_MUTANTS];
	const mutants = tables.flatMap((table) => Object.values(table));
	const broken = new Set(mutants.flatMap(({ breaks }) => breaks));

	expect([...broken].sort()).toEqual(portalPromises().sort());
});
