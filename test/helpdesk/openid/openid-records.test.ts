import { expect, test } from "vitest";
import { OpenIdRecords } from "../../../src/helpdesk/openid/openid-records.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const GRANT = { accountId: "ada", clientId: "desk", kind: "Grant" };

function grantsOf(user: { epoch: number | undefined }) {
	const clock = new MockClock();
	const records = new OpenIdRecords({
		...{ clock, storage: new MemoryStorage(clock) },
		portal: { current: () => undefined, find: async () => undefined },
		request: () => undefined,
		agreedSince: async () => 0,
		epochOf: async () => user.epoch,
		refuseReplay: () => {
			throw new Error("this test redeems nothing");
		},
	});
	return records.of("Grant");
}

test.each([[3], [undefined]])(
	"a grant ends when the session epoch of its user goes from 2 to %s",
	async (epoch) => {
		const user: { epoch: number | undefined } = { epoch: 2 };
		const grants = grantsOf(user);
		await grants.upsert("grant", GRANT, 60);
		expect(await grants.find("grant")).toMatchObject(GRANT);
		user.epoch = epoch;
		expect(await grants.find("grant")).toBeUndefined();
	},
);

test("a grant of a user who may not log in counts never", async () => {
	const user: { epoch: number | undefined } = { epoch: undefined };
	const grants = grantsOf(user);
	await grants.upsert("grant", GRANT, 60);
	expect(await grants.find("grant")).toBeUndefined();
	user.epoch = 0;
	expect(await grants.find("grant")).toBeUndefined();
});
