import assert from "node:assert/strict";
import type { Plugin } from "../../../contract/plugin.ts";
import type { PortalPromises } from "../portal-promise.ts";
import { callbackPath, requestsToHooks } from "../portal-promise.ts";

export const LIFECYCLE_PROMISES: PortalPromises = {
	"activates and deactivates a plugin by its hooks, by whatever name the manifest gives the methods":
		async (contract) => {
			const { helpdesk, probe } = await contract.open();
			assert.equal(probe.callsOf("onActivate").length, 0);
			await helpdesk.activate();
			assert.equal(probe.callsOf("onActivate").length, 1);
			await helpdesk.deactivate();

			assert.equal(probe.callsOf("onDeactivate").length, 1);
		},

	"keeps a plugin deactivated that does not want to be activated": async (contract) => {
		const opened = await contract.open();
		const { helpdesk, probe } = opened;
		probe.answer("onActivate", async () => {
			throw new Error("not today");
		});
		await assert.rejects(helpdesk.activate());
		await opened.newVisitor().request(callbackPath(opened));

		assert.equal(requestsToHooks(opened), 0);
	},

	"calls no login hook of a deactivated plugin": async (contract, { registerPath }) => {
		const opened = await contract.openEnabled();
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

	"starts no log-in by a form from before the plugin was deactivated": async (contract) => {
		const opened = await contract.openEnabled();
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

	"tells a plugin of users who are deleted, active or not": async (contract) => {
		const { helpdesk, probe, brand } = await contract.openEnabled();
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

	"tells a plugin that it is uninstalled once it is deactivated, and what becomes of its data":
		async (contract) => {
			for (const data of ["keep", "purge"] as const) {
				const { helpdesk, probe } = await contract.openEnabled();
				await helpdesk.uninstall(data);
				const lifecycle = probe.calls.filter(({ hook }) => hook.startsWith("on"));

				assert.deepEqual(
					lifecycle.map(({ hook, values }) => [hook, ...values]),
					[["onActivate"], ["onDeactivate"], ["onUninstall", data]],
				);
			}
		},

	"keeps what an uninstalled plugin stored, and tells it of users who are deleted": async (
		contract,
	) => {
		const { helpdesk, probe, host, brand } = await contract.openEnabled();
		await host.storage.commit({ sets: [{ key: ["a"], value: 1 }] });
		await helpdesk.save(brand.id, { motto: "own", key: "secret" });
		const user = { brandId: brand.id, email: "ada@example.com", confirmed: true };
		const id = await helpdesk.addUser(user);
		await helpdesk.uninstall("keep");
		await helpdesk.delete(id);

		assert.deepEqual(
			new Set(probe.callsOf("onUserDeleted").map(([userId]) => userId)),
			new Set([id]),
		);
		assert.equal((await host.storage.get(["a"]))?.value, 1);
		assert.equal((await host.settings.read(brand.id)).values["motto"], "own");
		assert.equal(await host.secrets.has(brand.id, "key"), true);
	},

	"keeps nothing of a plugin that is uninstalled with its data, and calls no hook of it any more":
		async (contract) => {
			const opened = await contract.openEnabled();
			const { helpdesk, probe, host, brand } = opened;
			await helpdesk.save(brand.id, { motto: "own", key: "secret" });
			const user = { brandId: brand.id, email: "ada@example.com", confirmed: true };
			const id = await helpdesk.addUser(user);
			await helpdesk.uninstall("purge");
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

	"calls no hook that the manifest does not list, and has no page in its place": async (
		contract,
	) => {
		const opened = await contract.openEnabled({ hooks: ["startLogin", "renderLoginButtons"] });
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

	"asks the plugin about settings before they are saved: what would hold, and secrets typed anew or removed":
		async (contract) => {
			const { helpdesk, probe, host, brand } = await contract.openEnabled();
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

	"saves no settings that the plugin refuses": async (contract) => {
		const { helpdesk, probe, host, brand } = await contract.openEnabled();
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
