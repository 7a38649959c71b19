import assert from "node:assert/strict";
import type { Promises } from "../opened-host.ts";

export const BRAND_PROMISES: Promises = {
	"finds each brand that it lists": async (contract) => {
		const { host, brand, otherBrand } = await contract.open();
		const listed = await host.brands.list();
		const found = await Promise.all(listed.map(({ id }) => host.brands.find(id)));

		assert.deepEqual(found, listed);
		const ids = listed.map(({ id }) => id);
		assert.ok(ids.includes(brand.id) && ids.includes(otherBrand.id));
		assert.equal(new Set(ids).size, ids.length);
	},

	"finds no brand by an id that is none": async (contract) => {
		const { host, brand } = await contract.open();

		for (const id of ["", "nobody", `${brand.id} `, "constructor", "__proto__"]) {
			assert.equal(await host.brands.find(id), undefined, id);
		}
	},

	"gives brands whose base URL is an origin and whose callback URL is below it": async (
		contract,
	) => {
		const { brand, otherBrand } = await contract.open();

		for (const { id, baseUrl, callbackUrl } of [brand, otherBrand]) {
			assert.equal(new URL(baseUrl).origin, baseUrl, id);
			assert.equal(new URL(callbackUrl).origin, baseUrl, id);
			assert.equal(new URL(callbackUrl).search, "", "providers refuse callback URLs with a query");
		}
		assert.notEqual(brand.callbackUrl, otherBrand.callbackUrl);
	},

	"gives brands whose routes are paths of the portal, each its own": async (contract) => {
		const { brand } = await contract.open();
		const { startPath, continuePath, loginPath, baseUrl, callbackUrl } = brand;
		const paths = [startPath, continuePath, loginPath];

		for (const path of paths) {
			assert.equal(new URL(path, baseUrl).href, `${baseUrl}${path}`, path);
		}
		assert.equal(new Set([...paths, new URL(callbackUrl).pathname]).size, 4);
	},

	"gives brands with a language, a name and what the law wants": async (contract) => {
		const { brand } = await contract.open();

		assert.deepEqual(Intl.getCanonicalLocales(brand.locale).length, 1);
		assert.notEqual(brand.name, "");
		assert.equal(brand.registrationOpen, true);
		for (const url of [brand.privacyPolicyUrl, brand.termsUrl]) {
			assert.match(new URL(url).protocol, /^https?:$/);
		}
	},
};
