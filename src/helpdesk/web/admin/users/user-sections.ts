import { html, raw } from "hono/html";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { Agreement } from "../../../openid/agreements.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { Session } from "../../../people/stored-session.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { deviceText, SESSION_FIELD } from "../../session-list.ts";
import { actorWords, deedWords, standingWords } from "../audit/audit-words.ts";
import type { ShownEntry } from "../audit/shown-entries.ts";
import { withQuery } from "../list-pager.ts";
import { ADMIN_PATHS, userPaths } from "../paths.ts";
import { OUTCOME_TEXTS } from "../sign-ins/sign-in-charts.ts";
import { attemptLink, moment } from "../sign-ins/sign-ins-page.ts";
import { linkedNames, type UserBrand } from "./user-page.ts";

/** The user whom a part of a page is about. */
export interface AboutUser {
	readonly user: Account;
	readonly brand: UserBrand;
	/** The language of the operator. */
	readonly locale: Locale;
}

/** A part of a page under its heading. @param all a link to the whole list, where the page shows the beginning. */
function section(id: string, title: string, content: Markup, all: Markup | string = ""): Markup {
	return html`<section><div class="list-head"><h2 id="${id}">${title}</h2>${all}</div>${content}</section>`;
}

/** The first row of a table. */
function headRow({ text }: Locale, labels: readonly TextKey[]): Markup {
	return html`<thead><tr>${labels.map((label) => html`<th scope="col">${text(label)}</th>`)}</tr></thead>`;
}

export function linkedSection(
	{ user, brand, locale }: AboutUser,
	linked: readonly LinkedByAddOn[],
): Markup {
	const { text } = locale;
	const names = linkedNames(linked, brand, locale);
	const items = linked.map((each, index) => {
		const { addOn, identityId, label } = each;
		const { id, name } = addOn.loaded.manifest;
		const question = withQuery(userPaths(user.id).unlink, { "add-on": id, identity: identityId });
		const isOnly = isOnlyWayIn(user, linked, each);
		const why = isOnly
			? html`<br><span class="soft">${text("user.linked.only-way-in")}</span>`
			: "";
		const of = text("user.linked.disconnect.of", { account: `${name} ${label}` });
		const way = isOnly
			? ""
			: html`<a class="danger" href="${question}" aria-label="${of}">${text("user.linked.disconnect")}</a>`;
		return html`<li class="linked"><span class="login-button-icon" aria-hidden="true">${raw(addOn.loaded.icon)}</span> <span>${names[index]}${why}</span> ${way}</li>`;
	});
	const content =
		items.length === 0
			? html`<p>${text("user.linked.none")}</p>`
			: html`<div class="card"><ul class="plain">${items}</ul></div>`;
	return section("linked", text("user.linked.title"), content);
}

/** Whether the add-on would refuse to disconnect an account, because the user could not log in without it. */
export function isOnlyWayIn(
	{ hasOtherWayIn }: Account,
	linked: readonly LinkedByAddOn[],
	{ addOn }: LinkedByAddOn,
): boolean {
	return !hasOtherWayIn && linked.filter((each) => each.addOn === addOn).length === 1;
}

const SIGN_IN_COLUMNS: readonly TextKey[] = [
	"user.sign-ins.when",
	"user.sign-ins.what",
	"user.sign-ins.result",
	"user.sign-ins.trace-code",
];

export function signInSection(
	{ user, brand, locale }: AboutUser,
	signIns: readonly { readonly entry: SignInEntry; readonly title: string }[],
): Markup {
	const { text } = locale;
	const title = text("user.sign-ins.title");
	const all = html`<a href="${withQuery(ADMIN_PATHS.signIns, { period: "month", user: user.id })}">${text("user.sign-ins.all")}</a>`;
	const rows = signIns.map(
		({ entry, title }) =>
			html`<tr><td>${moment(entry.at, brand)}</td><td><strong>${title}</strong></td><td><span class="outcome ${entry.outcome}">${text(OUTCOME_TEXTS[entry.outcome])}</span></td><td>${attemptLink(entry)}</td></tr>`,
	);
	return rows.length === 0
		? section("sign-ins", title, html`<p>${text("user.sign-ins.none")}</p>`)
		: section(
				"sign-ins",
				title,
				html`<table aria-labelledby="sign-ins">${headRow(locale, SIGN_IN_COLUMNS)}<tbody>${rows}</tbody></table>`,
				all,
			);
}

export interface ShownSessions extends AboutUser {
	/** The newest first. */
	readonly sessions: readonly Session[];
	/** Whether there may be more than are shown. */
	readonly hasMore: boolean;
	readonly csrf: string;
}

