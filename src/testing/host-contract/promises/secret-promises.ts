import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type HostPromises, needing, secondBrand } from "../opened-host.ts";

const CANARY = "canary-of-the-host-contract";

export const SECRET_PROMISES: HostPromises = {
	"The secrets port returns a secret that is set": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		const { secrets } = host;
		await helpdesk.save(brand.id, { key: CANARY });

		assert.equal((await secrets.get(brand.id, "key"))?.reveal(), CANARY);
		assert.equal(await secrets.has(brand.id, "key"), true);
		assert.equal(await secrets.get(brand.id, "spare"), undefined);
		assert.equal(await secrets.has(brand.id, "spare"), false);
	},

	"The secrets port returns a secret to its own brand only": needing(
		"second-brand",
		async (opener) => {
			const opened = await opener.openActive();
			const { secrets } = opened.host;
			const otherBrand = secondBrand(opened);
			await opened.helpdesk.save(opened.brand.id, { key: CANARY });

			assert.equal(await secrets.get(otherBrand.id, "key"), undefined);
			assert.equal(await secrets.has(otherBrand.id, "key"), false);
		},
	),

	"A brand inherits a secret that is set for all brands": needing(
		"second-brand",
		async (opener) => {
			const opened = await opener.openActive();
			const { host, helpdesk, brand } = opened;
			const otherBrand = secondBrand(opened);
			await helpdesk.save(undefined, { key: "for all" });
			await helpdesk.save(brand.id, { key: "own" });

			assert.equal((await host.secrets.get(brand.id, "key"))?.reveal(), "own");
			assert.equal((await host.secrets.get(otherBrand.id, "key"))?.reveal(), "for all");
			assert.equal(await host.secrets.has(otherBrand.id, "key"), true);
		},
	),

	"Saving settings keeps the secrets that are not named": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { key: CANARY });
		await helpdesk.save(brand.id, { motto: "own" });
		await helpdesk.save(brand.id, { spare: "another" });

		assert.equal((await host.secrets.get(brand.id, "key"))?.reveal(), CANARY);
	},

	"A new value replaces a secret": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { key: "old" });
		await helpdesk.save(brand.id, { key: "new" });

		assert.equal((await host.secrets.get(brand.id, "key"))?.reveal(), "new");
	},

	"A removed secret is gone": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { key: CANARY, spare: "another" });
		await helpdesk.save(brand.id, { key: null });

		assert.equal(await host.secrets.get(brand.id, "key"), undefined);
		assert.equal(await host.secrets.has(brand.id, "key"), false);
		assert.equal(await host.secrets.has(brand.id, "spare"), true);
	},

	"Settings contain no secret": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { key: CANARY, motto: "own" });
		const settings = await host.settings.read(brand.id);

		assert.deepEqual(Object.keys(settings.values), ["motto"]);
		assert.deepEqual(Object.keys(settings.sources), ["motto"]);
		assert.ok(!JSON.stringify(settings).includes(CANARY));
	},

	"A secret does not print": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { key: CANARY });
		const secret = await host.secrets.get(brand.id, "key");

		const printed = [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { depth: 9 })];
		assert.ok(!printed.join().includes(CANARY), printed.join());
		assert.equal(`${secret}`, "[secret]");
	},

	"An unknown name has no secret": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { motto: "own", key: CANARY });

		for (const name of ["motto", "nothing", "", "constructor", "toString", "__proto__"]) {
			assert.equal(await host.secrets.get(brand.id, name), undefined, name);
			assert.equal(await host.secrets.has(brand.id, name), false, name);
		}
	},
};
