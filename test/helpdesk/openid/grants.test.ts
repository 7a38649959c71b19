import { expect, test } from "vitest";
import { OpenIdRecords } from "../../../src/helpdesk/openid/openid-records.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

test("a grant counts until its user withdraws, whatever session it is in, and not for a later agreement", async () => {
	const clock = new MockClock();
	let since: number | undefined = 5;
	const records = new OpenIdRecords({
		...{ clock, storage: new MemoryStorage(clock) },
		portal: { current: () => undefined, find: async () => undefined },
		epochOf: async () => 0,
		agreedSince: async () => since,
		request: () => undefined,
		refuseReplay: () => {
			throw new Error("this test redeems nothing");
		},
	});
	const grants = records.of("Grant");
	const payload = { kind: "Grant", accountId: "ada", clientId: "desk" };
	const isGood = async (id: string) => (await grants.find(id)) !== undefined;
	await grants.upsert("first", payload, 60);
	expect(await isGood("first")).toBe(true);
	since = undefined;
	expect(await isGood("first")).toBe(false);
	// One that was made while nobody agreed never counts.
	await grants.upsert("second", payload, 60);
	expect(await isGood("second")).toBe(false);
	since = 6;
	expect([await isGood("first"), await isGood("second")]).toEqual([false, false]);
});
