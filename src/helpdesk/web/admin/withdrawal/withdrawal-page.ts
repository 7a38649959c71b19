import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Concern } from "../../../add-ons/withdrawal.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, integrationPaths } from "../paths.ts";

/** The question before people lose a way to log in. */
export interface WithdrawalQuestion {
	/** `Deactivate X?` */
	readonly title: string;
	/** The sentence about what happens in any case. */
	readonly consequence: string;
	/** The sentences about keeping the data and about deleting it. A choice without a sentence is not offered. */
	readonly keep: string | undefined;
	readonly purge: string | undefined;
	/** The path of the form, and the word on its button. */
	readonly action: string;
	readonly button: string;
	/** The path behind Cancel. */
	readonly back: string;
}

export interface WithdrawalAnswer {
	/** False for a form from any page but the one that asks. */
	readonly confirmed: boolean;
	readonly data: "keep" | "purge";
	/** Whether the operator confirmed the deletion. */
	readonly sure: boolean;
	readonly letters: boolean;
}

/** Reads an answer. A choice that the question does not offer is not accepted. */
export function readAnswer(
	form: readonly FormField[],
	{ keep, purge }: WithdrawalQuestion,
): WithdrawalAnswer {
	const wanted = field(form, "data") === "purge" || keep === undefined;
	return {
		confirmed: field(form, "confirmed") === "yes",
		data: wanted && purge !== undefined ? "purge" : "keep",
		sure: field(form, "sure") === "on",
		letters: field(form, "letters") === "on",
	};
}

export type WithdrawalRefusal = "unsure" | "under-way";

export function withdrawalPage(page: {
	readonly plugin: PluginHooks;
	readonly question: WithdrawalQuestion;
	/** The job about the add-on that is under way. No other one can be started until it has ended. */
	readonly underWay: { readonly title: string; readonly path: string } | undefined;
	/** Undefined while people are being counted. */
	readonly concerns: readonly Concern[] | undefined;
	/** The answer so far, when the page is shown again. */
	readonly answer: WithdrawalAnswer | undefined;
	/** Why nothing was done. `unsure`: the deletion was not confirmed. `under-way`: a job about the add-on was. */
	readonly refusal: WithdrawalRefusal | undefined;
	readonly csrf: string;
}): Markup {
	const { plugin, question, concerns = [], answer, refusal, csrf } = page;
	const { name } = plugin.loaded.manifest;
	const facts =
		page.concerns === undefined
			? notice(
					"Who is affected is being counted. You can go on, but nobody gets an e-mail. To e-mail people, come back when Jobs says that the counting is done.",
					true,
				)
			: concerns.length === 0
				? html`<p>Nobody has ${name} linked.</p>`
				: html`<ul class="impact">${concerns.map((concern) => html`<li>${sentenceOf(concern, name)}</li>`)}</ul>`;
	const unsure =
		refusal === "unsure"
			? notice(
					"Nothing has changed yet. To delete the data, also check “Yes, delete it for good”.",
					true,
				)
			: "";
	return html`${pageHead(question.title, question.consequence)}${otherJob(page)}${unsure}<div class="card">${facts}
<form method="post" action="${question.action}">${csrfField(csrf)}<input type="hidden" name="confirmed" value="yes">
${dataChoice(page)}${letterChoice(concerns, answer)}
<div class="actions answer"><button class="danger" type="submit">${question.button}</button><a href="${question.back}">Cancel</a></div></form></div>`;
}

/** Says what happens, and what an operator can do, while a job has the add-on. */
function otherJob({ plugin, underWay, refusal }: Parameters<typeof withdrawalPage>[0]): Markup {
	const { name } = plugin.loaded.manifest;
	const isRefused = refusal === "under-way";
	if (underWay === undefined) {
		return isRefused
			? notice("Nothing has changed yet, because a job was under way. It has ended: go on.", true)
			: html``;
	}
	const { path, title } = underWay;
	return html`<div class="notice bad" role="alert"><p>${isRefused ? "Nothing has changed yet. " : ""}A job about ${name} is under way: <a href="${path}">${title}</a>. It goes on, whatever you choose here. Until it has ended, no data can be deleted from this page, and nobody can be e-mailed. To do that, wait until it has ended, or cancel it on its page.</p></div>`;
}

function dataChoice({
	plugin,
	question: { keep, purge },
	concerns = [],
	answer,
}: Parameters<typeof withdrawalPage>[0]): Markup {
	if (purge === undefined) {
		return html``;
	}
	const { id, name } = plugin.loaded.manifest;
	const purges = answer?.data === "purge" || keep === undefined;
	const exports = (plugin.can("exportLinks") ? concerns : []).map(
		({ brand }) =>
			html`<li><a href="${atBrand(integrationPaths(id).linksExport, brand.id)}">Export the links of ${brand.name} first (CSV)</a></li>`,
	);
	const kept =
		keep === undefined
			? ""
			: html`<div class="choice"><label class="toggle"><input type="radio" name="data" value="keep"${purges ? "" : html` checked`}>Keep</label><p class="help">${keep}</p></div>`;
	const deletes =
		keep === undefined
			? ""
			: html`<label class="toggle"><input type="radio" name="data" value="purge"${purges ? html` checked` : ""}>Delete</label>`;
	return html`<fieldset><legend>What ${name} has stored</legend>${kept}
<div class="choice">${deletes}<div><p class="help">${purge}</p>${exports.length === 0 ? "" : html`<ul class="plain">${exports}</ul>`}
<label class="toggle"><input type="checkbox" name="sure"${keep === undefined ? html` required` : ""}>Yes, delete it for good</label></div></div></fieldset>`;
}

function letterChoice(concerns: readonly Concern[], answer: WithdrawalAnswer | undefined): Markup {
	const stranded = sum(concerns.map((concern) => concern.stranded));
	const reachable = sum(concerns.map((concern) => concern.reachable));
	if (stranded === 0) {
		return html``;
	}
	const others = stranded - reachable;
	if (reachable === 0) {
		return html`<p class="help">Nobody can be e-mailed: ${others === 1 ? "the person" : `all ${others} people`} without another way to log in ${others === 1 ? "is suspended or waits" : "are suspended or wait"} for approval.</p>`;
	}
	const rest =
		others === 0
			? ""
			: `${others} more ${others === 1 ? "is suspended or waits for approval and gets" : "are suspended or wait for approval and get"} no e-mail. `;
	return html`<div class="choice"><label class="toggle"><input type="checkbox" name="letters"${answer?.letters ? html` checked` : ""}>E-mail a link to set a password to the ${people(reachable)} without another way to log in</label><p class="help">${rest}The link is valid for seven days.</p></div>`;
}

/** `142 people have X linked at Acorn Outdoor. 31 of them have no other way to log in.` */
function sentenceOf({ brand, people: count, stranded }: Concern, provider: string): string {
	const linked = `${people(count)} ${count === 1 ? "has" : "have"} ${provider} linked at ${brand.name}`;
	if (count === 1) {
		return `${linked}, and ${stranded === 1 ? "no other way" : "another way"} to log in.`;
	}
	return stranded === 0
		? `${linked}. All of them have another way to log in.`
		: `${linked}. ${stranded} of them ${stranded === 1 ? "has" : "have"} no other way to log in.`;
}

function people(count: number): string {
	return count === 1 ? "1 person" : `${count} people`;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, each) => total + each, 0);
}
