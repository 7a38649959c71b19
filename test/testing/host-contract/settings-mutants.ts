import type { Secret } from "../../../src/contract/secret.ts";
import type { BrandSettings } from "../../../src/contract/settings.ts";
import type { PortMutant, PortMutants } from "./port-mutant.ts";

const reading = (
	breaks: readonly string[],
	change: (settings: BrandSettings, brandId: string) => Partial<BrandSettings>,
): PortMutant => ({
	breaks,
	ports: ({ settings }) => ({
		settings: {
			read: async (brandId) => {
				const read = await settings.read(brandId);
				return { ...read, ...change(read, brandId) };
			},
		},
	}),
});

const withSources = (
	{ sources }: BrandSettings,
	change: (source: string) => string,
): BrandSettings["sources"] => {
	const changed = Object.entries(sources).map(([name, source]) => [name, change(source)]);
	return Object.fromEntries(changed);
};

let reads = 0;

export const SETTINGS_MUTANTS: PortMutants = {
	"takes the schema's defaults for an administrator's": reading(
		[
			"An unset setting has the schema's default and names its source",
			"A brand that removes its setting inherits again",
		],
		(settings) => ({
			sources: withSources(settings, (source) => (source === "schema" ? "default" : source)),
		}),
	),

	"shows every brand the settings of the first": {
		breaks: ["A setting of a brand applies to this brand only"],
		ports: ({ settings }) => ({
			settings: {
				read: async (brandId) => {
					const own = await settings.read(brandId);
					const { motto } = (await settings.read("first")).values;
					return motto === "to each" ? { ...own, values: { ...own.values, motto } } : own;
				},
			},
		}),
	},

	"takes 0 and false for unset": reading(
		["A setting of a brand keeps its type and names its source"],
		({ values }) => ({
			values: Object.fromEntries(Object.entries(values).filter(([, value]) => value)),
		}),
	),

	"takes inherited settings for the brand's own": reading(
		["A brand without its own setting has that of all brands and names its source"],
		(settings) => ({
			sources: withSources(settings, (source) => (source === "default" ? "brand" : source)),
		}),
	),

	"keeps an empty text in the place of a removed value": {
		breaks: ["A brand that removes its setting inherits again"],
		handling: ({ save }) => ({
			save: (brandId, { motto, ...settings }) =>
				save(brandId, motto === undefined ? settings : { ...settings, motto: motto ?? "" }),
		}),
	},

	"requires a setting that is of no use": reading(
		["A brand can be switched on without a required setting that is of no use there"],
		({ enabled, values }) => ({
			enabled: enabled && (values["tone"] === undefined || values["title"] !== undefined),
		}),
	),

	"drops a setting that is of no use": {
		breaks: ["A setting keeps its value while it is of no use"],
		handling: ({ save }) => ({
			save: (brandId, settings) =>
				save(brandId, settings["tone"] === "plain" ? { ...settings, title: null } : settings),
		}),
	},

	"drops settings that are not named": {
		breaks: ["Saving settings keeps the settings that are not named"],
		handling: ({ save }) => ({
			save: (brandId, settings) =>
				save(brandId, { motto: null, greeting: null, rooms: null, quiet: null, ...settings }),
		}),
	},

	"is always on": reading(["Each brand is switched on and off by itself"], () => ({
		enabled: true,
	})),

	"ignores changes of a secret in the version": reading(
		["Every change of a setting or secret changes the version of the brand's settings"],
		({ values, enabled }) => ({ version: JSON.stringify([values, enabled]) }),
	),

	"returns a new version for every reading": reading(
		["The version of a brand's settings stays the same while nothing changes"],
		() => {
			reads += 1;
			return { version: String(reads) };
		},
	),
};

const printable = (secret: Secret): Secret => {
	const text = secret.reveal();
	return Object.assign(Object.create(null), {
		reveal: () => text,
		toString: () => text,
		toJSON: () => text,
	});
};

export const SECRET_MUTANTS: PortMutants = {
	"has secrets that are not set": {
		breaks: ["The secrets port returns a secret that is set"],
		ports: ({ secrets }) => ({
			secrets: {
				get: (brandId, name) => secrets.get(brandId, name),
				has: async (brandId, name) => name === "spare" || secrets.has(brandId, name),
			},
		}),
	},

	"has one secret for all brands": {
		breaks: ["The secrets port returns a secret to its own brand only"],
		ports: ({ secrets }) => ({
			secrets: {
				has: (brandId, name) => secrets.has(brandId, name),
				get: async (brandId, name) =>
					(await secrets.get(brandId, name)) ??
					(await secrets.get("first", name)) ??
					secrets.get("second", name),
			},
		}),
	},

	"inherits no secret": {
		breaks: ["A brand inherits a secret that is set for all brands"],
		handling: ({ save }) => ({
			save: (brandId, settings) => {
				const { key, spare, ...visible } = settings;
				return save(brandId, brandId === undefined ? visible : settings);
			},
		}),
	},

	"drops a secret whose field is left empty": {
		breaks: ["Saving settings keeps the secrets that are not named"],
		handling: ({ save }) => ({
			save: (brandId, settings) =>
				save(brandId, brandId === undefined ? settings : { key: null, ...settings }),
		}),
	},

	"keeps the first secret forever": {
		breaks: ["A new value replaces a secret"],
		handling: ({ save }) => {
			const known = new Set<string | undefined>();
			return {
				save: (brandId, { key, ...settings }) => {
					const isNew = typeof key === "string" && !known.has(brandId);
					if (isNew) {
						known.add(brandId);
					}
					return save(brandId, isNew || key === null ? { ...settings, key } : settings);
				},
			};
		},
	},

	"removes no secret": {
		breaks: ["A removed secret is gone"],
		handling: ({ save }) => ({
			save: (brandId, settings) => {
				const kept = Object.entries(settings).filter(
					([name, value]) => name !== "key" || value !== null,
				);
				return save(brandId, Object.fromEntries(kept));
			},
		}),
	},

	"returns secrets with the settings": {
		breaks: ["Settings contain no secret"],
		ports: ({ settings, secrets }) => ({
			settings: {
				read: async (brandId) => {
					const { values, ...read } = await settings.read(brandId);
					const key = (await secrets.get(brandId, "key"))?.reveal();
					return { ...read, values: { ...values, ...(key !== undefined && { key }) } };
				},
			},
		}),
	},

	"returns secrets that print": {
		breaks: ["A secret does not print"],
		ports: ({ secrets }) => ({
			secrets: {
				has: (brandId, name) => secrets.has(brandId, name),
				get: async (brandId, name) => {
					const secret = await secrets.get(brandId, name);
					return secret && printable(secret);
				},
			},
		}),
	},

	"looks names up in a plain object": {
		breaks: ["An unknown name has no secret"],
		ports: ({ secrets }) => ({
			secrets: {
				get: (brandId, name) => secrets.get(brandId, name),
				has: async (brandId, name) => name in {} || secrets.has(brandId, name),
			},
		}),
	},
};
