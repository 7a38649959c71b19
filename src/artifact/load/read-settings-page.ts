import type { SettingsPageLayout } from "../../contract/settings-page.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";
import { findInDrawing } from "../find-svg.ts";
import { finding, type Report } from "../finding.ts";
import { isSettingsPage } from "./contract-validators.js";
import { readJsonFile } from "./json-file.ts";

/** It has a fixed name: manifests of plugins that helpdesks of 1.0 install cannot name it. */
export const SETTINGS_PAGE = "settings-page.json";

/** The word for the place of the callback URLs. No setting has a dash in its name. */
export const CALLBACK_URL = "callback-url";

const CODE = "invalid-settings-page";
const MAX_DRAWINGS = 20;
const MAX_DRAWING_BYTES = 6_144;

/** The layout of a plugin's settings, with its drawings. */
export interface LoadedSettingsPage extends SettingsPageLayout {
	/** SVG, by file. */
	readonly drawings: ReadonlyMap<string, string>;
}

/**
 * The layout of the settings. `undefined` where the plugin has none, or one that is not valid.
 *
 * @param settingsSchema `undefined` when it is not valid.
 */
export function readSettingsPage(
	files: ReadonlyMap<string, Uint8Array>,
	settingsSchema: SettingsSchema | undefined,
	report: Report,
): LoadedSettingsPage | undefined {
	const layout = files.has(SETTINGS_PAGE)
		? readJsonFile(files, SETTINGS_PAGE, isSettingsPage, CODE, report)
		: undefined;
	if (layout === undefined) {
		return undefined;
	}
	for (const problem of problemsIn(layout, settingsSchema)) {
		report(finding(CODE, problem, { file: SETTINGS_PAGE }));
	}
	const drawings = drawingsOf(layout).map(
		(file) => [file, readDrawing(files, file, report)] as const,
	);
	return { ...layout, drawings: new Map(drawings) };
}

/** The files of the drawings, each once. */
export function drawingsOf({ guide = [] }: SettingsPageLayout): readonly string[] {
	const files = guide.flatMap(({ drawings = [] }) => drawings.map(({ file }) => file));
	return [...new Set(files)];
}

/** The keys of all texts that a layout names. */
export function textsOfPage({
	sections,
	guide = [],
	remedies = {},
}: SettingsPageLayout): readonly string[] {
	const steps = guide.flatMap(({ title, text, drawings = [] }) => [
		...[title, text],
		...drawings.flatMap(({ caption, description }) => [caption, description]),
	]);
	return [...sections.map(({ title }) => title), ...steps, ...Object.keys(remedies)];
}

function problemsIn(
	layout: SettingsPageLayout,
	settingsSchema: SettingsSchema | undefined,
): readonly string[] {
	const placed = layout.sections.flatMap(({ settings }) => settings);
	const twice = placed.filter((name, index) => placed.indexOf(name) !== index);
	const fields = Object.values(layout.remedies ?? {}).filter((place) => place !== CALLBACK_URL);
	const unknown = [...placed, ...fields].filter(
		(name) => settingsSchema && !Object.hasOwn(settingsSchema.properties, name),
	);
	const count = drawingsOf(layout).length;
	return [
		...[...new Set(twice)].map((name) => `${name} is in two sections`),
		...[...new Set(unknown)].map((name) => `it names ${name}, which is not a setting`),
		...(count > MAX_DRAWINGS ? [`it has ${count} drawings, more than ${MAX_DRAWINGS}`] : []),
	];
}

function readDrawing(files: ReadonlyMap<string, Uint8Array>, file: string, report: Report): string {
	const bytes = files.get(file);
	if (bytes === undefined) {
		report(
			finding("missing-file", `${SETTINGS_PAGE} names this file, and it is missing`, { file }),
		);
		return "";
	}
	if (bytes.length > MAX_DRAWING_BYTES) {
		const message = `it has ${bytes.length} bytes, more than ${MAX_DRAWING_BYTES}`;
		report(finding("large-drawing", message, { file }));
		return "";
	}
	const text = new TextDecoder().decode(bytes);
	findInDrawing(file, text, report);
	return text;
}
