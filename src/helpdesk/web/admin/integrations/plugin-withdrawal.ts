import type { AddOn } from "../../../add-ons/add-on.ts";
import { PURGE_LINKS } from "../../../add-ons/jobs/purge-links.ts";
import { UNINSTALL } from "../../../add-ons/jobs/uninstall.ts";
import type { WithdrawalParams } from "../../../add-ons/jobs/withdrawal-params.ts";
import { WRITE_LETTERS } from "../../../add-ons/jobs/write-letters.ts";
import type { Locale } from "../../../locale/locale.ts";
import { doneQuery } from "../done-message.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, ANY_PLUGIN, integrationPaths } from "../paths.ts";
import type { WithdrawalAnswer } from "../withdrawal/withdrawal-page.ts";
import {
	type WithdrawalParts,
	type WithdrawalStep,
	withdrawalRoute,
} from "../withdrawal/withdrawal-route.ts";

/** The routes to deactivate or uninstall a plugin, and to delete the data that it left. */
export function pluginWithdrawalRoutes(app: OperatorApp, parts: WithdrawalParts): void {
	const { deactivate, uninstall, deleteKept } = integrationPaths(ANY_PLUGIN);
	const instead = () => ADMIN_PATHS.integrations;
	withdrawalRoute(app, parts, {
		path: deactivate,
		instead,
		stepOf: async (addOn, c) =>
			(await addOn.plugin.isActive()) ? deactivation(addOn, c.var.visit.locale) : undefined,
	});
	withdrawalRoute(app, parts, {
		path: uninstall,
		instead,
		stepOf: async (addOn, c) =>
			(await addOn.plugin.isInstalled()) ? uninstallation(addOn, c.var.visit.locale) : undefined,
	});
	withdrawalRoute(app, parts, {
		path: deleteKept,
		instead,
		stepOf: async (addOn, c) => {
			const state = await addOn.plugin.state();
			const isLeft = state.kind === "not-installed" && (state.kept || state.emptying);
			return isLeft ? deletionOfKept(addOn, c.var.visit.locale) : undefined;
		},
	});
}

/** The address of the list of integrations, with what was done to one of them. */
export function listAfter({ loaded }: AddOn, done: string, letters?: number): string {
	return `${ADMIN_PATHS.integrations}?${doneQuery(done, letters)}&add-on=${loaded.manifest.id}`;
}

function deactivation(addOn: AddOn, { text }: Locale): WithdrawalStep {
	const { brands, plugin } = addOn;
	const { id, name } = plugin.loaded.manifest;
	return {
		brands,
		question: {
			title: text("integration-off.deactivate.question", { name }),
			consequence: text("integration-off.deactivate.consequence", { name }),
			keep: text("integration-off.deactivate.keep"),
			purge: plugin.can("purgeLinks")
				? text("integration-off.deactivate.purge", { name })
				: undefined,
			action: integrationPaths(id).deactivate,
			button: text("integration-off.deactivate.submit"),
			back: ADMIN_PATHS.integrations,
		},
		carryOut: async (answer) => {
			const purges = answer.data === "purge";
			const next = (letters?: number) =>
				listAfter(addOn, purges ? "deactivated-purged" : "deactivated", letters);
			if (purges || answer.letters) {
				const params = paramsOf(addOn, answer);
				return { next, job: { type: purges ? PURGE_LINKS : WRITE_LETTERS, params } };
			}
			await plugin.deactivate();
			return { next };
		},
	};
}

function uninstallation(addOn: AddOn, { text }: Locale): WithdrawalStep {
	const { id, name } = addOn.loaded.manifest;
	return {
		brands: addOn.brands,
		alwaysAsk: true,
		question: {
			title: text("integration-off.uninstall.question", { name }),
			consequence: text("integration-off.uninstall.consequence", { name }),
			keep: text("integration-off.uninstall.keep"),
			purge: text("integration-off.purge"),
			action: integrationPaths(id).uninstall,
			button: text("integration-off.uninstall.submit"),
			back: ADMIN_PATHS.integrations,
		},
		carryOut: (answer) => carryOutUninstallation(addOn, answer),
	};
}

/** The step that deletes the data of a plugin that was uninstalled before. */
function deletionOfKept(addOn: AddOn, { text }: Locale): WithdrawalStep {
	const { id, name } = addOn.loaded.manifest;
	return {
		brands: addOn.brands,
		alwaysAsk: true,
		question: {
			title: text("integration-off.delete-kept.question", { name }),
			consequence: text("integration-off.delete-kept.consequence", { name }),
			keep: undefined,
			purge: text("integration-off.purge"),
			action: integrationPaths(id).deleteKept,
			button: text("integration-off.delete-kept.submit"),
			back: ADMIN_PATHS.integrations,
		},
		carryOut: (answer) => carryOutUninstallation(addOn, answer),
	};
}

async function carryOutUninstallation(
	addOn: AddOn,
	answer: WithdrawalAnswer,
): ReturnType<WithdrawalStep["carryOut"]> {
	const { data, letters: writes } = answer;
	const next = (letters?: number) =>
		listAfter(addOn, data === "purge" ? "purged" : "uninstalled", letters);
	if (data === "purge" || writes) {
		return { next, job: { type: UNINSTALL, params: { ...paramsOf(addOn, answer), data } } };
	}
	await addOn.plugin.uninstall(data);
	return { next };
}

function paramsOf(
	{ brands, loaded }: AddOn,
	{ letters }: Pick<WithdrawalAnswer, "letters">,
): WithdrawalParams {
	const brandIds = brands.map(({ id }) => id);
	return { addOnId: loaded.manifest.id, brandIds, deactivates: true, letters };
}
