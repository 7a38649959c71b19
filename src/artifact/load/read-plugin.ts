import type { Manifest } from "../../contract/manifest.ts";
import type { Locales } from "../../contract/plugin.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";
import { type Finding, finding } from "../finding.ts";
import { refuseErrors } from "../plugin-error.ts";
import { checkTexts, readLocales } from "./read-locales.ts";
import { checkEngines, readManifest } from "./read-manifest.ts";
import { type LoadedSettingsPage, readSettingsPage } from "./read-settings-page.ts";
import { readSettingsSchema } from "./read-settings-schema.ts";

/** A plugin's artifact, read and checked. Its code has not been run. */
export interface PluginPackage {
	readonly manifest: Manifest;
	readonly settingsSchema: SettingsSchema;
	/** Left out where the plugin has none. */
	readonly settingsPage?: LoadedSettingsPage | undefined;
	/** The texts, by BCP 47 tag. All locales have the keys and placeholders of the default locale. */
	readonly locales: Locales;
	/** SVG. */
	readonly icon: string;
	readonly main: Uint8Array;
}

/** The parts of a plugin that could be read, and the reasons why a helpdesk cannot use it. */
export interface InspectedPlugin {
	readonly manifest: Manifest | undefined;
	readonly settingsSchema: SettingsSchema | undefined;
	readonly settingsPage: LoadedSettingsPage | undefined;
	readonly icon: Uint8Array | undefined;
	readonly main: Uint8Array | undefined;
	readonly locales: Locales | undefined;
	readonly findings: readonly Finding[];
}

/** @param nodeVersion the version of the Node that would run it. Undefined: any version will do. */
export function inspectPlugin(
	files: ReadonlyMap<string, Uint8Array>,
	nodeVersion?: string,
): InspectedPlugin {
	const findings: Finding[] = [];
	const report = (found: Finding): void => {
		findings.push(found);
	};
	const manifest = readManifest(files, report);
	if (manifest === undefined) {
		const nothing = { settingsSchema: undefined, settingsPage: undefined, locales: undefined };
		return { manifest, ...nothing, icon: undefined, main: undefined, findings };
	}
	checkEngines(manifest, nodeVersion, report);
	const settingsSchema = readSettingsSchema(files, manifest.settingsSchema, report);
	const settingsPage = readSettingsPage(files, settingsSchema, report);
	const locales = readLocales(files, manifest, report);
	if (locales !== undefined) {
		checkTexts(manifest, { settingsSchema, settingsPage }, locales, report);
	}
	for (const file of new Set([manifest.icon, manifest.main])) {
		if (!files.has(file)) {
			report(finding("missing-file", "plugin.json names this file, and it is missing", { file }));
		}
	}
	const [icon, main] = [files.get(manifest.icon), files.get(manifest.main)];
	return { manifest, settingsSchema, settingsPage, icon, main, locales, findings };
}

/**
 * @param nodeVersion the version of the Node that would run it.
 * @throws PluginError that names every problem.
 */
export function readPlugin(
	files: ReadonlyMap<string, Uint8Array>,
	nodeVersion: string,
): PluginPackage {
	const { findings, icon, main, ...rest } = inspectPlugin(files, nodeVersion);
	refuseErrors(findings);
	const { manifest, settingsSchema, settingsPage, locales } = rest;
	if (!manifest || !settingsSchema || !locales || !icon || !main) {
		throw new Error("a plugin without a finding has all its parts");
	}
	const texts = { locales, icon: new TextDecoder().decode(icon) };
	return { manifest, settingsSchema, settingsPage, ...texts, main };
}
