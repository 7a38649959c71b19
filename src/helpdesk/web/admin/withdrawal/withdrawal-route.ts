import type { ImpactAction } from "../../../../contract/impact.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import {
	readAnswer,
	type WithdrawalAnswer,
	type WithdrawalQuestion,
	withdrawalPage,
} from "./withdrawal-page.ts";

export interface WithdrawalParts {
	readonly show: ShowPage;
}

/** A step after which people can no longer log in with a plugin. */
export interface WithdrawalStep {
	readonly question: WithdrawalQuestion;
	readonly actions: readonly ImpactAction[];
	/** Whether to ask even where the step affects nobody. */
	readonly alwaysAsk?: boolean;
	/** Takes the step. @returns the address of the next page. */
	readonly carryOut: (answer: WithdrawalAnswer) => Promise<string>;
}

interface WithdrawalRoute {
	/** The path, with the plugin's id as a parameter. */
	readonly path: string;
	/** The address to go to when there is nothing to do. */
	readonly instead: (addOn: AddOn) => string;
	/** @returns undefined where there is nothing to do. */
	readonly stepOf: (addOn: AddOn, c: AdminContext) => Promise<WithdrawalStep | undefined>;
}

const CONCERNS_NOBODY: WithdrawalAnswer = {
	confirmed: true,
	data: "keep",
	sure: false,
	letters: false,
};

/**
 * Adds two routes with one path. A POST takes the step at once if it affects nobody. Otherwise it leads to a page that
 * says who is affected, and the form on that page takes the step.
 */
export function withdrawalRoute(
	app: OperatorApp,
	{ show }: WithdrawalParts,
	{ path, instead, stepOf }: WithdrawalRoute,
): void {
	const ask = async (c: AdminContext, step: WithdrawalStep, answer?: WithdrawalAnswer) => {
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
				: c.redirect(await step.carryOut(CONCERNS_NOBODY), 303);
		}
		return answer.data === "purge" && !answer.sure
			? ask(c, step, answer)
			: c.redirect(await step.carryOut(answer), 303);
	});
}
