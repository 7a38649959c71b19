import type { Context, Hono } from "hono";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { ALL_BRANDS } from "../../../settings/plugin-settings.ts";
import type { Markup } from "../../layout.ts";
import { field, type VisitEnv } from "../../visit.ts";
import { notice, type ShowPage } from "../admin-pages.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { settingsFormReader } from "./settings-form.ts";
import { SAVE_AND_TEST, type SettingsPlace, settingsPage } from "./settings-page.ts";

export interface SettingsParts {
	readonly show: ShowPage;
	readonly doneMessage: (c: AdminContext) => Promise<Markup>;
}

type AdminContext = Context<VisitEnv>;

/** A plugin's settings, of one brand or of all, and the test of what is set. */
export function settingsRoutes(app: Hono<VisitEnv>, parts: SettingsParts): void {
	const { show, doneMessage } = parts;
	const { integrations } = ADMIN_PATHS;

	const brandOf = (c: AdminContext): SettingsPlace | undefined => {
		const { brands } = c.var.addOn;
		const asked = c.req.query("brand");
		// What holds for all brands is set like a brand of its own.
		const places: readonly SettingsPlace[] = [...brands, { id: ALL_BRANDS, name: "All brands" }];
		return asked === undefined ? brands[0] : places.find((place) => place.id === asked);
	};
	const showSettings = async (
		c: AdminContext,
		brand: SettingsPlace,
		shown: Partial<
			Pick<Parameters<typeof settingsPage>[0], "values" | "removed" | "problems" | "message">
		>,
		status = 200,
	) => {
		const { brands, plugin, settings, tests } = c.var.addOn;
		const secretNames = Object.entries(plugin.loaded.settingsSchema.properties).flatMap(
			([name, { writeOnly }]) => (writeOnly ? [name] : []),
		);
		const states = await Promise.all(
			secretNames.map(async (name) => [name, await settings.secretState(brand.id, name)] as const),
		);
		const { values, sources } = await settings.read(brand.id);
		// What was typed and refused stands in its field again.
		const own = brand.id === ALL_BRANDS ? ("default" as const) : ("brand" as const);
		const typed = Object.keys(shown.values ?? {}).map((name) => [name, own] as const);
		const page = settingsPage({
			plugin,
			brands,
			brand,
			values,
			sources: { ...sources, ...Object.fromEntries(typed) },
			stored: { values, sources },
			removed: new Set(),
			common: (await settings.read(ALL_BRANDS)).values,
			secrets: new Map(states),
			test: await tests.last(brand.id),
			problems: new Map(),
			csrf: c.var.visit.csrf,
			message: await doneMessage(c),
			...shown,
		});
		return show(c, `${plugin.loaded.manifest.name} settings`, page, status);
	};
	app.get(`${integrations}/:pluginId`, async (c) => {
		const brand = brandOf(c);
		return brand === undefined ? c.notFound() : showSettings(c, brand, {});
	});
	app.post(`${integrations}/:pluginId`, async (c) => {
		const brand = brandOf(c);
		if (brand === undefined) {
			return c.notFound();
		}
		const { brands, plugin, settings, tests } = c.var.addOn;
		const { id } = plugin.loaded.manifest;
		const typed = settingsFormReader(plugin.loaded.settingsSchema)(c.var.visit.form);
		const problems = new Map(typed.problems);
		if (problems.size === 0) {
			const change = { brandId: brand.id, values: typed.values, secrets: typed.secrets };
			for (const { setting, message } of await plugin.refuseSettings(change)) {
				problems.set(setting, textsOf(plugin)(message));
			}
		}
		if (problems.size > 0) {
			const removed = new Set<string>();
			for (const [name, secret] of Object.entries(typed.secrets)) {
				if (secret === null) {
					removed.add(name);
				} else if (!problems.has(name)) {
					problems.set(name, "Enter this again: a secret that was typed is never shown or kept.");
				}
			}
			const message = notice("Nothing is saved yet. Mend what is marked below.", true);
			return showSettings(c, brand, { values: typed.values, removed, problems, message }, 400);
		}
		await settings.save(brand.id, typed);
		await tests.forget(brand.id === ALL_BRANDS ? brands.map(({ id }) => id) : [brand.id]);
		const saved = `${integrations}/${id}?brand=${encodeURIComponent(brand.id)}&done=saved`;
		if (field(c.var.visit.form, "action") === SAVE_AND_TEST && brand.id !== ALL_BRANDS) {
			await tests.run(brand.id);
			return c.redirect(`${saved}#test`, 303);
		}
		return c.redirect(saved, 303);
	});

	app.post(`${integrations}/:pluginId/test`, async (c) => {
		const brand = brandOf(c);
		if (brand === undefined || brand.id === ALL_BRANDS) {
			return c.notFound();
		}
		const { loaded, tests } = c.var.addOn;
		const { id } = loaded.manifest;
		await tests.run(brand.id);
		return c.redirect(`${integrations}/${id}?brand=${brand.id}#test`, 303);
	});
}
