import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { OWN_ADDRESS, type SharedAddress } from "../../../brands/administration-address.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { brandStates } from "./brand-states.ts";
import { checklist } from "./checklist.ts";
import { inRow } from "./in-row.ts";
import { MOST_LETTERS, type OverviewFacts } from "./overview-facts.ts";

export interface OverviewPage {
	readonly facts: OverviewFacts;
	readonly brands: readonly Brand[];
	readonly hasMailServer: boolean;
	/** See `OverviewRouteParts`. */
	readonly storageName: string | undefined;
	/** Whether the operator may set up add-ons. */
	readonly setsUp: boolean;
	/** For those who can change how the helpdesk is started. Undefined: the administration shares nothing. */
	readonly sharedAddress: SharedAddress | undefined;
	readonly locale: Locale;
}

/** The start page: what is left to do until visitors log in, and what needs an operator then. */
export function overviewPage(page: OverviewPage): Markup {
	const { facts, setsUp, locale } = page;
	const { text } = locale;
	const inUse = facts.addOns.filter(({ setUp }) => setUp.isActive);
	return html`${pageHead(text("overview.title"), text("overview.lead"))}${banner(page)}
${setsUp ? facts.addOns.map((each) => checklist(each, page)) : ""}${inUse.map((each) => brandStates(each, locale))}${help(locale)}${helpdeskState(page)}`;
}

function banner({ sharedAddress, locale: { text } }: OverviewPage): Markup {
	if (sharedAddress === undefined) {
		return html``;
	}
	const { what, administration, brand, address } = sharedAddress;
	const values = { administration, brand, address, ...OWN_ADDRESS };
	return html`<div class="banner">${text(`overview.shared-${what}`, values)}</div>`;
}

function help({ text, markup }: Locale): Markup {
	const to = (path: string) => (content: Markup) => html`<a href="${path}">${content}</a>`;
	return html`<h2>${text("overview.help.title")}</h2><div class="card"><ul class="plain"><li>${markup("overview.help.user", {}, { link: to(ADMIN_PATHS.users) })}</li><li>${markup("overview.help.trace", {}, { link: to(ADMIN_PATHS.signIns) })}</li></ul></div>`;
}

function helpdeskState(page: OverviewPage): Markup {
	const { facts, storageName, locale } = page;
	const { text } = locale;
	const { openJobs, problems, broken } = facts;
	const failing = [
		...problems.map((each) => text("overview.problem.duty", each)),
		...broken.map((id) => text("overview.problem.add-on", { id })),
	].map(
		(problem) =>
			html`<li class="check failed"><strong>${text("overview.problem")}</strong><span>${problem}</span></li>`,
	);
	const jobs =
		openJobs === 0
			? text("overview.jobs.none")
			: html`${text("overview.jobs.open", { count: openJobs })} <a href="${ADMIN_PATHS.jobs}">${text("overview.jobs.see")}</a>`;
	const storage =
		storageName === undefined
			? text("overview.storage.memory")
			: text("overview.storage.name", { storage: storageName });
	return html`<h2>${text("overview.helpdesk.title")}</h2><div class="card"><ul class="checks">${failing}${mail(page)}
<li><strong>${text("overview.jobs")}</strong><span>${jobs}</span></li>
${connected(facts.helpdesks, locale)}<li><strong>${text("overview.storage")}</strong><span>${storage}</span></li>${facts.updates.map((each) => update(each, locale))}</ul></div>`;
}

function mail({ facts, hasMailServer, locale: { text, say } }: OverviewPage): Markup {
	const { waitingLetters, mailProblem } = facts;
	const isFailing = hasMailServer && mailProblem !== undefined;
	const waits = text(
		waitingLetters === MOST_LETTERS ? "overview.mail.many-waiting" : "overview.mail.waiting",
		{ count: waitingLetters },
	);
	const see = html`${waits} <a href="${ADMIN_PATHS.mailbox}">${text("overview.mail.see")}</a>`;
	const waiting = isFailing
		? html`${text("overview.mail.failing", { problem: say(mailProblem) })} ${see}`
		: hasMailServer
			? waitingLetters === 0
				? text("overview.mail.none")
				: see
			: html`${text("overview.mail.no-server")} <a href="${ADMIN_PATHS.mailbox}">${text("overview.mail.read")}</a>`;
	return html`<li${isFailing ? html` class="check failed"` : ""}><strong>${text("overview.mail")}</strong><span>${waiting}</span></li>`;
}

function connected(facts: OverviewFacts["helpdesks"], locale: Locale): Markup {
	const { count, silent, failed, passed, isPartial } = facts;
	const { text } = locale;
	const title = html`<strong>${text("overview.connected")}</strong>`;
	if (count === 0 && !isPartial) {
		return html`<li>${title}<span>${text("overview.connected.none")}</span></li>`;
	}
	const sentences = [
		text(isPartial ? "overview.connected.at-least" : "overview.connected.count", { count }),
		...(silent.length === 0
			? []
			: [
					text("overview.connected.silent", {
						count: silent.length,
						names: named(silent, locale),
					}),
				]),
		...(failed.length === 0
			? []
			: [text("overview.connected.failed", { names: named(failed, locale) })]),
		...(passed === 0 ? [] : [text("overview.connected.passed", { count: passed })]),
	];
	const link = html`<a href="${ADMIN_PATHS.connectedHelpdesks}">${text("overview.connected.see")}</a>`;
	const looks = silent.length + failed.length === 0 ? "" : html` class="check failed"`;
	return html`<li${looks}>${title}<span>${sentences.join(" ")} ${link}</span></li>`;
}

/** How many helpdesks a sentence names. */
const MOST_NAMED = 5;

function named(all: readonly string[], locale: Locale): string {
	const names = inRow(all.slice(0, MOST_NAMED), locale);
	const count = all.length - MOST_NAMED;
	return count > 0 ? locale.text("overview.connected.more", { names, count }) : names;
}

function update({ addOn, version }: OverviewFacts["updates"][number], { text }: Locale): Markup {
	return html`<li><strong>${text("overview.update")}</strong><span>${text("overview.update.text", { version, name: addOn })} <a href="${ADMIN_PATHS.addOns}">${text("overview.update.install")}</a></span></li>`;
}
