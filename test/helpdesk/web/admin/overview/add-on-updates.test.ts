import { expect, test } from "vitest";
import { updatesOf } from "../../../../../src/helpdesk/web/admin/overview/add-on-updates.ts";

const X = { id: "x-login", name: "X", version: "0.3.0" };

test.each([
	["nothing", [], []],
	["the same version", ["x-login-0.3.0.zip"], []],
	["an earlier version", ["x-login-0.2.9.zip"], []],
	["a newer version", ["x-login-0.3.1.zip"], ["0.3.1"]],
	["several, of which the newest counts", ["x-login-0.10.0.zip", "x-login-0.9.0.zip"], ["0.10.0"]],
	["another add-on whose name begins alike", ["x-login-more-9.0.0.zip"], []],
	[
		"names that are no versions",
		["x-login-latest.zip", "x-login-1.0.zip", "x-login-1.0.0-beta.zip"],
		[],
	],
])("a marketplace with %s", (_, files, versions) => {
	expect(updatesOf([X], files).map(({ version }) => version)).toEqual(versions);
});
