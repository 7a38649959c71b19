import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import { lettersIn } from "../../../add-ons/jobs/task-list.ts";
import {
	exclusiveFor,
	type UninstallParams,
	type WithdrawalParams,
} from "../../../add-ons/jobs/withdrawal-params.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { type JobStarters, startJob } from "../jobs/start-job.ts";
import type { OperatorApp } from "../operator-area.ts";
import { jobPaths } from "../paths.ts";
import {
	readAnswer,
	type WithdrawalAnswer,
	type WithdrawalQuestion,
	type WithdrawalRefusal,
	withdrawalPage,
} from "./withdrawal-page.ts";

export interface WithdrawalParts extends JobStarters {
	readonly show: ShowPage;
}

/** A step after which people can no longer log in with a plugin. */
export interface WithdrawalStep {
	readonly question: WithdrawalQuestion;
	/** The brands whose people it concerns. */
	readonly brands: readonly Brand[];
	/** Whether to ask even where the step affects nobody. */
	readonly alwaysAsk?: boolean;
	/** Takes the step, or the whole of it that is short. */
	readonly carryOut: (answer: WithdrawalAnswer) => Promise<CarriedOut>;
}

interface CarriedOut {
	/** The job that does it; undefined: it is done. */
	readonly job?: { readonly type: string; readonly params: WithdrawalParams | UninstallParams };
	/**
	 * The address of the page after it.
	 *
	 * @param letters how many were written; undefined where the operator wants none.
	 */
	readonly next: (letters?: number) => string;
}

interface WithdrawalRoute {
	/** The path, with the plugin's id as a parameter. */
	readonly path: string;
	/** The address to go to when there is nothing to do. */
	readonly instead: (addOn: AddOn) => string;
	/** @returns undefined where there is nothing to do. */
	readonly stepOf: (addOn: AddOn, c: AdminContext) => Promise<WithdrawalStep | undefined>;
}

/** Of the page that says why nothing was done. */
const STATUS = { unsure: 400, "under-way": 409 } as const satisfies Record<
	WithdrawalRefusal,
	number
>;

const CONCERNS_NOBODY: WithdrawalAnswer = {
	confirmed: true,
	data: "keep",
	sure: false,
	letters: false,
};

/**
 * Adds two routes with one path. A POST takes the step at once if it affects nobody. Otherwise it leads to a page that
 * says who is affected, and the form on that page takes the step. It also leads there while a job about the add-on is under
 * way.
 */
export function withdrawalRoute(
	app: OperatorApp,
	parts: WithdrawalParts,
	{ path, instead, stepOf }: WithdrawalRoute,
): void {
	const { show } = parts;
	const ask = async (
		c: AdminContext,
		step: WithdrawalStep,
		answer?: WithdrawalAnswer,
		refusal?: WithdrawalRefusal,
	) => {
		const { question } = step;
		const { plugin } = c.var.addOn;
		const concerns = await concernsOf(c.var.addOn, step);
		const { csrf, locale } = c.var.visit;
		const underWay = await jobOf(parts, c.var.addOn, locale);
		const asked = { plugin, question, underWay, concerns, answer, refusal };
		const page = withdrawalPage({ ...asked, locale, csrf });
		return show(c, question.title, page, refusal === undefined ? 200 : STATUS[refusal]);
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
			const concerns = await concernsOf(c.var.addOn, step);
			const asks = step.alwaysAsk || concerns?.length !== 0;
			return asks || (await jobOf(parts, c.var.addOn, c.var.visit.locale)) !== undefined
				? c.redirect(step.question.action, 303)
				: carryOut(c, parts, await step.carryOut(CONCERNS_NOBODY), () =>
						ask(c, step, undefined, "under-way"),
					);
		}
		return answer.data === "purge" && !answer.sure
			? ask(c, step, answer, "unsure")
			: carryOut(c, parts, await step.carryOut(answer), () => ask(c, step, answer, "under-way"));
	});
}

function concernsOf({ withdrawal }: AddOn, { brands }: WithdrawalStep) {
	return withdrawal.concerns(brands.map(({ id }) => id));
}

/** The job about an add-on that is under way. */
async function jobOf(
	{ jobs }: WithdrawalParts,
	{ loaded }: AddOn,
	locale: Locale,
): Promise<{ readonly title: string; readonly path: string } | undefined> {
	const job = await jobs.underWay(exclusiveFor({ addOnId: loaded.manifest.id }));
	return job && { title: locale.say(jobs.describe(job).title), path: jobPaths(job.id).job };
}

/**
 * Starts the job, and goes on to the next page if it is done in a moment.
 *
 * @param askAgain shows the question once more, while another job about the add-on is under way.
 */
async function carryOut(
	c: AdminContext,
	parts: WithdrawalParts,
	{ job, next }: CarriedOut,
	askAgain: () => Promise<Response>,
): Promise<Response> {
	const done = job && (await startJob(c, parts, job.type, job.params, askAgain));
	return done instanceof Response
		? done
		: c.redirect(next(job?.params.letters ? lettersIn(done?.result ?? null) : undefined), 303);
}
