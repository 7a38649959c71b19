import { saveSettings } from "../../../add-ons/save-settings.ts";
import { ALL_BRANDS } from "../../../settings/plugin-settings.ts";
import type { Markup } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { typedIn } from "./settings-form.ts";
import {
	SAVE_AND_TEST,
	type SettingsPage,
	type SettingsPlace,
	settingsPage,
} from "./settings-page.ts";
import { RESULT_ID } from "./settings-result.ts";

export interface SettingsParts {
	readonly show: ShowPage;
	readonly doneMessage: (c: AdminContext) => Promise<Markup>;
}

const { integrations: INTEGRATIONS } = ADMIN_PATHS;

/** What was done, where the page shows the result of the test in place of a message. */
const TESTED = "tested";

/** A plugin's settings, of one brand or of all, and the test of its set-up. */
export function settingsRoutes(app: OperatorApp, parts: SettingsParts): void {
	app.get(`${INTEGRATIONS}/:pluginId`, async (c) => {
		const brand = brandOf(c);
		return brand === undefined ? c.notFound() : showSettings(c, parts, brand);
	});
	app.post(`${INTEGRATIONS}/:pluginId`, async (c) => {
		const brand = brandOf(c);
		return brand === undefined ? c.notFound() : save(c, parts, brand);
	});
	app.post(`${INTEGRATIONS}/:pluginId/test`, async (c) => {
		const brand = brandOf(c);
		if (brand === undefined || brand.id === ALL_BRANDS) {
			return c.notFound();
		}
		await c.var.addOn.tests.run(brand.id);
		return c.redirect(`${settingsPath(c, brand)}#test`, 303);
	});
}

/** The brand in the query, the first brand where none is named; undefined for an unknown one. */
function brandOf(c: AdminContext): SettingsPlace | undefined {
	const { brands } = c.var.addOn;
	const asked = c.req.query("brand");
	const places: readonly SettingsPlace[] = [
		...brands,
		{ id: ALL_BRANDS, name: c.var.visit.locale.text("settings.all-brands") },
	];
	return asked === undefined ? brands[0] : places.find((place) => place.id === asked);
}

function settingsPath(c: AdminContext, { id }: SettingsPlace): string {
	const { manifest } = c.var.addOn.loaded;
	return `${INTEGRATIONS}/${manifest.id}?brand=${encodeURIComponent(id)}`;
}

async function save(
	c: AdminContext,
	parts: SettingsParts,
	brand: SettingsPlace,
): Promise<Response> {
	const { form, locale } = c.var.visit;
	const saved = await saveSettings(c.var.addOn, {
		brandId: brand.id,
		typed: typedIn(form),
		locale,
		tests: field(form, "action") === SAVE_AND_TEST,
	});
	if (saved.kind === "refused") {
		const { values, removed, problems } = saved;
		return showSettings(c, parts, brand, { values, removed, problems }, 400);
	}
	const path = settingsPath(c, brand);
	const done = saved.test === undefined ? "&done=saved" : `&done=${TESTED}#${RESULT_ID}`;
	return c.redirect(`${path}${done}`, 303);
}

async function showSettings(
	c: AdminContext,
	{ show, doneMessage }: SettingsParts,
	brand: SettingsPlace,
	refused: Partial<Pick<SettingsPage, "values" | "removed" | "problems">> = {},
	status = 200,
): Promise<Response> {
	const { brands, plugin, settings, tests } = c.var.addOn;
	const { manifest, settingsSchema } = plugin.loaded;
	const secretNames = Object.entries(settingsSchema.properties).flatMap(([name, { writeOnly }]) =>
		writeOnly ? [name] : [],
	);
	const states = await Promise.all(
		secretNames.map(async (name) => [name, await settings.secretState(brand.id, name)] as const),
	);
	const { values, sources, enabled: isOn } = await settings.read(brand.id);
	// A refused value is shown in its field again.
	const own = brand.id === ALL_BRANDS ? ("default" as const) : ("brand" as const);
	const typed = Object.keys(refused.values ?? {}).map((name) => [name, own] as const);
	const page = settingsPage({
		plugin,
		brands,
		place: brand,
		values,
		sources: { ...sources, ...Object.fromEntries(typed) },
		stored: { values, sources },
		removed: new Set(),
		common: (await settings.read(ALL_BRANDS)).values,
		secrets: new Map(states),
		test: await tests.last(brand.id),
		isOn,
		isJustTested: c.req.query("done") === TESTED,
		problems: new Map(),
		locale: c.var.visit.locale,
		csrf: c.var.visit.csrf,
		message: await doneMessage(c),
		...refused,
	});
	const title = c.var.visit.locale.text("settings.title", { name: manifest.name });
	return show(c, title, page, status);
}
