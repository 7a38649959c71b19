import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { type InZone, sortableTime } from "../../../locale/shown-time.ts";
import { KEPT_DAYS, OUTCOMES, type SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { countOutcomes, PERIODS } from "../../../sign-ins/sign-in-figures.ts";
import type { Markup } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { userPath } from "../users/user-words.ts";
import { logInCostsCard, type ShownCosts } from "./log-in-costs-card.ts";
import { awayChart, outcomesChart, reasonsChart } from "./sign-in-charts.ts";
import { signInPage } from "./sign-in-cursor.ts";
import { endedBy, exportPathOf, pathOf, reasonIn, type SignInFilter } from "./sign-in-filter.ts";

export const OUTCOME_NAMES = {
	"came-in": "Logged in",
	cancelled: "Cancelled",
	refused: "Failed",
} as const satisfies Record<SignInEntry["outcome"], string>;

export interface ShownSignIns {
	readonly brands: readonly Brand[];
	readonly filter: SignInFilter;
	/** Newest first. */
	readonly entries: readonly SignInEntry[];
	/** The titles of all ends in the period, to choose from. */
	readonly titles: readonly string[];
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
}

export function signInsPage(shown: ShownSignIns): Markup {
	const { brands, entries, filter, providers } = shown;
	const brandName = (brandId: string): string =>
		brands.find(({ id }) => id === brandId)?.name ?? brandId;
	const costs = shown.costs.map((each) => logInCostsCard(each, brandName));
	const found =
		entries.length === 0
			? html`${nothing(shown)}${costs}`
			: html`${charts(shown)}${costs}${list(shown)}`;
	const lead = `The result of each attempt to log in with ${providers.join(" or ")}. Attempts are kept for ${KEPT_DAYS} days, without names and addresses. People who never came back from ${commonName(providers)} are not counted. Charts are in UTC, and the time of an attempt is in the time zone of its brand.`;
	return html`${pageHead("Sign-ins", lead)}${ofUser(shown)}
${lookUpForm()}${filters(shown, filter)}${found}${straysNote(shown.strays)}`;
}

/** Says that one user's attempts are shown. */
function ofUser({ filter, userName }: ShownSignIns): Markup {
	return userName === undefined
		? html``
		: html`<p class="notice" role="status">Only the attempts of <a href="${userPath(filter.userId)}">${userName}</a>, by the accounts with which they came in. <a href="${pathOf({ ...filter, userId: "" })}">Show everybody’s</a></p>`;
}

function straysNote({ count, isWhole }: ShownSignIns["strays"]): Markup {
	const callbacks = count === 1 ? "callback that belongs" : "callbacks that belong";
	const more = `${isWhole ? "" : "at least "}${count.toLocaleString("en")} more`;
	return count === 0
		? html``
		: html`<p class="help" id="strays">And ${more} ${callbacks} to no log-in. A network sent too many of them within an hour, so the rest were only counted. A callback with a made-up proof, which X refused, counts as one of them.</p>`;
}

/** The name of the only provider, or a word for several. */
function commonName(providers: readonly string[]): string {
	const [only = "", ...others] = providers;
	return others.length === 0 ? only : "the provider";
}

export function lookUpForm(): Markup {
	return html`<form class="card filters" method="get" action="${ADMIN_PATHS.signInAttempt}"><div><label for="trace">Trace code from a visitor</label><input id="trace" name="trace" required maxlength="64" autocomplete="off" spellcheck="false" placeholder="7F3K-9QWD"></div><div><button type="submit">Look up</button></div></form>`;
}

export function attemptLink({ traceCode }: SignInEntry): Markup {
	return html`<a href="${ADMIN_PATHS.signInAttempt}?trace=${traceCode}"><code>${traceCode}</code></a>`;
}

/** A time to the second, with the zone that it is in. @param zone of the brand that it belongs to. */
export function moment(at: number, zone: InZone): Markup {
	return html`<time datetime="${new Date(at).toISOString()}">${sortableTime(at, "second", zone)}</time>`;
}

export function duration(ms: number | null): string {
	if (ms === null) {
		return "not known";
	}
	const seconds = ms / 1000;
	if (seconds < 10) {
		return `${seconds.toFixed(1)} s`;
	}
	const whole = Math.round(seconds);
	return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function filters({ brands, titles }: ShownSignIns, filter: SignInFilter): Markup {
	const option = (value: string, label: string, chosen: string): Markup =>
		html`<option value="${value}"${value === chosen ? html` selected` : ""}>${label}</option>`;
	const reasons = [...new Set([...titles, reasonIn(filter) ?? []].flat())].sort((a, b) =>
		a.localeCompare(b),
	);
	return html`<form class="card filters" method="get" action="${ADMIN_PATHS.signIns}">${filter.userId === "" ? "" : html`<input type="hidden" name="user" value="${filter.userId}">`}
<div><label for="period">Period</label><select id="period" name="period">${Object.entries(PERIODS).map(([value, { label }]) => option(value, label, filter.period))}</select></div>
<div><label for="brand">Brand</label><select id="brand" name="brand">${option("", "All brands", filter.brandId)}${brands.map(({ id, name }) => option(id, name, filter.brandId))}</select></div>
<div><label for="ended">Result</label><select id="ended" name="ended">${option("", "All results", filter.ended)}${OUTCOMES.map((each) => option(each, OUTCOME_NAMES[each], filter.ended))}<optgroup label="Reasons">${reasons.map((title) => option(endedBy(title), title, filter.ended))}</optgroup></select></div>
<div><button type="submit">Show</button></div></form>`;
}

function nothing({ filter, providers }: ShownSignIns): Markup {
	const everything = [filter.brandId, filter.ended, filter.userId].every((each) => each === "");
	return html`<div class="card snug"><h2>${everything ? "No attempts in this period" : "No matching attempts in this period"}</h2><p>${
		everything
			? `Once visitors use the ${providers.join(" or ")} button, this page shows how many logged in, cancelled or failed, why, and how long ${commonName(providers)} took.`
			: "Choose another brand, another result or a longer period."
	}</p></div>`;
}

function charts({ entries, filter, titleOf, providers, now }: ShownSignIns): Markup {
	const counts = countOutcomes(entries);
	const share = (count: number): string =>
		`${Math.round((100 * count) / Math.max(1, entries.length))} %`;
	const stats = OUTCOMES.map(
		(each) =>
			html`<div><dt>${OUTCOME_NAMES[each]}</dt><dd><strong>${counts[each]}</strong> ${share(counts[each])}</dd></div>`,
	);
	return html`<dl class="stats"><div><dt>Attempts</dt><dd><strong>${entries.length}</strong></dd></div>${stats}</dl>
${outcomesChart(entries, filter.period, now)}<div class="chart-pair">${reasonsChart(entries, titleOf, (title) => pathOf({ ...filter, ended: endedBy(title) }))}${awayChart(entries, commonName(providers))}</div>`;
}

function list({ brands, entries, filter, titleOf, providerOf, after }: ShownSignIns): Markup {
	const { shown, start, newer, older } = signInPage(entries, after);
	const rows = shown.map((entry) => {
		const brand = brands.find(({ id }) => id === entry.brandId);
		const took = entry.durationMs === null ? "" : html`took ${duration(entry.durationMs)}, `;
		const provider = providerOf(entry);
		const calls =
			entry.calls === 1 ? `1 call to ${provider}` : `${entry.calls} calls to ${provider}`;
		return html`<tr><td>${moment(entry.at, brand ?? {})}<br><span class="soft">${brand?.name ?? entry.brandId}</span></td><td><strong>${titleOf(entry)}</strong><br><span class="soft">${took}${calls}</span></td><td><span class="outcome ${entry.outcome}">${OUTCOME_NAMES[entry.outcome]}</span></td><td>${attemptLink(entry)}</td></tr>`;
	});
	const link = (cursor: string | null | undefined, label: string): Markup =>
		cursor === undefined
			? html``
			: html`<a href="${pathOf(filter, cursor ?? undefined)}">${label}</a>`;
	const [first, last, all] = [start + 1, start + shown.length, entries.length].map((count) =>
		count.toLocaleString("en"),
	);
	return html`<div class="list-head"><h2 id="list">Attempts, newest first</h2><a href="${exportPathOf(filter)}">Export ${entries.length} as CSV</a></div>
<table aria-labelledby="list"><thead><tr><th scope="col">When</th><th scope="col">What happened</th><th scope="col">Result</th><th scope="col">Trace code</th></tr></thead><tbody>${rows}</tbody></table>
<nav class="pager" aria-label="Pages">${link(newer, "Newer")}<span class="soft">${first} to ${last} of ${all}</span>${link(older, "Older")}</nav>`;
}
