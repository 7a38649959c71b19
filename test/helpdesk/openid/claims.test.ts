import { expect, test } from "vitest";
import { handleIn } from "../../../src/helpdesk/openid/claims.ts";

test.each([
	[["@ada"], "ada"],
	[["@Ada_1"], "Ada_1"],
	[[`@${"a".repeat(50)}`], "a".repeat(50)],
	// The handle is that of the first account that has one, whichever add-on comes first.
	[["ada@example.com", "x:777", "@ada", "@grace"], "ada"],
])("of accounts with the labels %j, a helpdesk hears the handle %s", (labels, handle) => {
	expect(handleIn(labels)).toBe(handle);
});

test.each([
	[[]],
	[["x:777"]],
	[["ada@example.com"]],
	[["ada"]],
	[["@"]],
	[["@@ada"]],
	[["@ada\n"]],
	[["@ada@example.com"]],
	[["@ada:x"]],
	[["@äda"]],
	[[`@${"a".repeat(51)}`]],
])("of accounts with the labels %j, a helpdesk hears no handle", (labels) => {
	expect(handleIn(labels)).toBeUndefined();
});
