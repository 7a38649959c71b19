// What `doctor` says of helpdesks that take a signed token.
import { expect, onTestFinished, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import { diagnoseHandOffs } from "../../../src/helpdesk/hand-off/diagnose-hand-offs.ts";
import { openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { handOffHelpdesksOf } from "../../../src/helpdesk/namespaces.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";

const BRAND = { id: "acorn", baseUrl: "https://help.example.com" };
const SECRETS = { secret: secret("k".repeat(32)), apiToken: secret("token") };
const DESK = {
	...{ preset: "supportpal", name: "Support Desk", address: "https://support.example.com" },
	...{ otherSites: [], remoteBrandId: null, neverAsserted: [], straightToX: false },
};

/** The hand-offs of a helpdesk, and what a diagnosis of one of its brands says. */
async function open() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const openWith = async (keys: readonly Uint8Array[]) => {
		const core = openHelpdesk(await helpdeskOptions({ keys, clock, storage }), []);
		onTestFinished(() => core.close());
		return core.handOffs;
	};
	const handOffs = await openWith([cryptoRandom.bytes(32)]);
	const found = (of = handOffs) => diagnoseHandOffs(BRAND, of, "/data/key");
	const say = async (of = handOffs) =>
		(await found(of)).map(({ state, text }) => `${state}: ${text}`);
	const connect = async (desk: Partial<typeof DESK> = {}, secrets = {}) => {
		const { helpdesks } = handOffs.of("acorn");
		const added = await helpdesks.add({ ...DESK, ...desk }, secrets);
		return { helpdesks, id: added?.id ?? expect.fail("it is not connected") };
	};
	return { storage, openWith, connect, found, say };
}

test("nothing is said of a brand that hands nobody over", async () => {
	const { say, connect } = await open();
	expect(await say()).toEqual([]);
	await connect();
	expect(await say()).not.toEqual([]);
});

test("each helpdesk says when it was last used, and that its key and API token can be decrypted", async () => {
	const { say, found, connect } = await open();
	const { id, helpdesks } = await connect({}, SECRETS);
	const opened = [
		`ok: Support Desk (${id}): its SimpleAuth key can be decrypted with the key file /data/key.`,
		`ok: Support Desk (${id}): its API token can be decrypted with the key file /data/key.`,
	];
	expect(await say()).toEqual([
		`unknown: Support Desk (${id}): nobody has logged in there yet.`,
		...opened,
	]);
	await helpdesks.noteUse(id);
	expect(await say()).toEqual([
		`ok: Support Desk (${id}): last used 2026-01-15 12:00 UTC.`,
		...opened,
	]);
	expect((await found()).map((check) => [check.id, check.helpdesk])).toEqual([
		["used", id],
		["secret", id],
		["api-token", id],
	]);
});

test("a key file that decrypts neither secret is named, and so is a key that nobody has entered", async () => {
	const { say, openWith, connect } = await open();
	const { id } = await connect({}, SECRETS);
	const { id: empty } = await connect({ name: "New Desk" });
	const said = await say(await openWith([cryptoRandom.bytes(32)]));
	const what = "cannot be decrypted with the key file /data/key. Give the key file that it was";
	const todo = "stored with, or enter it again under Connected helpdesks.";
	expect(said.filter((line) => line.startsWith("failed: ")).sort()).toEqual([
		`failed: New Desk (${empty}): there is no SimpleAuth key, so nobody gets there. Enter it under Connected helpdesks.`,
		`failed: Support Desk (${id}): its API token ${what} ${todo}`,
		`failed: Support Desk (${id}): its SimpleAuth key ${what} ${todo}`,
	]);
});

test("a helpdesk of a kind that this version does not know, and records that cannot be read, are named", async () => {
	const { say, storage, connect } = await open();
	const { id } = await connect({ preset: "later" }, SECRETS);
	const helpdesks = namespaced(storage, handOffHelpdesksOf("acorn"));
	await helpdesks.commit({
		sets: [
			{ key: ["helpdesk", "broken"], value: "broken" },
			{ key: ["last-used", id], value: "broken" },
		],
	});
	expect(await say()).toEqual([
		"failed: A stored connected helpdesk cannot be read, and stays as it is. Use the version of the helpdesk that stored it, or restore a backup.",
		`unknown: Support Desk (${id}): when it was last used cannot be read.`,
		`failed: Support Desk (${id}): this version does not know the kind of helpdesk later, so nobody gets there. Use the version that connected it.`,
	]);
});
