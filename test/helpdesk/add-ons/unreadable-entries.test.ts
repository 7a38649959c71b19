// Stored values in a form that no version wrote: they stay as they are, and operators see why an add-on does not work.
import { expect, test } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import type { StorageValue } from "../../../src/contract/storage.ts";
import { AddOnRecord } from "../../../src/helpdesk/add-ons/add-on-record.ts";
import { sha256Of } from "../../../src/helpdesk/add-ons/package-store.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { builtArtifact } from "../../kit/artifact/built-artifact.ts";
import { tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { ADD_ONS, install } from "../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS } from "../../kit/helpdesk/people-with-x.ts";
import { actOnUser, failToDelete, userIdOf } from "../../kit/helpdesk/users-pages.ts";
import { submitUntilDone } from "../../kit/jobs/until-done.ts";

const PACKAGE = { version: "1.0.0", sha256: "ab", bundled: false };
const zip = tinyZip({ onActivate: 'return { state: "ready" };' });

async function openShared(pluginZip?: Uint8Array) {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const keys = [new Uint8Array(32).fill(1)];
	const start = async () =>
		openHelpdesk({
			...{ clock, storage, keys },
			...(pluginZip && { pluginZip, plugin: await loadPlugin(pluginZip) }),
		});
	const put = (key: readonly string[], value: StorageValue) =>
		storage.commit({ sets: [{ key, value }] });
	const valueAt = async (key: readonly string[]) => (await storage.get(key))?.value;
	return { storage, start, put, valueAt };
}

test("every record that version 0.1.0 stored is read, and written back unchanged", () => {
	const records: StorageValue[] = [
		"active",
		"uninstalled",
		{ status: "active", current: PACKAGE, previous: null },
		{ status: "disabled", current: PACKAGE, previous: { ...PACKAGE, bundled: true } },
	];
	for (const value of records) {
		expect(AddOnRecord.read("tiny", { value, version: "1" }).value).toEqual(value);
	}
	expect(AddOnRecord.EMPTY).toMatchObject({ status: "disabled", entryVersion: null });
});

test.each<StorageValue>([
	null,
	true,
	7,
	"half",
	["active"],
	{},
	{ status: "active" },
	{ status: "half", current: PACKAGE },
	{ status: "active", current: { ...PACKAGE, sha256: 7 } },
	{ status: "active", current: PACKAGE, previous: "1.0.0" },
])("a record such as %j is refused", (value) => {
	expect(() => AddOnRecord.read("tiny", { value, version: "1" })).toThrow(
		"a value under plugin-state/tiny cannot be read, and stays in the storage as it is: ",
	);
});

test("an add-on whose record cannot be read is shown as broken, and can only be deleted", async () => {
	const { storage, start, put, valueAt } = await openShared();
	const first = await start();
	await setUpX(first);
	await install(first.operator, first.portal, zip);
	await put(["plugin-data", "tiny", "a"], 1);
	const record = { status: "half", current: PACKAGE };
	await put(["plugin-state", "tiny", "state"], record);

	const open = await start();
	const { operator } = first;
	await operator.open(`${open.portal}${ADD_ONS}`);
	expect(operator.seen.html).toContain(
		"a value under plugin-state/tiny cannot be read, and stays in the storage as it is: /status must be one of",
	);
	expect(open.log.filter((line) => line.includes("the add-on tiny cannot be used"))).toHaveLength(
		1,
	);
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");
	await operator.open(`${open.portal}/admin/users`);
	await operator.submit("/admin/users/add", { brand: "acorn", email: "a@example.com" });
	const userId = await userIdOf(operator, open.portal, "a@example.com");
	const { html: failed } = await failToDelete(operator, open.portal, userId);
	expect(failed).toContain("the add-on tiny cannot be used");
	await install(operator, open.portal, zip);
	expect(operator.seen.html).toContain("delete the add-on first");
	await operator.open(`${open.portal}${ADD_ONS}`);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html)?.[1] ?? "";
	const back = await operator.post(`${open.portal}${ADD_ONS}/tiny/roll-back`, [["_csrf", csrf]]);
	expect(back).toMatchObject({ status: 409 });
	expect(await valueAt(["plugin-state", "tiny", "state"])).toEqual(record);

	await operator.open(`${open.portal}${ADD_ONS}`);
	await submitUntilDone(operator, `${ADD_ONS}/tiny/discard`, { sure: "on" });
	await operator.open(`${open.portal}${ADD_ONS}`);
	expect(operator.seen.html).not.toContain("cannot be used");
	expect((await storage.list(["plugin-data", "tiny"])).entries).toEqual([]);
	expect((await actOnUser(operator, open.portal, userId, "delete")).html).toContain(
		"The user is deleted",
	);
	await install(operator, open.portal, zip);
	expect(operator.seen.html).toContain("Tiny 1.0.0 is installed.");
});

test("a helpdesk starts without its own plugin when the plugin's record cannot be read", async () => {
	const { start, put, valueAt } = await openShared(await builtArtifact());
	await put(["plugin-state", "x-login", "state"], { status: "active" });

	const open = await start();

	expect(open.log.join()).toContain("the add-on x-login cannot be used");
	expect((await new HttpVisitor().open(`${open.portal}/login`)).status).toBe(200);
	expect((await open.operator.open(`${open.portal}${ADD_ONS}`)).html).toContain("cannot be read");
	expect(await valueAt(["plugin-state", "x-login", "state"])).toEqual({ status: "active" });
});

test.each<[string, StorageValue]>([
	["no zip in it", { signature: null }],
	["another zip in it", { zip: "QUJD", signature: null }],
])("a package with %s is reported, and its add-on is shown as broken", async (_, value) => {
	const { start, put, valueAt } = await openShared();
	const first = await start();
	await install(first.operator, first.portal, zip);
	const key = ["packages", "installed", sha256Of(zip)];
	await put(key, value);

	const open = await start();

	expect(open.log.join()).toContain("a stored package cannot be used");
	expect((await first.operator.open(`${open.portal}${ADD_ONS}`)).html).toContain(
		"is missing from the storage or damaged",
	);
	expect(await valueAt(key)).toEqual(value);
});

test("a failure note that cannot be read still shows that the activation failed", async () => {
	const { start, put } = await openShared();
	const open = await start();
	await put(["plugin-state", "x-login", "failure"], { reason: 7 });

	const { html } = await open.operator.open(`${open.portal}${INTEGRATIONS}`);

	expect(html).toContain(
		"a value under plugin-state cannot be read, and stays in the storage as it is: the top level must have",
	);
	await open.operator.submit(`${INTEGRATIONS}/x-login/activate`);
	expect(open.operator.seen.html).toContain("X is active");
});

test("a set-up test that cannot be read is reported, and counts as not run", async () => {
	const { start, put, valueAt } = await openShared();
	const open = await start();
	await setUpX(open);
	await put(["set-up-tests", "x-login", "acorn"], { at: "yesterday" });
	const settings = `${open.portal}${INTEGRATIONS}/x-login?brand=acorn`;

	expect((await open.operator.open(settings)).status).toBe(200);

	expect(open.log.join()).toContain("a set-up test of x-login cannot be read");
	expect(await valueAt(["set-up-tests", "x-login", "acorn"])).toEqual({ at: "yesterday" });
});
