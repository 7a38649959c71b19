import { describe, test } from "vitest";
import { describeHostContract } from "../../../src/testing/host-contract/describe-host-contract.ts";
import { openMockHost, openOlderMockHost } from "./open-mock-host.ts";

describeHostContract({
	name: "the mock host",
	contract: "1.3",
	open: openMockHost,
	describe,
	test,
});

describeHostContract({ name: "the mock host of 1.0", open: openOlderMockHost, describe, test });
