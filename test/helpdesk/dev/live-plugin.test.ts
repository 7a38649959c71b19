import { expect, test } from "vitest";
import { openDeveloping, pluginOf } from "../../kit/helpdesk/open-developing.ts";

const exportsData = (answer: string): string => `async exportUserData() { return ${answer}; },`;

test("the new code answers at once, with the data that the old code stored", async () => {
	const { live, plugin, host } = openDeveloping(
		await pluginOf(`async exportUserData() {
			await host.storage.commit({ sets: [{ key: ["a"], value: 1 }] });
			return "old";
		},`),
	);
	expect(await plugin.exportUserData("u")).toBe("old");

	await live.swap(await pluginOf(exportsData(`(await host.storage.get(["a"])).value + " new"`)));

	expect(await plugin.exportUserData("u")).toBe("1 new");
	expect((await host.storage.get(["a"]))?.value).toBe(1);
});

test("a call that began in the old code ends in the old code", async () => {
	const { live, plugin } = openDeveloping(
		await pluginOf(`async exportUserData() {
			await new Promise((resolve) => { globalThis.goOn = resolve; });
			return "old";
		},`),
	);
	const begun = plugin.exportUserData("u");
	await live.swap(await pluginOf(exportsData(`"new"`)));
	(globalThis as unknown as { goOn: () => void }).goOn();

	expect(await begun).toBe("old");
	expect(await plugin.exportUserData("u")).toBe("new");
});

test("hooks, texts and settings are those of the new code", async () => {
	const { live, plugin } = openDeveloping(await pluginOf(exportsData(`"old"`)));
	const { settingsSchema } = live;
	await expect(plugin.checkSetup("brand")).rejects.toThrow("does not list the hook checkSetup");

	await live.swap({
		...(await pluginOf("async checkSetup() { return { checks: [] }; },", { version: "2.0.0" })),
		settingsSchema: {
			$schema: "https://json-schema.org/draft/2020-12/schema",
			type: "object",
			additionalProperties: false,
			properties: { other: { type: "string" } },
			required: ["other"],
		},
	});

	await expect(plugin.exportUserData("u")).rejects.toThrow("does not list the hook");
	expect(await plugin.checkSetup("brand")).toEqual({ checks: [] });
	expect(live.manifest.version).toBe("2.0.0");
	expect(Object.keys(settingsSchema.properties)).toEqual(["other"]);
	expect(settingsSchema.required).toEqual(["other"]);
});

test("an active plugin is activated in its new code, and the old code goes on where that fails", async () => {
	const hooks = (activation: string, answer: string): string =>
		`async onActivate() { ${activation} },\n${exportsData(answer)}`;
	const loaded = await pluginOf(hooks(`return { state: "ready" };`, `"old"`));
	const { live, plugin } = openDeveloping(loaded);
	const failing = await pluginOf(hooks(`throw new Error("not like this");`, `"failing"`));

	await live.swap(failing);
	await live.swap(loaded);
	await plugin.onActivate();
	await expect(live.swap(failing)).rejects.toThrow("not like this");
	expect(await plugin.exportUserData("u")).toBe("old");

	await plugin.onDeactivate();
	await live.swap(failing);
	expect(await plugin.exportUserData("u")).toBe("failing");
});

test("another plugin cannot replace it", async () => {
	const { live, plugin } = openDeveloping(await pluginOf(exportsData(`"old"`)));
	const other = await pluginOf(exportsData(`"other"`), { id: "other" });

	await expect(live.swap(other)).rejects.toThrow("its id was tiny and is other now");
	expect(await plugin.exportUserData("u")).toBe("old");
});
