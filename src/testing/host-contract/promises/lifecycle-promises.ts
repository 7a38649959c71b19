import assert from "node:assert/strict";
import type { Plugin } from "../../../contract/plugin.ts";
import type { OpenedHost } from "../host-under-test.ts";
import { needing } from "../opened-host.ts";
import { callbackPath, type PortalPromises, requestsToHooks } from "../portal-promise.ts";

export const LIFECYCLE_PROMISES: PortalPromises = {
	"Activating and deactivating call the methods that the manifest names": async (opener) => {
		const { helpdesk, probe } = await opener.open();
		assert.equal(probe.callsOf("onActivate").length, 0);
		await helpdesk.activate();
		assert.equal(probe.callsOf("onActivate").length, 1);
		await helpdesk.deactivate();

		assert.equal(probe.callsOf("onDeactivate").length, 1);
	},

	"A plugin that refuses activation stays deactivated": async (opener) => {
		const opened = await opener.open();
		const { helpdesk, probe } = opened;
		probe.answer("onActivate", async () => {
			throw new Error("not today");
		});
		await assert.rejects(helpdesk.activate());
		await opened.newVisitor().request(callbackPath(opened));

		assert.equal(requestsToHooks(opened), 0);
	},

	"A deactivated plugin gets no call of a login hook": async (opener, { registerPath }) => {
		const opened = await opener.openEnabled();
		const { helpdesk, probe, brand } = opened;
		const visitor = opened.newVisitor();
		await helpdesk.deactivate();
		probe.calls.length = 0;
		const answers = [
			await visitor.request(callbackPath(opened)),
			await visitor.request(brand.continuePath),
		];
		await visitor.open(brand.loginPath);
		await visitor.open(registerPath);

		assert.deepEqual(probe.calls, []);
		for (const { status, path } of answers) {
			assert.ok(status >= 400 && status < 500, `${path} answers ${status}`);
		}
	},

	"A form shown before deactivation starts no log-in": async (opener) => {
		const opened = await opener.openEnabled();
		const visitor = opened.newVisitor();
		await visitor.pressButton();
		const before = requestsToHooks(opened);
		opened.probe.answer("renderLoginButtons", async (page) => {
			await opened.helpdesk.deactivate();
			return [await opened.probe.buttonFor(page)];
		});
		await visitor.pressButton();

		assert.equal(before, 1);
		assert.equal(requestsToHooks(opened), 1);
	},

	"onUserDeleted is called whether or not the plugin is active": async (opener) => {
		const { helpdesk, probe, brand } = await opener.openEnabled();
		const add = (name: string) =>
			helpdesk.addUser({
				brandId: brand.id,
				email: `${name}@example.com`,
				confirmed: true,
			});
		const [first, second] = [await add("first"), await add("second")];
		await helpdesk.delete(first);
		await helpdesk.deactivate();
		await helpdesk.delete(second);

		const told = probe.callsOf("onUserDeleted").map(([userId]) => userId);
		assert.deepEqual([...new Set(told)], [first, second]);
	},

	"onUninstall is called after onDeactivate and says whether data is kept or purged": needing(
		"uninstall",
		async (opener) => {
			for (const data of ["keep", "purge"] as const) {
				const { helpdesk, probe } = await opener.openEnabled();
				await uninstalling(helpdesk)(data);
				const lifecycle = probe.calls.filter(({ hook }) => hook.startsWith("on"));

				assert.deepEqual(
					lifecycle.map(({ hook, values }) => [hook, ...values]),
					[["onActivate"], ["onDeactivate"], ["onUninstall", data]],
				);
			}
		},
	),

	"Uninstalling can keep the plugin's data, and onUserDeleted is still called": needing(
		"uninstall",
		async (opener) => {
			const { helpdesk, probe, host, brand } = await opener.openEnabled();
			await host.storage.commit({ sets: [{ key: ["a"], value: 1 }] });
			await helpdesk.save(brand.id, { motto: "own", key: "secret" });
			const user = { brandId: brand.id, email: "ada@example.com", confirmed: true };
			const id = await helpdesk.addUser(user);
			await uninstalling(helpdesk)("keep");
			await helpdesk.delete(id);

			assert.deepEqual(
				new Set(probe.callsOf("onUserDeleted").map(([userId]) => userId)),
				new Set([id]),
			);
			assert.equal((await host.storage.get(["a"]))?.value, 1);
			assert.equal((await host.settings.read(brand.id)).values["motto"], "own");
			assert.equal(await host.secrets.has(brand.id, "key"), true);
		},
	),

	"Uninstalling can purge the plugin's settings, and no hook is called any more": needing(
		"uninstall",
		async (opener) => {
			const opened = await opener.openEnabled();
			const { helpdesk, probe, host, brand } = opened;
			await helpdesk.save(brand.id, { motto: "own", key: "secret" });
			const user = { brandId: brand.id, email: "ada@example.com", confirmed: true };
			const id = await helpdesk.addUser(user);
			await uninstalling(helpdesk)("purge");
			probe.calls.length = 0;
			await helpdesk.delete(id);
			const visitor = opened.newVisitor();
			await visitor.open(brand.loginPath);
			await visitor.request(callbackPath(opened));

			assert.deepEqual(probe.calls, []);
			const { values, enabled } = await host.settings.read(brand.id);
			assert.deepEqual([values, enabled], [{ motto: "none" }, false]);
			assert.equal(await host.secrets.has(brand.id, "key"), false);
		},
	),

	"A hook that the manifest does not list is not called and has no page": async (opener) => {
		const opened = await opener.openEnabled({ hooks: ["startLogin", "renderLoginButtons"] });
		const { brand, helpdesk, probe } = opened;
		const visitor = opened.newVisitor();
		for (const path of [callbackPath(opened), brand.continuePath]) {
			assert.equal((await visitor.request(path)).status, 404, path);
		}
		await helpdesk.save(brand.id, { motto: "own" });
		await visitor.pressButton();

		const called = new Set(probe.calls.map(({ hook }) => hook));
		assert.deepEqual(called, new Set(["renderLoginButtons", "startLogin"]));
	},

	"onSettingsWillSave gets the values to be saved and the secrets that are new or removed": async (
		opener,
	) => {
		const { helpdesk, probe, host, brand } = await opener.openEnabled();
		await helpdesk.save(brand.id, { motto: "own", key: "old", spare: "old" });
		const asked: unknown[] = [];
		probe.answer("onSettingsWillSave", async ({ brandId, values, secrets }) => {
			const [key, spare] = [secrets["key"], secrets["spare"]];
			const before = (await host.settings.read(brandId)).values["rooms"];
			asked.push({ brandId, before, rooms: values["rooms"], key: key?.reveal(), spare });
			return [];
		});
		await helpdesk.save(brand.id, { rooms: 3, key: "new" });
		await helpdesk.save(brand.id, { spare: null });

		assert.deepEqual(asked, [
			{ brandId: brand.id, before: undefined, rooms: 3, key: "new", spare: undefined },
			{ brandId: brand.id, before: 3, rooms: 3, key: undefined, spare: null },
		]);
	},

	"Settings that the plugin refuses are not saved": async (opener) => {
		const { helpdesk, probe, host, brand } = await opener.openEnabled();
		await helpdesk.save(brand.id, { motto: "own", key: "old" });
		const refuse: Plugin["onSettingsWillSave"] = async () => [
			{ setting: "motto", message: "refused" },
		];
		probe.answer("onSettingsWillSave", refuse);
		await assert.rejects(helpdesk.save(brand.id, { motto: "other", key: "new" }));

		assert.equal((await host.settings.read(brand.id)).values["motto"], "own");
		assert.equal((await host.secrets.get(brand.id, "key"))?.reveal(), "old");
	},
};

function uninstalling({ uninstall }: OpenedHost): NonNullable<OpenedHost["uninstall"]> {
	return uninstall ?? assert.fail("the helpdesk has no uninstall");
}
