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
			"reads the schema's defaults where nothing is set, and says so",
			"inherits again when a brand's value is removed",
		],
		(settings) => ({
			sources: withSources(settings, (source) => (source === "schema" ? "default" : source)),
		}),
	),

	"takes 0 and false for nothing": reading(
		["reads what is set for a brand, of its type and there alone"],
		({ values }) => ({
			values: Object.fromEntries(Object.entries(values).filter(([, value]) => value)),
		}),
	),

	"takes what is inherited for the brand's own": reading(
		["reads what is set for all brands where a brand says nothing, and says so"],
		(settings) => ({
			sources: withSources(settings, (source) => (source === "default" ? "brand" : source)),
		}),
	),

	"keeps an empty text where a value is removed": {
		breaks: ["inherits again when a brand's value is removed"],
		handling: ({ save }) => ({
			save: (brandId, { motto, ...settings }) =>
				save(brandId, motto === undefined ? settings : { ...settings, motto: motto ?? "" }),
		}),
	},

	"drops settings that are not named": {
		breaks: ["keeps settings that are not named when others are saved"],
		handling: ({ save }) => ({
			save: (brandId, settings) =>
				save(brandId, { motto: null, greeting: null, rooms: null, quiet: null, ...settings }),
		}),
	},

	"is always on": reading(["is switched on and off brand by brand"], () => ({ enabled: true })),

	"counts no change of a secret": reading(
		[
			"has another version of a brand's settings after every change, secrets and the defaults of all brands among them",
		],
		({ values, enabled }) => ({ version: JSON.stringify([values, enabled]) }),
	),

	"gives every reading a version of its own": reading(
		["has the same version of a brand's settings as long as nothing changes"],
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
	"has one secret for all brands": {
		breaks: ["gives a secret by brand and name, and to no other brand"],
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
		breaks: ["inherits a secret that is set for all brands"],
		handling: ({ save }) => ({
			save: (brandId, settings) => {
				const { key, spare, ...visible } = settings;
				return save(brandId, brandId === undefined ? visible : settings);
			},
		}),
	},

	"drops a secret whose field is left empty": {
		breaks: ["keeps a secret that is not named when settings are saved"],
		handling: ({ save }) => ({
			save: (brandId, settings) =>
				save(brandId, brandId === undefined ? settings : { key: null, ...settings }),
		}),
	},

	"keeps the first secret for ever": {
		breaks: ["replaces a secret that is typed anew"],
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
		breaks: ["forgets a secret that is removed"],
		handling: ({ save }) => ({
			save: (brandId, settings) => {
				const kept = Object.entries(settings).filter(
					([name, value]) => name !== "key" || value !== null,
				);
				return save(brandId, Object.fromEntries(kept));
			},
		}),
	},

	"lists secrets with the settings": {
		breaks: ["lists no secret among the settings"],
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

	"gives secrets as objects that print": {
		breaks: ["gives secrets that do not print"],
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
		breaks: ["knows no secret by a name that is none"],
		ports: ({ secrets }) => ({
			secrets: {
				get: (brandId, name) => secrets.get(brandId, name),
				has: async (brandId, name) => name in {} || secrets.has(brandId, name),
			},
		}),
	},
};
