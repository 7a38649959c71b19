import { expect, test } from "vitest";
import { PluginStates } from "../../../src/hosts/standalone/plugin-states.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

function openStates() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	return { storage, states: new PluginStates(storage, "tiny", clock) };
}

test("nothing is stored for a plugin once its data is deleted, until it is installed again", async () => {
	const { storage, states } = openStates();
	const data = states.dataStorage();
	const link = { sets: [{ key: ["link"], value: 1 }] };
	await states.uninstalled("keep");
	expect(await data.commit(link)).toBe(true);
	await states.uninstalled("purge");

	await expect(data.commit(link)).rejects.toThrow("nothing more is stored");

	await states.installed();
	expect(await states.read()).toEqual({ kind: "disabled" });
	expect(await data.commit(link)).toBe(true);
	expect(await data.commit({ checks: [{ key: ["link"], version: null }] })).toBe(false);
	expect((await storage.list(["plugin-data", "tiny"])).entries).toHaveLength(1);
});

test("an activation that is overtaken by an uninstallation does not bring the plugin back", async () => {
	const { states } = openStates();
	await states.uninstalled("keep");

	await states.activated();
	await states.deactivated();

	expect(await states.read()).toEqual({ kind: "not-installed", kept: true });
});
