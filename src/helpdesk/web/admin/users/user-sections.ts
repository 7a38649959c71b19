import { html, raw } from "hono/html";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import { localeFor } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { Agreement } from "../../../openid/agreements.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { Session } from "../../../people/stored-session.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { deviceText, SESSION_FIELD } from "../../session-list.ts";
import { actorWords, deedWords, STANDING_WORDS } from "../audit/audit-words.ts";
import type { ShownEntry } from "../audit/shown-entries.ts";
import { withQuery } from "../list-pager.ts";
import { ADMIN_PATHS, userPaths } from "../paths.ts";
import { OUTCOME_TEXTS } from "../sign-ins/sign-in-charts.ts";
import { attemptLink, moment } from "../sign-ins/sign-ins-page.ts";
import { linkedNames, type UserBrand } from "./user-page.ts";

const ONLY_WAY_IN =
	"This is the only way in. It can be disconnected once the user has a password or a passkey. Until then, suspend or delete the user.";
const ENGLISH = localeFor(undefined, "en");

/** The user whom a part of a page is about. */
export interface AboutUser {
	readonly user: Account;
	readonly brand: UserBrand;
}

/** A part of a page under its heading. @param all a link to the whole list, where the page shows the beginning. */
function section(id: string, title: string, content: Markup, all: Markup | string = ""): Markup {
	return html`<section><div class="list-head"><h2 id="${id}">${title}</h2>${all}</div>${content}</section>`;
}

export function linkedSection(
	{ user, brand }: AboutUser,
	linked: readonly LinkedByAddOn[],
): Markup {
	const names = linkedNames(linked, brand);
	const items = linked.map((each, index) => {
		const { addOn, identityId, label } = each;
		const { id, name } = addOn.loaded.manifest;
		const question = withQuery(userPaths(user.id).unlink, { "add-on": id, identity: identityId });
		const isOnly = isOnlyWayIn(user, linked, each);
		const why = isOnly ? html`<br><span class="soft">${ONLY_WAY_IN}</span>` : "";
		const way = isOnly
			? ""
			: html`<a class="danger" href="${question}" aria-label="Disconnect ${name} ${label}">Disconnect</a>`;
		return html`<li class="linked"><span class="login-button-icon" aria-hidden="true">${raw(addOn.loaded.icon)}</span> <span>${names[index]}${why}</span> ${way}</li>`;
	});
	const content =
		items.length === 0
			? html`<p>Nothing is linked.</p>`
			: html`<div class="card"><ul class="plain">${items}</ul></div>`;
	return section("linked", "Linked accounts", content);
}

/** Whether the add-on would refuse to disconnect an account, because the user could not log in without it. */
export function isOnlyWayIn(
	{ hasOtherWayIn }: Account,
	linked: readonly LinkedByAddOn[],
	{ addOn }: LinkedByAddOn,
): boolean {
	return !hasOtherWayIn && linked.filter((each) => each.addOn === addOn).length === 1;
}

