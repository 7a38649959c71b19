import { expect, test } from "vitest";
import {
	countOf,
	type ResultCount,
	withCounted,
} from "../../../src/helpdesk/add-ons/jobs/import-outcome.ts";

test("a plugin with a message for each row makes no long list of counts, and every row is counted", () => {
	let counts: readonly ResultCount[] = [];
	for (let row = 0; row < 1000; row += 1) {
		const state = row % 2 === 0 ? ("refused" as const) : ("linked" as const);
		counts = withCounted(counts, [{ state, message: `row ${row}` }]);
	}
	counts = withCounted(counts, [{ state: "refused", message: "row 0" }]);

	// One more for the rest of each state.
	expect(counts).toHaveLength(52);
	expect(counts[0]).toEqual({ state: "refused", message: "row 0", count: 2 });
	expect(counts.slice(50)).toEqual([
		{ state: "refused", message: "", count: 475 },
		{ state: "linked", message: "", count: 475 },
	]);
	expect([countOf(counts, "refused"), countOf(counts, "linked")]).toEqual([501, 500]);
});
