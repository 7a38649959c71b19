import { html } from "hono/html";
import type { Invitation } from "../../../people/operator-invitations.ts";
import { ROLES, type Role } from "../../../people/operator-roles.ts";
import type { ListedOperator } from "../../../people/operator-roster.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems, problemSummary } from "../form-fields.ts";
import { pager, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, operatorPaths } from "../paths.ts";
import { ROLE_WORDS } from "./role-words.ts";

const ROLE_HELP: Readonly<Record<Role, string>> = {
	support: "Looks up users and sign-ins, to help people who cannot log in.",
	administrator: "Sets up log-ins, brands and users as well.",
	owner:
		"Also installs add-ons, whose code can do anything here, and decides who operates this helpdesk.",
};

/** The value of the choice that nobody needs a second factor. */
export const NOBODY = "nobody";

const REQUIRED_WORDS: Readonly<Record<Role, string>> = {
	support: "Every operator",
	administrator: "Administrators and owners",
	owner: "Owners",
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
}

export function operatorsPage(page: OperatorsPage): Markup {
	const { operators, own, csrf, message, typed, problems } = page;
	const rows = operators.map(
		({ id, email, role }) =>
			html`<tr><td><a href="${operatorPaths(id).operator}">${email}</a>${email === own ? html` <span class="soft">you</span>` : ""}</td><td>${ROLE_WORDS[role]}</td></tr>`,
	);
	const roles = ROLES.map((role) => html`<dt>${ROLE_WORDS[role]}</dt><dd>${ROLE_HELP[role]}</dd>`);
	const invite = html`<a class="button" href="#invite">Invite an operator</a>`;
	const lead = "Who can log in to the administration, and what each of them may do.";
	return html`${pageHead("Operators", lead, invite)}${message}${problemSummary(problems)}<table><caption class="unseen">People who can log in to the administration</caption><thead><tr><th scope="col">E-mail address</th><th scope="col">Role</th></tr></thead><tbody>${rows}</tbody></table>
<h2 id="invite">Invite an operator</h2><div class="card"><form method="post" action="${ADMIN_PATHS.operators}">${csrfField(csrf)}
<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="off" value="${typed}"${fieldTraits(problems, "email", false)} required>${fieldProblem(problems, "email")}
<label for="role">Role</label>${roleSelect("support")}<button type="submit">Invite</button></form></div>${openInvitations(page)}
<h2>Second factor</h2><div class="card"><form method="post" action="${ADMIN_PATHS.requireSecondFactor}">${csrfField(csrf)}
<label for="least">Who needs a second factor to log in</label>${requiredSelect(page.leastWithSecondFactor)}<p class="help">Operators who need one and have none must set it up before they do anything else, even if they are already logged in. That includes you.</p><button type="submit">Save</button></form></div>
<h2>Roles</h2><div class="card"><dl>${roles}</dl></div>`;
}

function openInvitations({ invited: { invitations, next, isFirst }, csrf }: OperatorsPage): Markup {
	if (invitations.length === 0 && isFirst) {
		return html``;
	}
	const rows = invitations.map(
		({ email, role, by }) =>
			html`<tr><td>${email}</td><td>${ROLE_WORDS[role]}</td><td>${by}</td><td><form method="post" action="${ADMIN_PATHS.withdrawInvitation}">${csrfField(csrf)}<input type="hidden" name="email" value="${email}"><button class="link" type="submit" aria-label="Withdraw the invitation of ${email}">Withdraw</button></form></td></tr>`,
	);
	const pages = pager({
		label: "Pages of invitations",
		first: isFirst ? undefined : ADMIN_PATHS.operators,
		next: next && withQuery(ADMIN_PATHS.operators, { invited: next }),
	});
	return html`
<h2>Open invitations</h2><p class="help lead">Each works for three days, as long as the person who sent it is an owner.</p><table><thead><tr><th scope="col">E-mail address</th><th scope="col">Role</th><th scope="col">Invited by</th><th scope="col">Actions</th></tr></thead><tbody>${rows}</tbody></table>${pages}`;
}

function requiredSelect(least: Role | null): Markup {
	const choices = [
		[NOBODY, "Nobody"] as const,
		...ROLES.toReversed().map((role) => [role, REQUIRED_WORDS[role]] as const),
	];
	const options = choices.map(
		([value, label]) =>
			html`<option value="${value}"${value === (least ?? NOBODY) ? html` selected` : ""}>${label}</option>`,
	);
	return html`<select id="least" name="least">${options}</select>`;
}

/** The page after an invitation. The link is shown here and nowhere else. */
export function invitedPage(email: string, link: string, isWritten: boolean): Markup {
	const sent = isWritten
		? html`<p>An e-mail with a link is on its way to ${email}. If it does not arrive, send this link yourself:</p>`
		: html`<p>This helpdesk has no mail server. Send this link to ${email} yourself:</p>`;
	return html`${pageHead(`${email} is invited`, "The link below works once, for three days.")}<div class="card">${sent}<p><code>${link}</code></p><p class="help">It is not shown again. Anyone who has it can accept the invitation.</p></div><p><a href="${ADMIN_PATHS.operators}">Operators</a></p>`;
}

/** The page of one operator. */
export function operatorPage({
	operator: { id, email, role },
	isOwn,
	isOnlyOwner,
	hasSecondFactor,
	csrf,
	message,
}: {
	readonly operator: ListedOperator;
	readonly isOwn: boolean;
	/** Whether nobody else is an owner, so that this one has to stay. */
	readonly isOnlyOwner: boolean;
	readonly hasSecondFactor: boolean;
	readonly csrf: string;
	readonly message: Markup;
}): Markup {
	const paths = operatorPaths(id);
	const warning = isOwn
		? html`<p class="help">This is you. If you remove yourself, only another owner can invite you again.</p>`
		: "";
	const removal = isOnlyOwner
		? html`<p>A helpdesk needs an owner, and this is the only one. Make somebody else an owner before you remove ${email}.</p>`
		: html`<p>This ends all sessions of ${email} at once. They can no longer log in to the administration.</p>${warning}<form method="post" action="${paths.remove}">${csrfField(csrf)}<button class="secondary danger" type="submit">Remove ${email}</button></form>`;
	const roleForm = isOnlyOwner
		? html`<p><strong>${ROLE_WORDS[role]}</strong></p><p class="help">A helpdesk needs an owner, and this is the only one. Make somebody else an owner before you change this role.</p>`
		: html`<form method="post" action="${paths.role}">${csrfField(csrf)}<label for="role">Role</label>${roleSelect(role)}<p class="help">The new role applies at once, also where they are logged in.${isOwn ? " This is you: without the role Owner you cannot open this page again, or change your role back." : ""}</p><button type="submit">Change role</button></form>`;
	const lead = hasSecondFactor
		? "The log-in asks for a second factor as well as the password."
		: "The password is enough to log in: no second factor is set up.";
	return html`${pageHead(email, lead)}${message}
<h2>Role</h2><div class="card">${roleForm}</div>
<h2>Sessions</h2><div class="card"><p>If a device of ${email} is lost, log them out of all browsers. Their password stays as it is.</p><form method="post" action="${paths.logOut}">${csrfField(csrf)}<button class="secondary danger" type="submit">Log out everywhere</button></form></div>
<h2>Remove</h2><div class="card">${removal}</div>`;
}

function roleSelect(chosen: Role): Markup {
	const options = ROLES.map(
		(role) =>
			html`<option value="${role}"${role === chosen ? html` selected` : ""}>${ROLE_WORDS[role]}</option>`,
	);
	return html`<select id="role" name="role">${options}</select>`;
}
