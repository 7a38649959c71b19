import type { Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { NewDeed } from "../../../audit/audit-entry.ts";
import type { Locale } from "../../../locale/locale.ts";
import { commonPasswords } from "../../../people/common-passwords.ts";
import type { Invitation, OperatorInvitations } from "../../../people/operator-invitations.ts";
import { problemWithPassword } from "../../../people/password-rules.ts";
import { csrfField, type Markup } from "../../layout.ts";
import type { RefusalNotes } from "../../refusal-notes.ts";
import { signIn } from "../../signing-in.ts";
import { field, type VisitEnv } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import {
	fieldProblem,
	fieldTraits,
	NO_PROBLEMS,
	type Problems,
	problemSummary,
	problemWith,
} from "../form-fields.ts";
import { type LogInParts, TOO_MANY } from "../log-in/log-in-routes.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { MIN_OPERATOR_PASSWORD, passwordRefusal } from "../profile/profile-page.ts";
import { ROLE_WORDS } from "./role-words.ts";

export interface InvitationParts extends LogInParts {
	readonly brands: readonly Brand[];
	readonly invitations: OperatorInvitations;
	readonly refusals: RefusalNotes;
}

/** The counter of guesses at invitations, which are of no account. */
const GUESSED = "an operator's invitation";

/** The page that an invited person opens, without a session. */
export function invitationRoutes(app: Hono<VisitEnv>, parts: InvitationParts): void {
	const { invitations, operators, place, show } = parts;
	const over = async (c: AdminContext) => {
		await parts.refusals.note(c, "operator.invitation-failed", "gone");
		return show(c, c.var.visit.locale.text("invitation.title"), overPage(c.var.visit.locale), 410);
	};
	const showForm = async (c: AdminContext, token: string, problems: Problems, status = 200) => {
		const invitation = await invitations.find(token);
		if (invitation === undefined) {
			return over(c);
		}
		const { csrf, locale } = c.var.visit;
		const content = page({ csrf, token, invitation, problems, locale });
		return show(c, locale.text("invitation.title"), content, status);
	};

	app.get(ADMIN_PATHS.invitation, async (c) =>
		showForm(c, c.req.query("token") ?? "", NO_PROBLEMS),
	);
	app.post(ADMIN_PATHS.invitation, async (c) => {
		const { form } = c.var.visit;
		const token = field(form, "token") ?? "";
		const password = field(form, "new") ?? "";
		const invitation = await invitations.find(token);
		if (invitation === undefined) {
			return over(c);
		}
		const problem = problemWithPassword(password, {
			known: [invitation.email, ...parts.brands.map(({ name }) => name)],
			common: await commonPasswords(),
			min: MIN_OPERATOR_PASSWORD,
		});
		if (problem !== undefined) {
			return showForm(
				c,
				token,
				problemWith("new", passwordRefusal(problem, c.var.visit.locale)),
				400,
			);
		}
		const accepted: NewDeed = {
			name: "operator.accept",
			actor: { kind: "operator", id: invitation.email },
			network: parts.networkOf(c),
		};
		const email = await parts.attemptPassword(c, GUESSED, () =>
			parts.audit.trail.during(accepted, () => invitations.accept(token, password)),
		);
		if (email === "too-many") {
			return showForm(c, token, problemWith("new", c.var.visit.locale.text(TOO_MANY)), 429);
		}
		if (email === undefined) {
			return over(c);
		}
		await operators.noteLocale(email, c.var.visit.locale.tag);
		const sessionEpoch = (await operators.sessionEpochOf(email)) ?? 0;
		await signIn(c, place, { id: email, email, sessionEpoch });
		return c.redirect(ADMIN_PATHS.overview, 303);
	});
}

function overPage({ text, markup }: Locale): Markup {
	const link = (content: Markup) => html`<a href="${ADMIN_PATHS.logIn}">${content}</a>`;
	return html`<div class="card"><h1>${text("invitation.over")}</h1><p>${text("invitation.over.text")}</p><p>${markup("invitation.over.log-in", {}, { link })}</p></div>`;
}

function page({
	csrf,
	token,
	invitation: { email, role, by: inviter },
	problems,
	locale: { text },
}: {
	readonly csrf: string;
	readonly token: string;
	readonly invitation: Invitation;
	readonly problems: Problems;
	readonly locale: Locale;
}): Markup {
	const invited = text("invitation.text", { inviter, role: text(ROLE_WORDS[role]) });
	const help = text("invitation.password.help", { least: MIN_OPERATOR_PASSWORD });
	return html`<div class="card"><h1>${text("invitation.heading")}</h1>${problemSummary(problems)}<p>${invited}</p><form method="post" action="${ADMIN_PATHS.invitation}">${csrfField(csrf)}<input type="hidden" name="token" value="${token}">
<label for="email">${text("invitation.email")}</label><input id="email" type="email" autocomplete="username" value="${email}" readonly>
<label for="new">${text("invitation.password")}</label><input id="new" name="new" type="password" autocomplete="new-password" minlength="${MIN_OPERATOR_PASSWORD}" ${fieldTraits(problems, "new", true)} required>
<p class="help" id="new-help">${help}</p>${fieldProblem(problems, "new")}<button type="submit">${text("invitation.submit")}</button></form></div>`;
}
