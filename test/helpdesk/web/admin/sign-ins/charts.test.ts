import { expect, test } from "vitest";
import { columnChart } from "../../../../../src/helpdesk/web/admin/sign-ins/charts.ts";
import { ENGLISH } from "../../../../kit/helpdesk/said-in-english.ts";

async function labelsOf(count: number, labelEvery: number): Promise<string[]> {
	const columns = Array.from({ length: count }, (_, index) => ({
		label: `L${index}`,
		name: `N${index}`,
		tip: `N${index}: 1`,
		values: [1],
	}));
	const series = [{ name: "Logged in", look: "good" }] as const;
	const words = { title: "T", summary: "S", unit: "Day", locale: ENGLISH };
	const drawn = String(await columnChart({ id: "c", ...words, series, columns, labelEvery }));
	return [...drawn.matchAll(/class="tick( spare)?"[^>]*>(L\d+)</g)].map(
		([, spare = "", label]) => `${label}${spare}`,
	);
}

test("a narrow screen hides every other label where labels would overlap, and never the last", async () => {
	expect(await labelsOf(7, 1)).toEqual([
		...["L0", "L1 spare", "L2", "L3 spare", "L4", "L5 spare"],
		"L6",
	]);
	expect(await labelsOf(30, 6)).toEqual(["L5", "L11", "L17", "L23", "L29"]);
	expect((await labelsOf(7, 1)).filter((label) => !label.includes("spare"))).toHaveLength(4);
});
