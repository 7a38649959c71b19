import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { shownValue } from "../../../../contract/message-text.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { type InZone, sortableTime } from "../../../locale/shown-time.ts";
import { KEPT_DAYS, OUTCOMES, type SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { countOutcomes, PERIODS, type Period } from "../../../sign-ins/sign-in-figures.ts";
import type { Markup } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { userPath } from "../users/user-words.ts";
import { logInCostsCard, type ShownCosts } from "./log-in-costs-card.ts";
import {
	awayChart,
	OUTCOME_TEXTS,
	outcomesChart,
	reasonsChart,
	seconds,
} from "./sign-in-charts.ts";
import { signInPage } from "./sign-in-cursor.ts";
import { exportPathOf, pathOf, type SignInFilter } from "./sign-in-filter.ts";

export interface ShownSignIns {
	readonly brands: readonly Brand[];
	readonly filter: SignInFilter;
	/** Newest first. */
	readonly entries: readonly SignInEntry[];
	/** The title of the ends that the filter means; undefined where it names none. */
	readonly reason: string | undefined;
	/** The titles of all ends in the period, to choose from, and the filter for each. */
	readonly reasons: ReadonlyMap<string, string>;
	readonly titleOf: (entry: SignInEntry) => string;
	/** The names of the plugins that people log in with. */
	readonly providers: readonly string[];
	/** The name of the plugin of an attempt. */
	readonly providerOf: (entry: SignInEntry) => string;
	/** How many more requests belong to no log-in. They are only counted. `isWhole`: false where there are even more. */
	readonly strays: { readonly count: number; readonly isWhole: boolean };
	/** What log-ins cost, for each provider whose plugin knows its prices. */
	readonly costs: readonly ShownCosts[];
	/** The cursor of the page to show; undefined for the first one. */
	readonly after: string | undefined;
	/** What the only user is called whose attempts are shown; undefined where everybody's are. */
	readonly userName: string | undefined;
	readonly now: number;
	readonly locale: Locale;
}

const PERIOD_TEXTS: Readonly<Record<Period, TextKey>> = {
	day: "sign-ins.period.day",
	week: "sign-ins.period.week",
	month: "sign-ins.period.month",
	quarter: "sign-ins.period.quarter",
};

export function signInsPage(shown: ShownSignIns): Markup {
	const { brands, entries, locale } = shown;
	const { text } = locale;
	const brandName = (brandId: string): string =>
		brands.find(({ id }) => id === brandId)?.name ?? brandId;
	const costs = shown.costs.map((each) => logInCostsCard(each, brandName, locale));
	const found =
		entries.length === 0
			? html`${nothing(shown)}${costs}`
			: html`${charts(shown)}${costs}${list(shown)}`;
	const lead = text("sign-ins.lead", { providers: anyProvider(shown), days: KEPT_DAYS });
	return html`${pageHead(text("sign-ins.title"), lead)}${ofUser(shown)}
${lookUpForm(locale)}${filters(shown)}${found}${straysNote(shown)}`;
}

/** Says that one user's attempts are shown. */
function ofUser({ filter, userName, locale }: ShownSignIns): Markup {
	if (userName === undefined) {
		return html``;
	}
	const sentence = locale.markup(
		"sign-ins.of-user",
		{ name: userName },
		{
			link: (content) => html`<a href="${userPath(filter.userId)}">${content}</a>`,
			all: (content) => html`<a href="${pathOf({ ...filter, userId: "" })}">${content}</a>`,
		},
	);
	return html`<p class="notice" role="status">${sentence}</p>`;
}

function straysNote({ strays: { count, isWhole }, locale }: ShownSignIns): Markup {
	const sentence = isWhole ? "sign-ins.strays" : "sign-ins.strays.at-least";
	return count === 0
		? html``
		: html`<p class="help" id="strays">${locale.text(sentence, { count })}</p>`;
}

function anyProvider({ providers, locale }: ShownSignIns): string {
	return locale.either(providers);
}

export function lookUpForm({ text }: Locale): Markup {
	return html`<form class="card filters" method="get" action="${ADMIN_PATHS.signInAttempt}"><div><label for="trace">${text("sign-ins.trace")}</label><input id="trace" name="trace" required maxlength="64" autocomplete="off" spellcheck="false" placeholder="7F3K-9QWD"></div><div><button type="submit">${text("sign-ins.trace.submit")}</button></div></form>`;
}

export function attemptLink({ traceCode }: SignInEntry): Markup {
	return html`<a href="${ADMIN_PATHS.signInAttempt}?trace=${traceCode}"><code>${traceCode}</code></a>`;
}

/** A time to the second, with the zone that it is in. @param zone of the brand that it belongs to. */
export function moment(at: number, zone: InZone): Markup {
	return html`<time datetime="${new Date(at).toISOString()}">${sortableTime(at, "second", zone)}</time>`;
}

export function duration(ms: number | null, locale: Locale): string {
	if (ms === null) {
		return locale.text("sign-ins.duration.unknown");
	}
	const whole = Math.round(ms / 1000);
	if (whole < 60) {
		return seconds(ms, locale);
	}
	const minutes = Math.floor(whole / 60);
	return locale.text("sign-ins.duration.minutes", { minutes, seconds: whole % 60 });
}

function filters({ brands, reason, reasons, filter, locale }: ShownSignIns): Markup {
	const { text, language } = locale;
	const option = (value: string, label: string, chosen: string): Markup =>
		html`<option value="${value}"${value === chosen ? html` selected` : ""}>${label}</option>`;
	// A shared address may mean an end that no attempt of the period has.
	const asked =
		reason === undefined || reasons.has(reason) ? [] : [[reason, filter.ended] as const];
	const ended = reason === undefined ? filter.ended : (reasons.get(reason) ?? filter.ended);
	const titled = [...reasons, ...asked].sort(([a], [b]) => a.localeCompare(b, language));
	const periods = Object.keys(PERIODS) as Period[];
	return html`<form class="card filters" method="get" action="${ADMIN_PATHS.signIns}">${filter.userId === "" ? "" : html`<input type="hidden" name="user" value="${filter.userId}">`}
<div><label for="period">${text("sign-ins.period")}</label><select id="period" name="period">${periods.map((value) => option(value, text(PERIOD_TEXTS[value]), filter.period))}</select></div>
<div><label for="brand">${text("sign-ins.brand")}</label><select id="brand" name="brand">${option("", text("sign-ins.brand.all"), filter.brandId)}${brands.map(({ id, name }) => option(id, name, filter.brandId))}</select></div>
<div><label for="ended">${text("sign-ins.result")}</label><select id="ended" name="ended">${option("", text("sign-ins.result.all"), ended)}${OUTCOMES.map((each) => option(each, text(OUTCOME_TEXTS[each]), ended))}<optgroup label="${text("sign-ins.result.reasons")}">${titled.map(([title, value]) => option(value, title, ended))}</optgroup></select></div>
<div><button type="submit">${text("sign-ins.filter.submit")}</button></div></form>`;
}

function nothing(shown: ShownSignIns): Markup {
	const { filter, locale } = shown;
	const { text } = locale;
	const everything = [filter.brandId, filter.ended, filter.userId].every((each) => each === "");
	const [title, sentence] = everything
		? (["sign-ins.none.title", "sign-ins.none.text"] as const)
		: (["sign-ins.no-match.title", "sign-ins.no-match.text"] as const);
	return html`<div class="card snug"><h2>${text(title)}</h2><p>${text(sentence, { providers: anyProvider(shown) })}</p></div>`;
}

function charts(shown: ShownSignIns): Markup {
	const { entries, filter, reasons, titleOf, now, locale } = shown;
	const { text, language } = locale;
	const counts = countOutcomes(entries);
	const share = (count: number): string =>
		text("sign-ins.share", { percent: Math.round((100 * count) / Math.max(1, entries.length)) });
	const stats = OUTCOMES.map(
		(each) =>
			html`<div><dt>${text(OUTCOME_TEXTS[each])}</dt><dd><strong>${shownValue(counts[each], language)}</strong> (${share(counts[each])})</dd></div>`,
	);
	const pathOfReason = (title: string): string =>
		pathOf({ ...filter, ended: reasons.get(title) ?? filter.ended });
	return html`<dl class="stats"><div><dt>${text("sign-ins.attempts")}</dt><dd><strong>${shownValue(entries.length, language)}</strong></dd></div>${stats}</dl>
${outcomesChart(entries, filter.period, now, locale)}<div class="chart-pair">${reasonsChart(entries, titleOf, pathOfReason, locale)}${awayChart(entries, anyProvider(shown), locale)}</div>`;
}

function list(shown: ShownSignIns): Markup {
	const { entries, filter, after, locale } = shown;
	const { text } = locale;
	const { shown: onPage, start, newer, older } = signInPage(entries, after);
	const link = (cursor: string | null | undefined, label: TextKey): Markup =>
		cursor === undefined
			? html``
			: html`<a href="${pathOf(filter, cursor ?? undefined)}">${text(label)}</a>`;
	const range = { first: start + 1, last: start + onPage.length, all: entries.length };
	return html`<div class="list-head"><h2 id="list">${text("sign-ins.list.title")}</h2><a href="${exportPathOf(filter)}">${text("sign-ins.list.export", { count: entries.length })}</a></div>
<table aria-labelledby="list"><thead><tr><th scope="col">${text("sign-ins.list.when")}</th><th scope="col">${text("sign-ins.list.what")}</th><th scope="col">${text("sign-ins.list.result")}</th><th scope="col">${text("sign-ins.list.trace")}</th></tr></thead><tbody>${onPage.map((entry) => row(entry, shown))}</tbody></table>
<nav class="pager" aria-label="${text("sign-ins.list.pages")}">${link(newer, "sign-ins.list.newer")}<span class="soft">${text("sign-ins.list.range", range)}</span>${link(older, "sign-ins.list.older")}</nav>`;
}

function row(entry: SignInEntry, { brands, titleOf, providerOf, locale }: ShownSignIns): Markup {
	const { text } = locale;
	const brand = brands.find(({ id }) => id === entry.brandId);
	const calls = { count: entry.calls, provider: providerOf(entry) };
	const effort =
		entry.durationMs === null
			? text("sign-ins.list.calls", calls)
			: text("sign-ins.list.time-and-calls", {
					...{ ...calls, duration: duration(entry.durationMs, locale) },
				});
	return html`<tr><td>${moment(entry.at, brand ?? {})}<br><span class="soft">${brand?.name ?? entry.brandId}</span></td><td><strong>${titleOf(entry)}</strong><br><span class="soft">${effort}</span></td><td><span class="outcome ${entry.outcome}">${text(OUTCOME_TEXTS[entry.outcome])}</span></td><td>${attemptLink(entry)}</td></tr>`;
}
