import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { alertWords } from "../../../alerts/alert-words.ts";
import type { Alerts } from "../../../alerts/open-alerts.ts";
import type { Locale } from "../../../locale/locale.ts";
import { type Markup, notice } from "../../layout.ts";
import type { AdminContext } from "../admin-pages.ts";
import type { DoneMessage } from "../done-message.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, ANY_PLUGIN, integrationPaths } from "../paths.ts";
import { brandSwitches } from "../social-login/brand-switches.ts";
import type { WithdrawalParts } from "../withdrawal/withdrawal-route.ts";
import { type BrandFailure, type IntegrationRow, integrationsPage } from "./integrations-page.ts";
import { listAfter, pluginWithdrawalRoutes } from "./plugin-withdrawal.ts";

/** At how many brands the page explains failures. */
const MOST_FAILURES = 5;

export interface IntegrationParts extends WithdrawalParts {
	readonly addOns: AddOns;
	readonly alerts: Alerts;
	readonly doneMessage: DoneMessage;
}

/** The list of integrations, and the actions on each of them. */
export function integrationRoutes(app: OperatorApp, parts: IntegrationParts): void {
	const { addOns, show, doneMessage } = parts;
	const { activate, install } = integrationPaths(ANY_PLUGIN);

	const showIntegrations = async (c: AdminContext, message: Markup, status = 200) => {
		const { addOns: found, broken } = await addOns.list();
		const { csrf, locale } = c.var.visit;
		const rows = await Promise.all(found.map((addOn) => rowOf(addOn, parts, locale)));
		const page = integrationsPage({ rows, broken, locale, csrf, message });
		return show(c, locale.text("integrations.title"), page, status);
	};
	app.get(ADMIN_PATHS.integrations, async (c) => showIntegrations(c, await doneMessage(c)));
	app.post(activate, async (c) => {
		const { addOn } = c.var;
		if (!(await addOn.plugin.isInstalled())) {
			return c.redirect(ADMIN_PATHS.integrations, 303);
		}
		try {
			await addOn.plugin.activate();
		} catch {
			// The reason is part of the plugin's state now, and on the page.
			const { name } = addOn.loaded.manifest;
			const message = notice(c.var.visit.locale.text("integrations.not-activated", { name }), true);
			return showIntegrations(c, message, 409);
		}
		return c.redirect(listAfter(addOn, await nextAfterActivation(addOn)), 303);
	});
	app.post(install, async (c) => {
		const { addOn } = c.var;
		if (!(await addOn.plugin.install())) {
			const { name } = addOn.loaded.manifest;
			const sentence = c.var.visit.locale.text("integrations.not-installed", { name });
			return showIntegrations(c, notice(sentence, true), 409);
		}
		return c.redirect(listAfter(addOn, "installed"), 303);
	});
	pluginWithdrawalRoutes(app, parts);
}

/** What is left to do, in the words of the message after it: an add-on that was used before has its keys and its brands. */
async function nextAfterActivation(addOn: AddOn): Promise<string> {
	const ready = (await brandSwitches(addOn)).filter(({ complete }) => complete);
	if (ready.length === 0) {
		return "activated";
	}
	return ready.some(({ enabled }) => enabled) ? "activated-again" : "activated-ready";
}

async function rowOf(
	addOn: AddOn,
	parts: IntegrationParts,
	{ tag }: Locale,
): Promise<IntegrationRow> {
	const { plugin, brands, settings } = addOn;
	const state = await plugin.state();
	const found = await Promise.all(
		brands.map(async (brand) => ({ brand, missing: await settings.missing(brand.id) })),
	);
	const unready = found.filter(({ missing }) => missing?.length !== 0);
	const failing = state.kind === "active" ? await failuresOf(addOn, parts, tag) : [];
	return { plugin, state, unready, failing, isAnyReady: unready.length < brands.length };
}

async function failuresOf(
	{ loaded, brands, settings }: AddOn,
	{ addOns, alerts }: IntegrationParts,
	tag: string,
): Promise<readonly BrandFailure[]> {
	const pluginId = loaded.manifest.id;
	const find = (id: string) => brands.find((brand) => brand.id === id);
	const failures: BrandFailure[] = [];
	for (const { brandId, since, why } of await alerts.watched.failing(pluginId)) {
		const brand = find(brandId);
		// Nobody can try where there is no button, so the verdict would stay as it is.
		if (brand !== undefined && failures.length < MOST_FAILURES && (await isOn(settings, brandId))) {
			const words = await alertWords({ pluginId, brandId, why }, { addOns, brands: { find } }, tag);
			failures.push({ brand, since, words });
		}
	}
	return failures;
}

/** Settings that cannot be read are shown as such elsewhere on the page. */
async function isOn(settings: AddOn["settings"], brandId: string): Promise<boolean> {
	const read = await orUnreadable(() => settings.read(brandId));
	return !(read instanceof UnreadableValueError) && read.enabled;
}
