import { html } from "hono/html";
import { localeFor } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import { MAX_PASSWORD, type PasswordProblem } from "../../../people/password-rules.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { type SessionList, sessionList } from "../../session-list.ts";
import { fieldProblem, fieldTraits, type Problems } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";

const ENGLISH = localeFor(undefined, "en");

/** The operator's sessions, and which of them is this browser's. */
type SessionsView = Pick<SessionList, "sessions" | "ownId">;

/** The shortest password of an operator, in characters. */
export const MIN_OPERATOR_PASSWORD = 12;

/** Why a new password is refused, and what to do. */
export const REFUSALS: Readonly<Record<PasswordProblem, string>> = {
	short: `Choose a new password of at least ${MIN_OPERATOR_PASSWORD} characters.`,
	long: `Choose a new password of at most ${MAX_PASSWORD} characters.`,
	repeated:
		"The new password repeats the same few characters. Choose one with more variety, such as several words.",
	common:
		"Many people use the new password, so strangers try it first. Choose another one, such as several words that do not belong together.",
	known:
		"Strangers can guess the new password from your e-mail address or the name of a brand. Choose one that has nothing to do with them.",
};

interface ProfilePage {
	readonly csrf: string;
	readonly email: string;
	readonly message: Markup;
	readonly problems: Problems;
	readonly sessions: SessionsView;
	/** What the page says about the address. */
	readonly address: Markup;
	/** Whether they have chosen alerts about log-ins. */
	readonly alerts: boolean;
	/** Whether the helpdesk made their address up, so that nobody reads e-mails there. */
	readonly isMadeUp: boolean;
	/** What the page says about the second factor. */
	readonly secondFactor: Markup;
}

export function profilePage(page: ProfilePage): Markup {
	const { csrf, email, message, problems, address, sessions, secondFactor, alerts, isMadeUp } =
		page;
	const unread =
		alerts && isMadeUp
			? html`<p class="problem">You get none yet: nobody reads ${email}, the address that this helpdesk began with. Change it under <a href="#address">E-mail address</a>.</p>`
			: "";
	const lead = html`You are logged in as <strong>${email}</strong>.`;
	return html`${pageHead("Your profile", lead)}${message}<h2 id="password">Password</h2><div class="card"><form method="post" action="${ADMIN_PATHS.profile}">${csrfField(csrf)}
<label for="current">Current password</label><input id="current" name="current" type="password" autocomplete="current-password"${fieldTraits(problems, "current", false)} required>${fieldProblem(problems, "current")}
<label for="new">New password</label><input id="new" name="new" type="password" autocomplete="new-password" minlength="${MIN_OPERATOR_PASSWORD}" ${fieldTraits(problems, "new", true)} required>
<p class="help" id="new-help">At least ${MIN_OPERATOR_PASSWORD} characters. Several words that do not belong together make a good password.</p>${fieldProblem(problems, "new")}<button type="submit">Change password</button></form></div>
<h2 id="address">E-mail address</h2><div class="card">${address}</div>
<h2 id="second-factor">Second factor</h2><div class="card">${secondFactor}</div>
<h2 id="alerts">Alerts</h2><div class="card"><form method="post" action="${ADMIN_PATHS.chooseAlerts}">${csrfField(csrf)}<label class="toggle"><input type="checkbox" name="alerts" aria-describedby="alerts-help"${alerts ? html` checked` : ""}>E-mail me when log-ins fail</label>
<p class="help" id="alerts-help">One e-mail when log-ins at a brand begin to fail, and one when they work again.</p>${unread}<button type="submit">Save</button></form></div>
<h2 id="sessions">Your sessions</h2><div class="card"><p class="soft">A session ends 12 hours after it began, or after 30 minutes without a request.</p>${sessionList(
		{
			...sessions,
			...{ csrf, locale: ENGLISH, showsUse: true },
			endAt: ADMIN_PATHS.endSession,
			endOthersAt: ADMIN_PATHS.logOutElsewhere,
			shownTime: (at) => sortableTime(at, "minute", {}),
		},
	)}</div>`;
}
