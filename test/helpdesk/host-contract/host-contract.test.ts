import { describe, test } from "vitest";
import { describeHostContract } from "../../../src/testing/host-contract/describe-host-contract.ts";
import { openStandalone, STANDALONE_PORTAL } from "./helpdesk-under-test.ts";

describeHostContract({
	name: "the standalone helpdesk",
	contract: "1.3",
	without: ["approval-queue"],
	open: openStandalone,
	portal: STANDALONE_PORTAL,
	describe,
	test,
});

describeHostContract({
	name: "the standalone helpdesk behind a proxy with TLS",
	contract: "1.3",
	without: ["approval-queue"],
	open: (setUp) =>
		openStandalone(setUp, {
			baseUrls: new Map([
				["acorn", "https://help.example.com"],
				["harbor", "https://music.example.com"],
			]),
		}),
	portal: STANDALONE_PORTAL,
	describe,
	test,
});
