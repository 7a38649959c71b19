import { expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";

const KEY = new Uint8Array(32).fill(7);

test("a secret that was opened once cannot be opened in another place, or after a change", async () => {
	const vault = new Vault([KEY]);
	const sealed = vault.seal(secret("of acorn"), "acorn/apiKey");
	expect(vault.open(sealed, "acorn/apiKey").reveal()).toBe("of acorn");
	expect(vault.open(sealed, "acorn/apiKey").reveal()).toBe("of acorn");

	const changed = sealed.replace(/.$/, (last) => (last === "A" ? "Q" : "A"));
	await expect(async () => vault.open(sealed, "harbor/apiKey")).rejects.toMatchObject({
		said: { key: "problem.sealed", values: { place: "harbor/apiKey" } },
	});
	expect(() => vault.open(changed, "acorn/apiKey")).toThrow("cannot be decrypted");
});

test("all secrets are opened correctly, even more than stay decrypted", () => {
	const vault = new Vault([KEY]);
	const places = Array.from({ length: 250 }, (_, index) => `brand-${index}/apiKey`);
	const sealed = places.map((place) => vault.seal(secret(`of ${place}`), place));

	for (const round of [1, 2]) {
		const opened = places.map((place, index) => vault.open(sealed[index] ?? "", place).reveal());
		expect(opened, `round ${round}`).toEqual(places.map((place) => `of ${place}`));
	}
});
