import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Concern } from "../../../add-ons/withdrawal.ts";
import type { Locale } from "../../../locale/locale.ts";
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
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
}): Markup {
	const { plugin, question, concerns = [], refusal, locale, csrf } = page;
	const { text } = locale;
	const { name } = plugin.loaded.manifest;
	const facts =
		page.concerns === undefined
			? notice(text("withdrawal.counting"), true)
			: concerns.length === 0
				? html`<p>${text("withdrawal.nobody", { name })}</p>`
				: html`<ul class="impact">${concerns.map((concern) => html`<li>${sentencesOf(concern, name, locale)}</li>`)}</ul>`;
	const unsure = refusal === "unsure" ? notice(text("withdrawal.unsure"), true) : "";
	return html`${pageHead(question.title, question.consequence)}${otherJob(page)}${unsure}<div class="card">${facts}
<form method="post" action="${question.action}">${csrfField(csrf)}<input type="hidden" name="confirmed" value="yes">
${dataChoice(page)}${letterChoice(page)}
<div class="actions answer"><button class="danger" type="submit">${question.button}</button><a href="${question.back}">${text("withdrawal.cancel")}</a></div></form></div>`;
}

/** Says what happens, and what an operator can do, while a job has the add-on. */
function otherJob({
	plugin,
	underWay,
	refusal,
	locale: { text, markup },
}: Parameters<typeof withdrawalPage>[0]): Markup {
	const { name } = plugin.loaded.manifest;
	const isRefused = refusal === "under-way";
	if (underWay === undefined) {
		return isRefused ? notice(text("withdrawal.refused"), true) : html``;
	}
	const { path, title } = underWay;
	const job = html`<a href="${path}">${title}</a>`;
	return html`<div class="notice bad" role="alert"><p>${isRefused ? `${text("withdrawal.unchanged")} ` : ""}${markup("withdrawal.under-way", { name, job })}</p></div>`;
}

function dataChoice({
	plugin,
	question: { keep, purge },
	concerns = [],
	answer,
	locale: { text },
}: Parameters<typeof withdrawalPage>[0]): Markup {
	if (purge === undefined) {
		return html``;
	}
	const { id, name } = plugin.loaded.manifest;
	const purges = answer?.data === "purge" || keep === undefined;
	const exports = (plugin.can("exportLinks") ? concerns : []).map(
		({ brand }) =>
			html`<li><a href="${atBrand(integrationPaths(id).linksExport, brand.id)}">${text("withdrawal.export", { brand: brand.name })}</a></li>`,
	);
	const kept =
		keep === undefined
			? ""
			: html`<div class="choice"><label class="toggle"><input type="radio" name="data" value="keep"${purges ? "" : html` checked`}>${text("withdrawal.keep")}</label><p class="help">${keep}</p></div>`;
	const deletes =
		keep === undefined
			? ""
			: html`<label class="toggle"><input type="radio" name="data" value="purge"${purges ? html` checked` : ""}>${text("withdrawal.delete")}</label>`;
	return html`<fieldset><legend>${text("withdrawal.data", { name })}</legend>${kept}
<div class="choice">${deletes}<div><p class="help">${purge}</p>${exports.length === 0 ? "" : html`<ul class="plain">${exports}</ul>`}
<label class="toggle"><input type="checkbox" name="sure"${keep === undefined ? html` required` : ""}>${text("withdrawal.sure")}</label></div></div></fieldset>`;
}

function letterChoice({
	concerns = [],
	answer,
	locale: { text },
}: Parameters<typeof withdrawalPage>[0]): Markup {
	const stranded = sum(concerns.map((concern) => concern.stranded));
	const reachable = sum(concerns.map((concern) => concern.reachable));
	if (stranded === 0) {
		return html``;
	}
	const others = stranded - reachable;
	if (reachable === 0) {
		const nobody =
			others === 1
				? text("withdrawal.letters.nobody-one")
				: text("withdrawal.letters.nobody", { count: others });
		return html`<p class="help">${nobody}</p>`;
	}
	const rest = others === 0 ? "" : `${text("withdrawal.letters.others", { count: others })} `;
	return html`<div class="choice"><label class="toggle"><input type="checkbox" name="letters"${answer?.letters ? html` checked` : ""}>${text("withdrawal.letters", { count: reachable })}</label><p class="help">${rest}${text("withdrawal.letters.help")}</p></div>`;
}

/** `142 people have X linked at Acorn Outdoor. 31 of them have no other way to log in.` */
function sentencesOf({ brand, people, stranded }: Concern, name: string, { text }: Locale): string {
	const named = { name, brand: brand.name };
	if (people === 1) {
		return text(stranded === 1 ? "withdrawal.one.stranded" : "withdrawal.one", named);
	}
	return stranded === 0
		? text("withdrawal.people", { ...named, people })
		: text("withdrawal.people.stranded", { ...named, people, stranded });
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, each) => total + each, 0);
}
