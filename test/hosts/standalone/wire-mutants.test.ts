import { inspect } from "node:util";
import { expect, test } from "vitest";
import * as hookMutants from "./hook-mutants.ts";
import { brokenBy, portalPromises } from "./open-broken.ts";
import * as wireMutants from "./wire-mutants.ts";

const MUTANTS = Object.values(wireMutants).flatMap((table) => Object.entries(table));

test.each(MUTANTS)("a helpdesk that %s is found out", async (_, mutant) => {
	const broken = await brokenBy(mutant);

	expect([...broken.keys()].sort(), inspect(broken)).toEqual([...mutant.breaks].sort());
});

test("each promise about pages has a helpdesk that breaks it", () => {
	const tables = [...Object.values(hookMutants), ...Object.values(wireMutants)];
	const mutants = tables.flatMap((table) => Object.values(table));
	const broken = new Set(mutants.flatMap(({ breaks }) => breaks));

	expect([...broken].sort()).toEqual([...portalPromises()].sort());
});
