import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { subjectOf, userIdIn } from "../../../src/helpdesk/openid/subject.ts";

const ID = "3f2b8c1e-0d4a-4e57-9b66-123456789012";
const RT = new URL(
	"../../../src/helpdesk/openid/recipes/request-tracker/RT-Extension-XLogin/lib/RT/Extension/XLogin.pm",
	import.meta.url,
);

test.each([
	[0, ID],
	[1, `${ID}-1`],
	[12, `${ID}-12`],
])("after %i claims, the subject leads to the user", (claimCount, subject) => {
	expect(subjectOf({ id: ID, claimCount })).toBe(subject);
	expect(userIdIn(subject)).toBe(ID);
});

test.each([`${ID}-0`, `${ID}-01`, `${ID}-x`, `${ID}-1-1`, `x-${ID}-1`, "ada", "ada-1", ""])(
	"%j has no number",
	(subject) => {
		expect(userIdIn(subject)).toBe(subject);
	},
);

test("Request Tracker takes the names that users get, and no other ones", () => {
	const [, pattern = ""] = /our \$NAME = qr\/\\A(.*)\\z\/x;/.exec(readFileSync(RT, "utf8")) ?? [];
	const name = new RegExp(`^${pattern.replaceAll(" ", "")}$`);
	for (const claimCount of [0, 1, 12]) {
		expect(`x-${subjectOf({ id: ID, claimCount })}`).toMatch(name);
	}
	for (const other of [
		"root",
		ID,
		`x-${ID}-`,
		`x-${ID}-0`,
		`x-${ID}-a`,
		`x-${ID}-1-1`,
		`y-${ID}`,
	]) {
		expect(other).not.toMatch(name);
	}
});
