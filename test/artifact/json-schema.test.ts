import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { compileSchema } from "../../src/artifact/json-schema.ts";
import type { SettingSchema } from "../../src/contract/settings-schema.ts";
import { settingCheck } from "../../src/helpdesk/settings/setting-check.ts";

const shortText = (maxLength: number): object => ({ type: "string", maxLength });

function collectGarbage(): void {
	setFlagsFromString("--expose-gc");
	runInNewContext("gc")();
}

test("a thousand checks of one setting compile its schema once", () => {
	const setting: SettingSchema = { type: "string", maxLength: 7, writeOnly: true };
	const first = settingCheck(setting);

	for (let save = 0; save < 1000; save += 1) {
		expect(settingCheck({ ...setting, default: String(save) })).toBe(first);
	}
	expect([first("seven77"), first("eight888"), first(7)]).toEqual([true, false, false]);
});

test("validators of many different schemas are freed, and the last ones still work", async () => {
	const first = new WeakRef(compileSchema(shortText(1)));
	// A WeakRef keeps its target until the end of the job that made it.
	await new Promise((resolve) => setTimeout(resolve));

	for (let length = 2; length <= 1200; length += 1) {
		expect(compileSchema(shortText(length))("x".repeat(length + 1))).toBe(false);
	}
	await new Promise((resolve) => setTimeout(resolve));
	collectGarbage();

	expect(first.deref()).toBeUndefined();
	expect(compileSchema(shortText(1))("xx")).toBe(false);
});

test("a wrong schema is refused each time, and leaves the others as they are", () => {
	const wrong = { type: "string", unknownKeyword: true };
	for (let round = 0; round < 600; round += 1) {
		expect(() => compileSchema({ ...wrong, maxLength: round })).toThrow("unknownKeyword");
	}
	expect(compileSchema({ type: "string" })("text")).toBe(true);
});
