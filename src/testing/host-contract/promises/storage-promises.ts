import assert from "node:assert/strict";
import { type HostPromises, needing } from "../opened-host.ts";

/** The promises of a namespace, besides the storage contract. */
export const STORAGE_PROMISES: HostPromises = {
	"A plugin cannot reach the storage of another plugin": needing(
		"second-plugin",
		async (opener) => {
			const { helpdesk, host } = await opener.open();
			const other = opener.newProbe({ id: "probe-b" });
			const { install = assert.fail("the helpdesk has no install") } = helpdesk;
			await install(other.zip);
			const { storage } = other.host;
			await host.storage.commit({ sets: [{ key: ["a"], value: "of the first" }] });

			assert.equal(await storage.get(["a"]), undefined);
			assert.equal(await storage.take(["a"]), undefined);
			assert.deepEqual((await storage.list([])).entries, []);
			await storage.commit({ sets: [{ key: ["a"], value: "of the second" }] });
			await storage.commit({ deletes: [["a"]] });
			assert.equal((await host.storage.get(["a"]))?.value, "of the first");
			assert.equal((await host.storage.list([])).entries.length, 1);
		},
	),
};
