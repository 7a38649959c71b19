import assert from "node:assert/strict";
import { type HostPromises, needing, secondBrand } from "../opened-host.ts";

export const SETTINGS_PROMISES: HostPromises = {
	"An unset setting has the schema's default and names its source": async (opener) => {
		const { host, brand } = await opener.openActive();
		const { values, sources } = await host.settings.read(brand.id);

		assert.deepEqual(values, { motto: "none" });
		assert.deepEqual(sources, { motto: "schema" });
	},

	"A setting of a brand keeps its type and names its source": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { motto: "to each", rooms: 0, quiet: false });
		const { values, sources } = await host.settings.read(brand.id);

		assert.deepEqual(values, { motto: "to each", rooms: 0, quiet: false });
		assert.deepEqual(sources, { motto: "brand", rooms: "brand", quiet: "brand" });
	},

	"A setting of a brand applies to this brand only": needing("second-brand", async (opener) => {
		const opened = await opener.openActive();
		const { host, helpdesk, brand } = opened;
		await helpdesk.save(brand.id, { motto: "to each" });

		const other = await host.settings.read(secondBrand(opened).id);
		assert.deepEqual(other.values, { motto: "none" });
	}),

	"A brand without its own setting has that of all brands and names its source": needing(
		"second-brand",
		async (opener) => {
			const opened = await opener.openActive();
			const { host, helpdesk, brand } = opened;
			await helpdesk.save(undefined, { motto: "for all", greeting: "hello" });
			await helpdesk.save(brand.id, { motto: "own" });
			const own = await host.settings.read(brand.id);
			const other = await host.settings.read(secondBrand(opened).id);

			assert.deepEqual(own.values, { motto: "own", greeting: "hello" });
			assert.deepEqual(own.sources, { motto: "brand", greeting: "default" });
			assert.deepEqual(other.values, { motto: "for all", greeting: "hello" });
			assert.deepEqual(other.sources, { motto: "default", greeting: "default" });
		},
	),

	"A brand that removes its setting inherits again": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { motto: "own", greeting: "hello" });
		await helpdesk.save(brand.id, { motto: null, greeting: null });
		const { values, sources } = await host.settings.read(brand.id);

		assert.deepEqual(values, { motto: "none" });
		assert.deepEqual(sources, { motto: "schema" });
	},

	"Saving settings keeps the settings that are not named": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { motto: "own", greeting: "hello" });
		await helpdesk.save(brand.id, { greeting: "good day" });

		assert.deepEqual((await host.settings.read(brand.id)).values, {
			motto: "own",
			greeting: "good day",
		});
	},

	"Each brand is switched on and off by itself": async (opener) => {
		const { host, helpdesk, brand, brands } = await opener.openActive();
		const enabled = async () =>
			Promise.all(brands.map(async ({ id }) => (await host.settings.read(id)).enabled));
		const states = [await enabled()];
		await helpdesk.enable(brand.id, true);
		states.push(await enabled());
		await helpdesk.enable(brand.id, false);
		states.push(await enabled());

		const off = brands.map(() => false);
		assert.deepEqual(states, [off, [true, ...off.slice(1)], off]);
	},

	"Every change of a setting or secret changes the version of the brand's settings": async (
		opener,
	) => {
		const { host, helpdesk, brand, brands } = await opener.openActive();
		const ofAllBrands = brands.length === 1 ? brand.id : undefined;
		const changes = [
			() => helpdesk.save(brand.id, { motto: "own" }),
			() => helpdesk.save(brand.id, { key: "one" }),
			() => helpdesk.save(brand.id, { key: "two" }),
			() => helpdesk.save(brand.id, { key: null }),
			() => helpdesk.save(ofAllBrands, { greeting: "hello" }),
			() => helpdesk.save(ofAllBrands, { spare: "one" }),
			() => helpdesk.enable(brand.id, true),
			() => helpdesk.save(brand.id, { motto: null }),
		];
		const versions = [(await host.settings.read(brand.id)).version];
		for (const change of changes) {
			await change();
			versions.push((await host.settings.read(brand.id)).version);
		}

		// A helpdesk may know a version by what is set: two changes that undo each other lead back to it.
		for (const [index, version] of versions.slice(1).entries()) {
			assert.notEqual(version, versions[index], `change ${index + 1}: ${versions.join()}`);
		}
	},

	"The version of a brand's settings stays the same while nothing changes": async (opener) => {
		const { host, helpdesk, clock, brand } = await opener.openActive();
		await helpdesk.save(brand.id, { motto: "own", key: "one" });
		const { version } = await host.settings.read(brand.id);
		clock.advance(60_000);

		assert.equal((await host.settings.read(brand.id)).version, version);
	},
};

export const CONDITIONAL_SETTING_PROMISES: HostPromises = {
	"A brand can be switched on without a required setting that is of no use there": async (
		opener,
	) => {
		const { host, helpdesk, brand } = await opener.openActive({ conditional: true });
		await helpdesk.enable(brand.id, true);

		assert.equal((await host.settings.read(brand.id)).enabled, true);
	},

	"A setting keeps its value while it is of no use": async (opener) => {
		const { host, helpdesk, brand } = await opener.openActive({ conditional: true });
		await helpdesk.save(brand.id, { tone: "formal", title: "Doctor" });
		await helpdesk.save(brand.id, { tone: "plain" });
		await helpdesk.save(brand.id, { tone: "formal" });

		assert.equal((await host.settings.read(brand.id)).values["title"], "Doctor");
	},
};
