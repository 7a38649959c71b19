import { expect, test } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { restrictHost } from "../../../src/artifact/load/restrict-host.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { HostStorage, StorageCommit, StorageEntry } from "../../../src/contract/storage.ts";
import { NAMESPACES, pluginDataOf } from "../../../src/helpdesk/namespaces.ts";
import { encodeKey } from "../../../src/storage/storage-key.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { TINY_MANIFEST, tinyPlugin } from "../../kit/artifact/tiny-plugin.ts";
import { openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";

const CANARY = "canary";
const ACCOUNT = [...NAMESPACES.accounts, "user", "1"];
const LETTER = [...NAMESPACES.outbox, "letter", "1"];

/** An add-on that declares the storage port alone, active in a helpdesk. @returns the host that it was given. */
async function openWithAddOn(storage: HostStorage, clock: MockClock): Promise<HelpdeskHost> {
	const capabilities = { network: [], navigation: [], ports: ["storage"] as const };
	const manifest = { ...TINY_MANIFEST, capabilities };
	const files = tinyPlugin({ "plugin.json": JSON.stringify(manifest) });
	const loaded = await loadPlugin(packArchive(files));
	let given: HelpdeskHost | undefined;
	const { helpdesk, operator } = await openHelpdesk({
		storage,
		clock,
		plugin: {
			...loaded,
			createPlugin: (host) => {
				given = restrictHost(host, loaded.manifest);
				return loaded.createPlugin(host);
			},
		},
	});
	await operator.open(`${helpdesk.adminUrl}/settings/general/integrations`);
	await operator.submit("/admin/settings/general/integrations/tiny/activate");
	return given ?? expect.fail("the add-on was given no host");
}

describeEachEngine((open) => {
	async function opened() {
		const clock = new MockClock();
		const whole = await open(clock);
		const sets = [ACCOUNT, LETTER].map((key) => ({ key, value: `${CANARY} ${key[0]}` }));
		await whole.commit({ sets });
		const { storage } = await openWithAddOn(whole, clock);
		await storage.commit({
			sets: ["1", "2", "3"].map((end) => ({ key: ["own", end], value: "its own" })),
		});
		return { whole, storage };
	}

	test("an add-on with nothing but the storage port cannot read the operator's password hash, accounts or letters through a made-up cursor", async () => {
		const { whole, storage } = await opened();
		const [hash] = (await whole.list(NAMESPACES.operators)).entries;
		expect(hash?.value).toHaveProperty("password");
		const keys = (await allEntries(whole)).map(({ key }) => encodeKey(key));
		const places = [...keys, ...Object.values(NAMESPACES).map((place) => encodeKey(place))];
		const cursors = places.flatMap((text) => [text, text.slice(0, -1), `base ${text}`]);

		const read: StorageEntry[] = [];
		for (const cursor of ["", "\0", "!", "a/", `${encodeKey(pluginDataOf("tiny"))}`, ...cursors]) {
			for (const prefix of [[], ["own"]]) {
				const page = await storage.list(prefix, { cursor, limit: 1000 }).catch((error: unknown) => {
					expect(error).toBeInstanceOf(TypeError);
					return { entries: [] };
				});
				read.push(...page.entries);
			}
		}
		expect(new Set(read.map(({ value }) => value))).toEqual(new Set(["its own"]));
	});

	test("an add-on with nothing but the storage port cannot write the operator's password through a commit of its own making", async () => {
		const { whole, storage } = await opened();
		const others = async () =>
			(await allEntries(whole)).filter(({ key }) => key[0] !== pluginDataOf("tiny")[0]);
		const before = await others();
		const key = before.find((entry) => entry.key[0] === NAMESPACES.operators[0])?.key ?? [];
		const version = before.find((entry) => entry.key === key)?.version ?? "";

		const made = { map: () => [{ key, value: { password: "mine", sessionEpoch: 0 } }] };
		await expect(storage.commit({ sets: made } as unknown as StorageCommit)).rejects.toThrow();
		const gone = { map: () => [key] };
		await expect(storage.commit({ deletes: gone } as unknown as StorageCommit)).rejects.toThrow();
		const asked = { map: () => [{ key, version }] };
		await expect(storage.commit({ checks: asked } as unknown as StorageCommit)).rejects.toThrow();

		expect(await others()).toEqual(before);
	});
});
