import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { Promises } from "../opened-host.ts";

const CANARY = "canary-of-the-host-contract";

export const SECRET_PROMISES: Promises = {
	"gives a secret by brand and name, and to no other brand": async (contract) => {
		const { host, helpdesk, brand, otherBrand } = await contract.openActive();
		const { secrets } = host;
		await helpdesk.save(brand.id, { key: CANARY });

		assert.equal((await secrets.get(brand.id, "key"))?.reveal(), CANARY);
		assert.equal(await secrets.has(brand.id, "key"), true);
		assert.equal(await secrets.get(brand.id, "spare"), undefined);
		assert.equal(await secrets.has(brand.id, "spare"), false);
		assert.equal(await secrets.get(otherBrand.id, "key"), undefined);
		assert.equal(await secrets.has(otherBrand.id, "key"), false);
	},

	"inherits a secret that is set for all brands": async (contract) => {
		const { host, helpdesk, brand, otherBrand } = await contract.openActive();
		await helpdesk.save(undefined, { key: "for all" });
		await helpdesk.save(brand.id, { key: "own" });

		assert.equal((await host.secrets.get(brand.id, "key"))?.reveal(), "own");
		assert.equal((await host.secrets.get(otherBrand.id, "key"))?.reveal(), "for all");
		assert.equal(await host.secrets.has(otherBrand.id, "key"), true);
	},

	"keeps a secret that is not named when settings are saved": async (contract) => {
		const { host, helpdesk, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { key: CANARY });
		await helpdesk.save(brand.id, { motto: "own" });
		await helpdesk.save(brand.id, { spare: "another" });

		assert.equal((await host.secrets.get(brand.id, "key"))?.reveal(), CANARY);
	},

	"replaces a secret that is typed anew": async (contract) => {
		const { host, helpdesk, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { key: "old" });
		await helpdesk.save(brand.id, { key: "new" });

		assert.equal((await host.secrets.get(brand.id, "key"))?.reveal(), "new");
	},

	"forgets a secret that is removed": async (contract) => {
		const { host, helpdesk, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { key: CANARY, spare: "another" });
		await helpdesk.save(brand.id, { key: null });

		assert.equal(await host.secrets.get(brand.id, "key"), undefined);
		assert.equal(await host.secrets.has(brand.id, "key"), false);
		assert.equal(await host.secrets.has(brand.id, "spare"), true);
	},

	"lists no secret among the settings": async (contract) => {
		const { host, helpdesk, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { key: CANARY, motto: "own" });
		const settings = await host.settings.read(brand.id);

		assert.deepEqual(Object.keys(settings.values), ["motto"]);
		assert.deepEqual(Object.keys(settings.sources), ["motto"]);
		assert.ok(!JSON.stringify(settings).includes(CANARY));
	},

	"gives secrets that do not print": async (contract) => {
		const { host, helpdesk, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { key: CANARY });
		const secret = await host.secrets.get(brand.id, "key");

		const printed = [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { depth: 9 })];
		assert.ok(!printed.join().includes(CANARY), printed.join());
		assert.equal(`${secret}`, "[secret]");
	},

	"knows no secret by a name that is none": async (contract) => {
		const { host, helpdesk, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { motto: "own", key: CANARY });

		for (const name of ["motto", "nothing", "", "constructor", "toString", "__proto__"]) {
			assert.equal(await host.secrets.get(brand.id, name), undefined, name);
			assert.equal(await host.secrets.has(brand.id, name), false, name);
		}
	},
};