export function signInSection(
	{ user, brand }: AboutUser,
	signIns: readonly { readonly entry: SignInEntry; readonly title: string }[],
): Markup {
	const all = html`<a href="${withQuery(ADMIN_PATHS.signIns, { period: "month", user: user.id })}">All in Sign-ins</a>`;
	const rows = signIns.map(
		({ entry, title }) =>
			html`<tr><td>${moment(entry.at, brand)}</td><td><strong>${title}</strong></td><td><span class="outcome ${entry.outcome}">${ENGLISH.text(OUTCOME_TEXTS[entry.outcome])}</span></td><td>${attemptLink(entry)}</td></tr>`,
	);
	return rows.length === 0
		? section(
				"sign-ins",
				"Last sign-ins",
				html`<p>None in the last 90 days. Log-ins with a password are not listed.</p>`,
			)
		: section(
				"sign-ins",
				"Last sign-ins",
				html`<table aria-labelledby="sign-ins"><thead><tr><th scope="col">When</th><th scope="col">What happened</th><th scope="col">Result</th><th scope="col">Trace code</th></tr></thead><tbody>${rows}</tbody></table>`,
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
	const { user, sessions, hasMore } = shown;
	const paths = userPaths(user.id);
	const all = hasMore ? html`<a href="${paths.sessions}">All sessions</a>` : "";
	const end =
		sessions.length === 0 ? "" : html`<a class="danger" href="${paths.logOut}">End all</a>`;
	return section(
		"sessions",
		"Sessions",
		sessionTable(shown),
		html`<span class="row-actions">${all}${end}</span>`,
	);
}

export function sessionTable({ user, brand, sessions, csrf }: ShownSessions): Markup {
	if (sessions.length === 0) {
		return html`<p>The user is logged in nowhere.</p>`;
	}
	const { endSession } = userPaths(user.id);
	const rows = sessions.map(({ id, device, openedAt, seenAt }) => {
		const name = deviceText(device, ENGLISH);
		const network =
			device.network === null ? "" : html`<br><span class="soft">${device.network}</span>`;
		return html`<tr><td><strong>${name}</strong>${network}</td><td>${moment(openedAt, brand)}</td><td>${moment(seenAt, brand)}</td><td><form method="post" action="${endSession}">${csrfField(csrf)}<input type="hidden" name="${SESSION_FIELD}" value="${id}"><button class="link danger" type="submit" aria-label="End: ${name}">End</button></form></td></tr>`;
	});
	return html`<table aria-labelledby="sessions"><thead><tr><th scope="col">Device</th><th scope="col">Logged in</th><th scope="col">Last use noted</th><th scope="col">Actions</th></tr></thead><tbody>${rows}</tbody></table><p class="help">A portal notes a use when somebody logs in or proves who they are. Reading pages is not noted.</p>`;
}

export function helpdeskSection(
	about: AboutUser,
	helpdesks: readonly Agreement[],
	hasMore: boolean,
): Markup {
	const all = hasMore
		? html`<a href="${userPaths(about.user.id).helpdesks}">All helpdesks</a>`
		: "";
	return section("helpdesks", "Helpdesks used", helpdeskTable(about, helpdesks), all);
}

export function helpdeskTable({ brand }: AboutUser, helpdesks: readonly Agreement[]): Markup {
	const rows = helpdesks.map(
		({ name, address, at }) =>
			html`<tr><td><strong>${name}</strong></td><td>${address}</td><td>${sortableTime(at, "day", brand)}</td></tr>`,
	);
	return rows.length === 0
		? html`<p>The user has agreed to none.</p>`
		: html`<table aria-labelledby="helpdesks"><thead><tr><th scope="col">Helpdesk</th><th scope="col">Address</th><th scope="col">Agreed on</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** What the audit trail says about a user: what was done to them, and what they did. */
export function auditSection({ user, brand }: AboutUser, entries: readonly ShownEntry[]): Markup {
	const { audit } = ADMIN_PATHS;
	const all = html`<span class="row-actions"><a href="${withQuery(audit, { object: user.id })}">All done to them</a> <a href="${withQuery(audit, { actor: user.id })}">All done by them</a></span>`;
	const rows = entries.map(
		({ entry, standing }) =>
			html`<tr><td>${moment(entry.at, brand)}</td><td>${deedWords(entry)}</td><td>${entry.actorId === user.id ? "The user" : actorWords(entry)}</td><td>${STANDING_WORDS[standing]}</td></tr>`,
	);
	return rows.length === 0
		? section("audit", "Audit trail", html`<p>No entries about the user.</p>`)
		: section(
				"audit",
				"Audit trail",
				html`<table aria-labelledby="audit"><thead><tr><th scope="col">When</th><th scope="col">What happened</th><th scope="col">By</th><th scope="col">Result</th></tr></thead><tbody>${rows}</tbody></table>`,
				all,
			);
}
