import { describe, test } from "vitest";
import { describeHostContract } from "../../../src/testing/host-contract/describe-host-contract.ts";
import { openMockHost } from "./open-mock-host.ts";

describeHostContract({ name: "the mock host", open: openMockHost, describe, test });
