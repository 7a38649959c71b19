import assert from "node:assert/strict";
import type { Promises } from "../opened-host.ts";

export const SETTINGS_PROMISES: Promises = {
	"reads the schema's defaults where nothing is set, and says so": async (contract) => {
		const { host, brand } = await contract.openActive();
		const { values, sources } = await host.settings.read(brand.id);

		assert.deepEqual(values, { motto: "none" });
		assert.deepEqual(sources, { motto: "schema" });
	},

	"reads what is set for a brand, of its type and there alone": async (contract) => {
		const { host, helpdesk, brand, otherBrand } = await contract.openActive();
		await helpdesk.save(brand.id, { motto: "to each", rooms: 0, quiet: false });
		const { values, sources } = await host.settings.read(brand.id);

		assert.deepEqual(values, { motto: "to each", rooms: 0, quiet: false });
		assert.deepEqual(sources, { motto: "brand", rooms: "brand", quiet: "brand" });
		assert.deepEqual((await host.settings.read(otherBrand.id)).values, { motto: "none" });
	},

	"reads what is set for all brands where a brand says nothing, and says so": async (contract) => {
		const { host, helpdesk, brand, otherBrand } = await contract.openActive();
		await helpdesk.save(undefined, { motto: "for all", greeting: "hello" });
		await helpdesk.save(brand.id, { motto: "own" });
		const own = await host.settings.read(brand.id);
		const other = await host.settings.read(otherBrand.id);

		assert.deepEqual(own.values, { motto: "own", greeting: "hello" });
		assert.deepEqual(own.sources, { motto: "brand", greeting: "default" });
		assert.deepEqual(other.values, { motto: "for all", greeting: "hello" });
		assert.deepEqual(other.sources, { motto: "default", greeting: "default" });
	},

	"inherits again when a brand's value is removed": async (contract) => {
		const { host, helpdesk, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { motto: "own", greeting: "hello" });
		await helpdesk.save(brand.id, { motto: null, greeting: null });
		const { values, sources } = await host.settings.read(brand.id);

		assert.deepEqual(values, { motto: "none" });
		assert.deepEqual(sources, { motto: "schema" });
	},

	"keeps settings that are not named when others are saved": async (contract) => {
		const { host, helpdesk, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { motto: "own", greeting: "hello" });
		await helpdesk.save(brand.id, { greeting: "good day" });

		assert.deepEqual((await host.settings.read(brand.id)).values, {
			motto: "own",
			greeting: "good day",
		});
	},

	"is switched on and off brand by brand": async (contract) => {
		const { host, helpdesk, brand, otherBrand } = await contract.openActive();
		const enabled = async () =>
			Promise.all(
				[brand, otherBrand].map(async ({ id }) => (await host.settings.read(id)).enabled),
			);
		const states = [await enabled()];
		await helpdesk.enable(brand.id, true);
		states.push(await enabled());
		await helpdesk.enable(brand.id, false);
		states.push(await enabled());

		assert.deepEqual(states, [
			[false, false],
			[true, false],
			[false, false],
		]);
	},

	"has another version of a brand's settings after every change, secrets and the defaults of all brands among them":
		async (contract) => {
			const { host, helpdesk, brand } = await contract.openActive();
			const changes = [
				() => helpdesk.save(brand.id, { motto: "own" }),
				() => helpdesk.save(brand.id, { key: "one" }),
				() => helpdesk.save(brand.id, { key: "two" }),
				() => helpdesk.save(brand.id, { key: null }),
				() => helpdesk.save(undefined, { greeting: "hello" }),
				() => helpdesk.save(undefined, { spare: "one" }),
				() => helpdesk.enable(brand.id, true),
				() => helpdesk.save(brand.id, { motto: null }),
			];
			const versions = [(await host.settings.read(brand.id)).version];
			for (const change of changes) {
				await change();
				versions.push((await host.settings.read(brand.id)).version);
			}

			assert.equal(new Set(versions).size, changes.length + 1, versions.join());
		},

	"has the same version of a brand's settings as long as nothing changes": async (contract) => {
		const { host, helpdesk, clock, brand } = await contract.openActive();
		await helpdesk.save(brand.id, { motto: "own", key: "one" });
		const { version } = await host.settings.read(brand.id);
		clock.advance(60_000);

		assert.equal((await host.settings.read(brand.id)).version, version);
	},
};
