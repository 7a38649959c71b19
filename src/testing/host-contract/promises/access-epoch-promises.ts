import assert from "node:assert/strict";
import type { HostPromises, ProbedHost } from "../opened-host.ts";
import { create } from "./user-creation-promises.ts";

/** Promises since version 1.1 of the contract. */
export const ACCESS_EPOCH_PROMISES: HostPromises = {
	"A user has one access epoch as long as their sessions go on": async (opener) => {
		const opened = await opener.open();
		const { helpdesk, host, brand } = opened;
		const created = await create(opened, "key", "ada@example.com", "code");
		const ada = (created.kind === "created" && created.user) || assert.fail("nobody was created");
		const email = "grace@example.com";
		const grace = await helpdesk.addUser({ brandId: brand.id, email, confirmed: false });
		await host.users.confirm(grace);
		await helpdesk.suspend(grace);

		assert.equal(typeof ada.accessEpoch, "string");
		assert.equal(await accessEpochOf(opened, ada.id), ada.accessEpoch);
	},

	"Another access epoch begins when the sessions of a user end": async (opener) => {
		const opened = await opener.open();
		const { helpdesk, host, brand } = opened;
		const email = "ada@example.com";
		const id = await helpdesk.addUser({ brandId: brand.id, email, confirmed: false });
		const epochs = [await accessEpochOf(opened, id)];
		await host.users.confirm(id);
		epochs.push(await accessEpochOf(opened, id));
		await helpdesk.suspend(id);
		epochs.push(await accessEpochOf(opened, id));

		assert.equal(new Set(epochs).size, 3, `confirmed, then suspended: ${epochs}`);
	},
};

async function accessEpochOf({ host }: ProbedHost, userId: string): Promise<string> {
	return (await host.users.find(userId))?.accessEpoch ?? assert.fail("find gives no access epoch");
}
