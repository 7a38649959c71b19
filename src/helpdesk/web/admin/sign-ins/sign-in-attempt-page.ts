import { html } from "hono/html";
import type { Explanation } from "../../../../contract/explanation.ts";
import { shownValue } from "../../../../contract/message-text.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import { KEPT_DAYS, type SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import type { Markup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import { pageHead } from "../page-head.ts";
import { OUTCOME_TEXTS } from "./sign-in-charts.ts";
import { attemptLink, duration, lookUpForm, moment } from "./sign-ins-page.ts";

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
 * @param found how many there are, including those that are not shown. `isPartial`: there are more than were counted.
 */
export function attemptsPage(
	attempts: readonly ShownAttempt[],
	{ count, isPartial }: { readonly count: number; readonly isPartial: boolean },
	locale: Locale,
): Markup {
	const several = isPartial ? "sign-in.more-than" : "sign-in.several";
	const note =
		count === 1
			? ""
			: html`<div class="notice bad"><p>${locale.text(several, { count })}</p></div>`;
	return html`${note}${attempts.map((each) => attemptOf(each, locale))}${lookUpForm(locale)}`;
}

/** What happened, what to do about it, and the figures. */
function attemptOf(shown: ShownAttempt, locale: Locale): Markup {
	const { entry, brandName, zone, provider, words, others, titleOf } = shown;
	const { text, markup } = locale;
	const told = words?.told;
	const list = others.map((each) => {
		const time = moment(each.at, zone);
		const values = { code: attemptLink(each), title: titleOf(each), time };
		return html`<li>${markup("sign-in.other", values)}</li>`;
	});
	const lead = markup("sign-in.lead", { brand: brandName, time: moment(entry.at, zone) });
	return html`${pageHead(words?.title ?? entry.code, lead)}
<div class="card snug"><p>${linked(words?.text ?? text("sign-in.unexplained"))}</p>${told === undefined ? "" : html`<p class="soft">${text("sign-in.told", { told })}</p>`}
<dl>${factsOf(shown, locale).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>
${
	others.length === 0
		? ""
		: html`<div class="card snug"><h2>${text("sign-in.others", { provider })}</h2><ul class="plain">${list}</ul></div>`
}`;
}

function factsOf(
	{ entry, provider, protocol, pluginId }: ShownAttempt,
	locale: Locale,
): readonly (readonly [string, Markup | string])[] {
	const { text } = locale;
	const waited = entry.calls === 0 ? text("sign-in.not-called") : duration(entry.waitedMs, locale);
	return [
		[text("sign-in.trace"), html`<code>${entry.traceCode}</code>`],
		[text("sign-in.add-on"), html`${provider} (<code>${pluginId}</code>)`],
		...(protocol === undefined ? [] : [[text("sign-in.protocol"), protocol] as const]),
		[text("sign-in.result"), text(OUTCOME_TEXTS[entry.outcome])],
		[text("sign-in.purpose"), wanted(entry, provider, locale)],
		[text("sign-in.total-time"), duration(entry.durationMs, locale)],
		[text("sign-in.away", { provider }), duration(entry.awayMs, locale)],
		[text("sign-in.calls", { provider }), shownValue(entry.calls, locale.language)],
		[text("sign-in.waiting", { provider }), waited],
		[text("sign-in.code"), html`<code>${entry.code}</code>`],
		...(entry.problem === null
			? []
			: [[text("sign-in.problem", { provider }), html`<code>${entry.problem}</code>`] as const]),
	];
}

export function noAttemptPage(typed: string, locale: Locale): Markup {
	const { text, markup } = locale;
	const code = html`<code>${typed === "" ? text("sign-in.none.no-code") : typed}</code>`;
	const lead = markup("sign-in.none.lead", { code });
	return html`${pageHead(text("sign-in.none.title"), lead)}<p>${text("sign-in.none.text", { days: KEPT_DAYS })}</p>${lookUpForm(locale)}`;
}

function wanted({ wanted }: SignInEntry, provider: string, { text }: Locale): string {
	switch (wanted) {
		case "log-in":
			return text("sign-in.purpose.log-in");
		case "link":
			return text("sign-in.purpose.link", { provider });
		case null:
			return text("sign-in.purpose.unknown");
	}
}
