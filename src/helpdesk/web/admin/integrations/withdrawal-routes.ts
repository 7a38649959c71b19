import type { Context, Hono } from "hono";
import type { ImpactAction } from "../../../../contract/impact.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, type ShowPage } from "../admin-pages.ts";
import {
	readAnswer,
	type WithdrawalAnswer,
	type WithdrawalQuestion,
	withdrawalPage,
} from "./withdrawal-page.ts";

export interface WithdrawalParts {
	readonly show: ShowPage;
}

type AdminContext = Context<VisitEnv>;

/** Something that takes a way in from people. */
interface Step {
	readonly question: WithdrawalQuestion;
	readonly actions: readonly ImpactAction[];
	/** Ask even where it concerns nobody. */
	readonly alwaysAsk?: boolean;
	/** Does it; @returns where the administrator goes on. */
	readonly carryOut: (answer: WithdrawalAnswer) => Promise<string>;
}

/**
 * Two routes of one path: a POST that concerns nobody is carried out at once; one that concerns anybody leads to the page
 * that says whom, and the form there to the deed.
 *
 * @param path with the plugin in it, as a parameter.
 * @param stepOf undefined where there is nothing to do; then the request leads to `instead`.
 */
export function withdrawalRoute(
	app: Hono<VisitEnv>,
	{ show }: WithdrawalParts,
	path: string,
	instead: (addOn: AddOn) => string,
	stepOf: (addOn: AddOn, c: AdminContext) => Promise<Step | undefined>,
): void {
	const ask = async (c: AdminContext, step: Step, answer?: WithdrawalAnswer) => {
		const { question, actions } = step;
		const { plugin, withdrawal } = c.var.addOn;
		const concerns = await withdrawal.concerns(actions);
		const { csrf } = c.var.visit;
		const page = withdrawalPage({ plugin, question, concerns, answer, csrf });
		return show(c, question.title, page, answer === undefined ? 200 : 400);
	};
	app.get(path, async (c) => {
		const step = await stepOf(c.var.addOn, c);
		return step === undefined ? c.redirect(instead(c.var.addOn), 303) : ask(c, step);
	});
	app.post(path, async (c) => {
		const step = await stepOf(c.var.addOn, c);
		if (step === undefined) {
			return c.redirect(instead(c.var.addOn), 303);
		}
		const answer = readAnswer(c.var.visit.form, step.question);
		if (!answer.confirmed) {
			const concerns = await c.var.addOn.withdrawal.concerns(step.actions);
			return step.alwaysAsk || concerns?.length !== 0
				? c.redirect(step.question.action, 303)
				: c.redirect(await step.carryOut(NOBODY), 303);
		}
		return answer.data === "purge" && !answer.sure
			? ask(c, step, answer)
			: c.redirect(await step.carryOut(answer), 303);
	});
}

const NOBODY: WithdrawalAnswer = { confirmed: true, data: "keep", sure: false, letters: false };

/** What became of a step, for the page that follows. */
export function doneQuery(done: string, letters: number | undefined): string {
	return letters === undefined ? `done=${done}` : `done=${done}&letters=${letters}`;
}

/** A plugin is deactivated, uninstalled, installed again, or forgotten for good. */
export function pluginWithdrawalRoutes(app: Hono<VisitEnv>, parts: WithdrawalParts): void {
	const { integrations } = ADMIN_PATHS;
	const path = `${integrations}/:pluginId`;
	const back = () => integrations;
	const doneAt = ({ loaded }: AddOn, done: string, letters?: number): string =>
		`${integrations}?${doneQuery(done, letters)}&add-on=${loaded.manifest.id}`;
	const lettersFor = async (
		{ withdrawal }: AddOn,
		answer: WithdrawalAnswer,
		action: ImpactAction,
	) => (answer.letters ? withdrawal.writeLetters([action]) : undefined);

	withdrawalRoute(app, parts, `${path}/deactivate`, back, async (addOn) => {
		const { brands, plugin, withdrawal } = addOn;
		const { id, name } = plugin.loaded.manifest;
		if (!(await plugin.isActive())) {
			return undefined;
		}
		const action: ImpactAction = { kind: "deactivate" };
		return {
			actions: [action],
			question: {
				title: `Deactivate ${name}?`,
				consequence: `Nobody can log in with ${name} until you activate it again. Its settings stay.`,
				keep: "The links stay. Everything is as before when you activate it again.",
				purge: plugin.can("purgeLinks")
					? `The links go for good, and ${name} is switched off at all brands. Whoever wants to use it again has to link it anew.`
					: undefined,
				action: `${integrations}/${id}/deactivate`,
				button: "Deactivate",
				back: integrations,
			},
			carryOut: async (answer) => {
				await plugin.deactivate();
				const letters = await lettersFor(addOn, answer, action);
				if (answer.data === "purge") {
					await withdrawal.purge(brands.map((brand) => brand.id));
				}
				const done = answer.data === "purge" ? "deactivated-purged" : "deactivated";
				return doneAt(addOn, done, letters);
			},
		};
	});

	const uninstall = (addOn: AddOn, kept: boolean): Step => {
		const { plugin } = addOn;
		const { id, name } = plugin.loaded.manifest;
		const action: ImpactAction = { kind: "uninstall" };
		return {
			actions: [action],
			alwaysAsk: !kept,
			question: {
				title: kept ? `Uninstall ${name}?` : `Delete what was kept of ${name}?`,
				consequence: kept
					? `Nobody can log in with ${name} until you install and activate it again.`
					: `${name} is not installed. What it stored was kept for when it is installed again.`,
				keep: kept
					? "The links, settings and keys stay. Everything is as before when you install it again."
					: undefined,
				purge: "The links, settings and keys go for good, at all brands.",
				action: `${integrations}/${id}/${kept ? "uninstall" : "delete-kept"}`,
				button: kept ? "Uninstall" : "Delete",
				back: integrations,
			},
			carryOut: async (answer) => {
				const letters = await lettersFor(addOn, answer, action);
				await plugin.uninstall(answer.data);
				return doneAt(addOn, answer.data === "purge" ? "purged" : "uninstalled", letters);
			},
		};
	};
	withdrawalRoute(app, parts, `${path}/uninstall`, back, async (addOn) =>
		(await addOn.plugin.isInstalled()) ? uninstall(addOn, true) : undefined,
	);
	withdrawalRoute(app, parts, `${path}/delete-kept`, back, async (addOn) => {
		const state = await addOn.plugin.state();
		const isLeft = state.kind === "not-installed" && (state.kept || state.emptying);
		return isLeft ? uninstall(addOn, false) : undefined;
	});
	app.post(`${path}/install`, async (c) => {
		const { addOn } = c.var;
		await addOn.plugin.install();
		return c.redirect(doneAt(addOn, "installed"), 303);
	});
}
