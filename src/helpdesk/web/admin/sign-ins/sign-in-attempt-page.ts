import { html } from "hono/html";
import type { Explanation } from "../../../../contract/explanation.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import { KEPT_DAYS, type SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import type { Markup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import { pageHead } from "../page-head.ts";
import { attemptLink, duration, lookUpForm, moment, OUTCOME_NAMES } from "./sign-ins-page.ts";

export interface ShownAttempt {
	readonly entry: SignInEntry;
	readonly brandName: string;
	/** The time zone of the brand. */
	readonly zone: InZone;
	/** The name of the plugin. */
	readonly provider: string;
	/** The name of the protocol between them; undefined where it is not known. */
	readonly protocol: string | undefined;
	readonly pluginId: string;
	readonly words: Explanation | undefined;
	/** Other attempts with the same account at the provider, newest first. */
	readonly others: readonly SignInEntry[];
	readonly titleOf: (entry: SignInEntry) => string;
}

/**
 * The attempts with one trace code; more than one only if several add-ons, or a faulty one, recorded the code.
 *
 * @param count how many there are, including those that are not shown.
 * @param isPartial whether there are more than were counted.
 */
export function attemptsPage(
	attempts: readonly ShownAttempt[],
	count: number,
	isPartial: boolean,
): Markup {
	const note =
		count === 1
			? ""
			: html`<div class="notice bad"><p>${isPartial ? `More than ${count}` : count} attempts have this code. Compare the add-on and the time of each.</p></div>`;
	return html`${note}${attempts.map(attemptOf)}${lookUpForm()}`;
}

/** What happened, what to do about it, and the figures. */
function attemptOf(shown: ShownAttempt): Markup {
	const { entry, brandName, zone, provider, protocol, pluginId, words, others, titleOf } = shown;
	const told = words?.told;
	const facts: readonly (readonly [string, Markup | string])[] = [
		["Trace code", html`<code>${entry.traceCode}</code>`],
		["Add-on", html`${provider} (<code>${pluginId}</code>)`],
		...(protocol === undefined ? [] : [["Protocol", protocol] as const]),
		["Result", OUTCOME_NAMES[entry.outcome]],
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
		(each) => html`<li>${attemptLink(each)} ${titleOf(each)}, ${moment(each.at, zone)}</li>`,
	);
	return html`${pageHead(words?.title ?? entry.code, html`An attempt at ${brandName}, ${moment(entry.at, zone)}.`)}
<div class="card snug"><p>${linked(words?.text ?? "The plugin gives no explanation of this result.")}</p>${told === undefined ? "" : html`<p class="soft">The visitor read: “${told}”</p>`}
<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>
${
	others.length === 0
		? ""
		: html`<div class="card snug"><h2>With the same ${provider} account</h2><ul class="plain">${list}</ul></div>`
}`;
}

export function noAttemptPage(typed: string): Markup {
	return html`${pageHead("No such attempt", html`No attempt has the code <code>${typed === "" ? "(none)" : typed}</code>.`)}<p>Attempts are kept for ${KEPT_DAYS} days, or for less where there are very many. Check the eight letters and digits. Capitals, spaces and the dash do not matter.</p>${lookUpForm()}`;
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
