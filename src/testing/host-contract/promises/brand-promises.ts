import assert from "node:assert/strict";
import type { HostPromises } from "../opened-host.ts";

export const BRAND_PROMISES: HostPromises = {
	"find returns each brand that list returns": async (opener) => {
		const { host, brands } = await opener.open();
		const listed = await host.brands.list();
		const found = await Promise.all(listed.map(({ id }) => host.brands.find(id)));

		assert.deepEqual(found, listed);
		const ids = listed.map(({ id }) => id);
		assert.ok(brands.every(({ id }) => ids.includes(id)));
		assert.equal(new Set(ids).size, ids.length);
	},

	"find returns no brand for an unknown id": async (opener) => {
		const { host, brand } = await opener.open();

		for (const id of ["", "nobody", `${brand.id} `, "constructor", "__proto__"]) {
			assert.equal(await host.brands.find(id), undefined, id);
		}
	},

	"A brand's base URL is an origin, and its callback URL lies below it": async (opener) => {
		const { brands } = await opener.open();

		for (const { id, baseUrl, callbackUrl } of brands) {
			assert.equal(new URL(baseUrl).origin, baseUrl, id);
			assert.equal(new URL(callbackUrl).origin, baseUrl, id);
			assert.equal(
				new URL(callbackUrl).search,
				"",
				"a callback URL must have no query, because providers refuse one",
			);
		}
		assert.equal(new Set(brands.map(({ callbackUrl }) => callbackUrl)).size, brands.length);
	},

	"A brand's routes are different paths of its portal": async (opener) => {
		const { brand } = await opener.open();
		const { startPath, continuePath, loginPath, baseUrl, callbackUrl } = brand;
		const paths = [startPath, continuePath, loginPath];

		for (const path of paths) {
			assert.equal(new URL(path, baseUrl).href, `${baseUrl}${path}`, path);
		}
		assert.equal(new Set([...paths, new URL(callbackUrl).pathname]).size, 4);
	},

	"A brand has a language, a name and links to its privacy policy and terms": async (opener) => {
		const { brand } = await opener.open();

		assert.deepEqual(Intl.getCanonicalLocales(brand.locale).length, 1);
		assert.notEqual(brand.name, "");
		assert.equal(brand.registrationOpen, true);
		for (const url of [brand.privacyPolicyUrl, brand.termsUrl]) {
			assert.match(new URL(url).protocol, /^https?:$/);
		}
	},
};
