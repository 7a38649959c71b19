import { inspect } from "node:util";
import { expect, test } from "vitest";
import { secret } from "../../src/contract/secret.ts";

const TEXT = "opens everything";
const kept = secret(TEXT);

test("a secret gives its text to those who ask for it, and to nobody else", () => {
	expect(kept.reveal()).toBe(TEXT);
	const shown = [
		String(kept),
		`${kept}`,
		JSON.stringify({ kept, copy: { ...kept } }),
		inspect(kept),
		inspect({ kept }, { depth: 9, showHidden: true, customInspect: false, getters: true }),
		inspect(Object.getOwnPropertyDescriptors(kept), { depth: 9 }),
		JSON.stringify(structuredClone(kept)),
	];
	expect(shown.join("\n")).not.toContain(TEXT);
	expect(shown.slice(0, 2)).toEqual(["[secret]", "[secret]"]);
	expect(inspect(kept)).toBe("[secret]");
});

test("nobody can replace how a secret is revealed or shown, of one or of all", () => {
	const spy = () => "stolen";
	for (const target of [kept, Object.getPrototypeOf(kept) as object]) {
		for (const name of ["reveal", "toString", "toJSON"]) {
			expect(() => Object.assign(target, { [name]: spy })).toThrow(TypeError);
			expect(Reflect.defineProperty(target, name, { value: spy })).toBe(false);
		}
		expect(Reflect.setPrototypeOf(target, { reveal: spy })).toBe(false);
	}
	expect(secret("a").reveal()).toBe("a");
	expect(kept.reveal()).toBe(TEXT);
});
