import { html } from "hono/html";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { Invitation } from "../../../people/operator-invitations.ts";
import { ROLES, type Role } from "../../../people/operator-roles.ts";
import type { ListedOperator } from "../../../people/operator-roster.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems, problemSummary } from "../form-fields.ts";
import { pager, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, operatorPaths } from "../paths.ts";
import { ROLE_WORDS } from "./role-words.ts";

const ROLE_HELP: Readonly<Record<Role, TextKey>> = {
	support: "role.support.help",
	administrator: "role.administrator.help",
	owner: "role.owner.help",
};

/** The value of the choice that nobody needs a second factor. */
export const NOBODY = "nobody";

const REQUIRED_WORDS: Readonly<Record<Role, TextKey>> = {
	support: "operators.second-factor.everybody",
	administrator: "operators.second-factor.administrators",
	owner: "operators.second-factor.owners",
};

interface OperatorsPage {
	readonly operators: readonly ListedOperator[];
	/** Some of the invitations that nobody has accepted yet. */
	readonly invited: {
		readonly invitations: readonly Invitation[];
		/** The cursor of the next page. */
		readonly next: string | undefined;
		readonly isFirst: boolean;
	};
	/** The least role that needs a second factor; null: none does. */
	readonly leastWithSecondFactor: Role | null;
	/** The address of the operator who looks. */
	readonly own: string;
	readonly csrf: string;
	readonly message: Markup;
	/** The address that was typed before a problem. */
	readonly typed: string;
	readonly problems: Problems;
	readonly locale: Locale;
}

export function operatorsPage(page: OperatorsPage): Markup {
	const { message, problems, locale } = page;
	const { text } = locale;
	const roles = ROLES.map(
		(role) => html`<dt>${text(ROLE_WORDS[role])}</dt><dd>${text(ROLE_HELP[role])}</dd>`,
	);
	const invite = html`<a class="button" href="#invite">${text("operators.invite")}</a>`;
	const head = pageHead(text("operators.title"), text("operators.lead"), invite);
	return html`${head}${message}${problemSummary(problems)}${operatorTable(page)}
${inviteForm(page)}${openInvitations(page)}
${secondFactorForm(page)}
<h2>${text("operators.roles")}</h2><div class="card"><dl>${roles}</dl></div>`;
}

function operatorTable({ operators, own, locale: { text } }: OperatorsPage): Markup {
	const you = html` <span class="soft">${text("operators.you")}</span>`;
	const rows = operators.map(
		({ id, email, role }) =>
			html`<tr><td><a href="${operatorPaths(id).operator}">${email}</a>${email === own ? you : ""}</td><td>${text(ROLE_WORDS[role])}</td></tr>`,
	);
	return html`<table><caption class="unseen">${text("operators.caption")}</caption><thead><tr><th scope="col">${text("operators.column.email")}</th><th scope="col">${text("operators.column.role")}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function inviteForm({ csrf, typed, problems, locale }: OperatorsPage): Markup {
	const { text } = locale;
	return html`<h2 id="invite">${text("operators.invite.heading")}</h2><div class="card"><form method="post" action="${ADMIN_PATHS.operators}">${csrfField(csrf)}
<label for="email">${text("operators.invite.email")}</label><input id="email" name="email" type="email" autocomplete="off" value="${typed}"${fieldTraits(problems, "email", false)} required>${fieldProblem(problems, "email")}
<label for="role">${text("operators.invite.role")}</label>${roleSelect("support", locale)}<button type="submit">${text("operators.invite.submit")}</button></form></div>`;
}

function secondFactorForm({ csrf, leastWithSecondFactor, locale }: OperatorsPage): Markup {
	const { text } = locale;
	return html`<h2>${text("operators.second-factor")}</h2><div class="card"><form method="post" action="${ADMIN_PATHS.requireSecondFactor}">${csrfField(csrf)}
<label for="least">${text("operators.second-factor.who")}</label>${requiredSelect(leastWithSecondFactor, locale)}<p class="help">${text("operators.second-factor.help")}</p><button type="submit">${text("operators.second-factor.submit")}</button></form></div>`;
}

function openInvitations({
	invited: { invitations, next, isFirst },
	csrf,
	locale,
}: OperatorsPage): Markup {
	if (invitations.length === 0 && isFirst) {
		return html``;
	}
	const { text } = locale;
	const rows = invitations.map(
		({ email, role, by }) =>
			html`<tr><td>${email}</td><td>${text(ROLE_WORDS[role])}</td><td>${by}</td><td><form method="post" action="${ADMIN_PATHS.withdrawInvitation}">${csrfField(csrf)}<input type="hidden" name="email" value="${email}"><button class="link" type="submit" aria-label="${text("operators.invitations.withdraw.label", { email })}">${text("operators.invitations.withdraw")}</button></form></td></tr>`,
	);
	const pages = pager({
		label: text("operators.invitations.pages"),
		first: isFirst ? undefined : ADMIN_PATHS.operators,
		next: next && withQuery(ADMIN_PATHS.operators, { invited: next }),
		locale,
	});
	return html`
<h2>${text("operators.invitations")}</h2><p class="help lead">${text("operators.invitations.lead")}</p><table><thead><tr><th scope="col">${text("operators.column.email")}</th><th scope="col">${text("operators.column.role")}</th><th scope="col">${text("operators.column.invited-by")}</th><th scope="col">${text("operators.column.actions")}</th></tr></thead><tbody>${rows}</tbody></table>${pages}`;
}

function requiredSelect(least: Role | null, { text }: Locale): Markup {
	const choices = [
		[NOBODY, text("operators.second-factor.nobody")] as const,
		...ROLES.toReversed().map((role) => [role, text(REQUIRED_WORDS[role])] as const),
	];
	const options = choices.map(
		([value, label]) =>
			html`<option value="${value}"${value === (least ?? NOBODY) ? html` selected` : ""}>${label}</option>`,
	);
	return html`<select id="least" name="least">${options}</select>`;
}

export function roleSelect(chosen: Role, { text }: Locale): Markup {
	const options = ROLES.map(
		(role) =>
			html`<option value="${role}"${role === chosen ? html` selected` : ""}>${text(ROLE_WORDS[role])}</option>`,
	);
	return html`<select id="role" name="role">${options}</select>`;
}

/** The page after an invitation. The link is shown here and nowhere else. */
export function invitedPage(
	email: string,
	link: string,
	isWritten: boolean,
	{ text }: Locale,
): Markup {
	const head = pageHead(text("invited.title", { email }), text("invited.lead"));
	const sent = text(isWritten ? "invited.sent" : "invited.not-sent", { email });
	return html`${head}<div class="card"><p>${sent}</p><p><code>${link}</code></p><p class="help">${text("invited.help")}</p></div><p><a href="${ADMIN_PATHS.operators}">${text("invited.back")}</a></p>`;
}
