import { satisfies, validRange } from "semver";
import manifestSchema from "../contract/manifest.schema.json" with { type: "json" };
import { CONTRACT_VERSION, type Manifest } from "../contract/manifest.ts";
import type { Locales } from "../contract/plugin.ts";
import dialect from "../contract/settings-schema.schema.json" with { type: "json" };
import type { SettingsSchema } from "../contract/settings-schema.ts";
import { compileSchema, problemsOf } from "./json-schema.ts";
import { PluginError, type PluginErrorCode } from "./plugin-error.ts";

type Locale = Readonly<Record<string, string>>;

/** A plugin's artifact, read and checked, its code not yet run. */
export interface PluginPackage {
	readonly manifest: Manifest;
	readonly settingsSchema: SettingsSchema;
	/** By BCP 47 tag. All have the keys and placeholders of the default one. */
	readonly locales: Locales;
	/** SVG. */
	readonly icon: string;
	readonly main: Uint8Array;
}

const checkManifest = compileSchema(manifestSchema);
const checkDialect = compileSchema(dialect);
const checkLocale = compileSchema({ type: "object", additionalProperties: { type: "string" } });

/**
 * @param nodeVersion of the process that would run it.
 * @throws PluginError naming every fault of the first file that has any.
 */
export function readPlugin(
	files: ReadonlyMap<string, Uint8Array>,
	nodeVersion: string,
): PluginPackage {
	const manifest = readJson(files, "plugin.json", checkManifest, "invalid-manifest") as Manifest;
	refuseOtherEngines(manifest, nodeVersion);
	const settingsSchema = readSettingsSchema(files, manifest.settingsSchema);
	const locales = readLocales(files, manifest);
	refuseMissingTexts(manifest, settingsSchema, locales);
	return {
		manifest,
		settingsSchema,
		locales,
		icon: new TextDecoder().decode(fileOf(files, manifest.icon)),
		main: fileOf(files, manifest.main),
	};
}

function refuseOtherEngines({ engines }: Manifest, nodeVersion: string): void {
	const problems = [
		["contract", engines.contract, CONTRACT_VERSION],
		["node", engines.node, nodeVersion],
	].flatMap(([name = "", range = "", version = ""]) => {
		if (validRange(range) === null) {
			return [`plugin.json: engines.${name} "${range}" is not a range of versions`];
		}
		return satisfies(version, range)
			? []
			: [`it needs ${name} ${range}, but this helpdesk has ${version}`];
	});
	if (problems.length > 0) {
		throw new PluginError("incompatible", { problems: problems });
	}
}

function readSettingsSchema(files: ReadonlyMap<string, Uint8Array>, name: string): SettingsSchema {
	const schema = readJson(files, name, checkDialect, "invalid-settings-schema") as SettingsSchema;
	try {
		compileSchema(schema);
	} catch (cause) {
		const detail = cause instanceof Error ? cause.message : String(cause);
		throw new PluginError("invalid-settings-schema", { problems: [`${name}: ${detail}`], cause });
	}
	const unknown = (schema.required ?? []).filter((required) => !(required in schema.properties));
	if (unknown.length > 0) {
		throw new PluginError("invalid-settings-schema", {
			problems: [`${name}: "required" names ${unknown.join(", ")}, which is no setting`],
		});
	}
	const dangling = Object.entries(schema.properties).flatMap(([setting, { onlyWith }]) => {
		const options = onlyWith && schema.properties[onlyWith.setting]?.enum;
		const known = onlyWith?.values.every((value) => options?.includes(value)) ?? true;
		return known ? [] : [`${name}: "onlyWith" of ${setting} names no setting with these values`];
	});
	if (dangling.length > 0) {
		throw new PluginError("invalid-settings-schema", { problems: dangling });
	}
	return schema;
}

function readLocales(
	files: ReadonlyMap<string, Uint8Array>,
	{ locales: { directory, default: fallback } }: Manifest,
): ReadonlyMap<string, Locale> {
	const locales = new Map<string, Locale>();
	for (const name of files.keys()) {
		const tag = /^([^/]+)\/([A-Za-z0-9-]+)\.json$/.exec(name);
		if (tag?.[1] === directory && tag[2] !== undefined) {
			locales.set(tag[2], readJson(files, name, checkLocale, "invalid-locale") as Locale);
		}
	}
	const model = locales.get(fallback);
	if (model === undefined) {
		throw new PluginError("missing-file", {
			problems: [`${directory}/${fallback}.json, the default locale`],
		});
	}
	const problems = [...locales].flatMap(([tag, locale]) =>
		differences(model, locale).map((problem) => `${directory}/${tag}.json: ${problem}`),
	);
	if (problems.length > 0) {
		throw new PluginError("invalid-locale", { problems: problems });
	}
	return locales;
}

function differences(model: Locale, locale: Locale): string[] {
	const missing = Object.keys(model).filter((key) => !(key in locale));
	const extra = Object.keys(locale).filter((key) => !(key in model));
	const unequal = Object.entries(model).filter(
		([key, text]) => key in locale && placeholders(text) !== placeholders(locale[key] ?? ""),
	);
	return [
		...missing.map((key) => `"${key}" is missing`),
		...extra.map((key) => `"${key}" is not in the default locale`),
		...unequal.map(([key]) => `"${key}" has other placeholders than the default locale`),
	];
}

function placeholders(text: string): string {
	return [...new Set(text.match(/\{\w+\}/g))].sort().join();
}

function refuseMissingTexts(
	{ texts, linkFile, locales: { default: fallback } }: Manifest,
	schema: SettingsSchema,
	locales: ReadonlyMap<string, Locale>,
): void {
	const settings = Object.entries(schema.properties).flatMap(([name, setting]) => [
		`settings.${name}.label`,
		`settings.${name}.help`,
		...(setting.enum ?? []).map((value) => `settings.${name}.option.${value}`),
	]);
	const wanted = [
		texts.description,
		texts.privacy,
		...(texts.privacyPolicy === undefined ? [] : [texts.privacyPolicy]),
		...texts.prerequisites,
		...texts.steps,
		...(linkFile ? [linkFile.help] : []),
		...settings,
	];
	const missing = wanted.filter((key) => !(key in (locales.get(fallback) ?? {})));
	if (missing.length > 0) {
		throw new PluginError("invalid-locale", {
			problems: missing.map((key) => `"${key}" is used but in no locale`),
		});
	}
}

function readJson(
	files: ReadonlyMap<string, Uint8Array>,
	name: string,
	check: ReturnType<typeof compileSchema>,
	code: PluginErrorCode,
): unknown {
	let value: unknown;
	try {
		value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fileOf(files, name)));
	} catch (cause) {
		if (cause instanceof PluginError) {
			throw cause;
		}
		throw new PluginError(code, { problems: [`${name} is not JSON in UTF-8`], cause });
	}
	if (!check(value)) {
		throw new PluginError(code, {
			problems: problemsOf(check).map((problem) => `${name}: ${problem}`),
		});
	}
	return value;
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
	const file = files.get(name);
	if (file === undefined) {
		throw new PluginError("missing-file", { problems: [name] });
	}
	return file;
}
