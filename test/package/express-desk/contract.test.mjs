import { describe, test } from "node:test";
import { describeHostContract } from "x-login/testing";
import { openDesk } from "./desk.mjs";

describeHostContract({
	name: "the Express desk",
	contract: "1.1",
	without: [
		"second-brand",
		"second-plugin",
		"uninstall",
		"unclaimed-users",
		"approval-queue",
		"incomplete-users",
	],
	open: openDesk,
	portal: {
		registerPath: "/register",
		accountPath: "/account",
		emailField: "email",
		passwordField: "password",
	},
	describe,
	test,
});
