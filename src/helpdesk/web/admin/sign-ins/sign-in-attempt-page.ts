import { html } from "hono/html";
import type { Explanation } from "../../../../contract/explanation.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { KEPT_DAYS } from "../../../sign-ins/sign-in-shelves.ts";
import type { Markup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { attemptLink, duration, lookUpForm, moment, OUTCOME_NAMES } from "./sign-ins-page.ts";

/** One attempt: what happened, what to do about it, and the figures. */
export function attemptPage(shown: {
	readonly entry: SignInEntry;
	readonly brandName: string;
	/** The name of the plugin. */
	readonly provider: string;
	readonly words: Explanation | undefined;
	/** Other attempts with the same account at the provider, newest first. */
	readonly others: readonly SignInEntry[];
	readonly titleOf: (entry: SignInEntry) => string;
}): Markup {
	const { entry, brandName, provider, words, others, titleOf } = shown;
	const told = words?.told;
	const facts: readonly (readonly [string, Markup | string])[] = [
		["Trace code", html`<code>${entry.traceCode}</code>`],
		["When", moment(entry.at)],
		["Brand", brandName],
		["Outcome", OUTCOME_NAMES[entry.outcome]],
		["Purpose", wanted(entry, provider)],
		["Total time", duration(entry.durationMs)],
		[`On ${provider}'s pages`, duration(entry.awayMs)],
		[`Calls to ${provider}`, String(entry.calls)],
		[
			`Waiting for ${provider}'s answers`,
			entry.calls === 0 ? "not called" : duration(entry.waitedMs),
		],
		["Code", html`<code>${entry.code}</code>`],
		...(entry.problem === null
			? []
			: [[`${provider}'s problem`, html`<code>${entry.problem}</code>`] as const]),
	];
	const list = others.map(
		(each) => html`<li>${attemptLink(each)} ${titleOf(each)}, ${moment(each.at)}</li>`,
	);
	return html`${breadcrumb()}<h1>${words?.title ?? entry.code}</h1>
<div class="card snug"><p>${linked(words?.text ?? "The plugin gives no explanation of this result.")}</p>${told === undefined ? "" : html`<p class="soft">The visitor read: “${told}”</p>`}
<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>
${
	others.length === 0
		? ""
		: html`<div class="card snug"><h2>With the same ${provider} account</h2><ul class="plain">${list}</ul></div>`
}
${lookUpForm()}`;
}

export function noAttemptPage(typed: string): Markup {
	return html`${breadcrumb()}<h1>No such attempt</h1><p>No attempt has the code <code>${typed === "" ? "(none)" : typed}</code>. Attempts are kept for ${KEPT_DAYS} days, or for less where there are very many. Check the eight letters and digits. Capitals, spaces and the dash do not matter.</p>${lookUpForm()}`;
}

function breadcrumb(): Markup {
	return html`<p class="breadcrumb"><a href="${ADMIN_PATHS.signIns}">Sign-ins</a></p>`;
}

function wanted({ wanted }: SignInEntry, provider: string): string {
	switch (wanted) {
		case "log-in":
			return "to log in or sign up";
		case "link":
			return `to link ${provider} to an account`;
		case null:
			return "not known, because no open attempt matches it";
	}
}
