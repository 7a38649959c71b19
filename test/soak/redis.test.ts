import { test } from "vitest";
import { describeOn } from "../kit/storage/test-servers.ts";
import { expectSoakGoesWell } from "./smoke.ts";

describeOn("Redis", "on one Redis", () => {
	test("mixed traffic on two nodes causes no error and leaves nothing behind", async () => {
		await expectSoakGoesWell("redis");
	});
});