export function sessionSection(shown: ShownSessions): Markup {
	const { user, sessions, hasMore, locale } = shown;
	const { text } = locale;
	const paths = userPaths(user.id);
	const all = hasMore ? html`<a href="${paths.sessions}">${text("user.sessions.all")}</a>` : "";
	const end =
		sessions.length === 0
			? ""
			: html`<a class="danger" href="${paths.logOut}">${text("user.sessions.end-all")}</a>`;
	return section(
		"sessions",
		text("user.sessions.title"),
		sessionTable(shown),
		html`<span class="row-actions">${all}${end}</span>`,
	);
}

const SESSION_COLUMNS: readonly TextKey[] = [
	"user.sessions.device",
	"user.sessions.opened",
	"user.sessions.seen",
	"user.sessions.actions",
];

export function sessionTable({ user, brand, locale, sessions, csrf }: ShownSessions): Markup {
	const { text } = locale;
	if (sessions.length === 0) {
		return html`<p>${text("user.sessions.none")}</p>`;
	}
	const { endSession } = userPaths(user.id);
	const rows = sessions.map(({ id, device, openedAt, seenAt }) => {
		const name = deviceText(device, locale);
		const network =
			device.network === null ? "" : html`<br><span class="soft">${device.network}</span>`;
		return html`<tr><td><strong>${name}</strong>${network}</td><td>${moment(openedAt, brand)}</td><td>${moment(seenAt, brand)}</td><td><form method="post" action="${endSession}">${csrfField(csrf)}<input type="hidden" name="${SESSION_FIELD}" value="${id}"><button class="link danger" type="submit" aria-label="${text("user.sessions.end.of", { device: name })}">${text("user.sessions.end")}</button></form></td></tr>`;
	});
	return html`<table aria-labelledby="sessions">${headRow(locale, SESSION_COLUMNS)}<tbody>${rows}</tbody></table><p class="help">${text("user.sessions.help")}</p>`;
}

export function helpdeskSection(
	about: AboutUser,
	helpdesks: readonly Agreement[],
	hasMore: boolean,
): Markup {
	const { text } = about.locale;
	const all = hasMore
		? html`<a href="${userPaths(about.user.id).helpdesks}">${text("user.helpdesks.all")}</a>`
		: "";
	const title = text("user.helpdesks.title");
	return section("helpdesks", title, helpdeskTable(about, helpdesks), all);
}

const HELPDESK_COLUMNS: readonly TextKey[] = [
	"user.helpdesks.helpdesk",
	"user.helpdesks.address",
	"user.helpdesks.agreed",
];

export function helpdeskTable(
	{ brand, locale }: AboutUser,
	helpdesks: readonly Agreement[],
): Markup {
	const rows = helpdesks.map(
		({ name, address, at }) =>
			html`<tr><td><strong>${name}</strong></td><td>${address}</td><td><time>${sortableTime(at, "day", brand)}</time></td></tr>`,
	);
	return rows.length === 0
		? html`<p>${locale.text("user.helpdesks.none")}</p>`
		: html`<table aria-labelledby="helpdesks">${headRow(locale, HELPDESK_COLUMNS)}<tbody>${rows}</tbody></table>`;
}

const AUDIT_COLUMNS: readonly TextKey[] = [
	"user.audit.when",
	"user.audit.what",
	"user.audit.by",
	"user.audit.result",
];

/** What the audit trail says about a user: what was done to them, and what they did. */
export function auditSection(
	{ user, brand, locale }: AboutUser,
	entries: readonly ShownEntry[],
): Markup {
	const { text } = locale;
	const title = text("user.audit.title");
	const { audit } = ADMIN_PATHS;
	const all = html`<span class="row-actions"><a href="${withQuery(audit, { object: user.id })}">${text("user.audit.all-to")}</a> <a href="${withQuery(audit, { actor: user.id })}">${text("user.audit.all-by")}</a></span>`;
	const rows = entries.map(
		({ entry, standing }) =>
			html`<tr><td>${moment(entry.at, brand)}</td><td>${deedWords(entry, locale)}</td><td>${entry.actorId === user.id ? text("user.audit.the-user") : actorWords(entry, locale)}</td><td>${standingWords(standing, locale)}</td></tr>`,
	);
	return rows.length === 0
		? section("audit", title, html`<p>${text("user.audit.none")}</p>`)
		: section(
				"audit",
				title,
				html`<table aria-labelledby="audit">${headRow(locale, AUDIT_COLUMNS)}<tbody>${rows}</tbody></table>`,
				all,
			);
}
