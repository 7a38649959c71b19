import { test } from "vitest";
import { expectSoakGoesWell } from "./smoke.ts";

test("mixed traffic on two nodes and one SQLite file causes no error and leaves nothing behind", async () => {
	await expectSoakGoesWell("sqlite");
});
