import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import { MAX_PASSWORD, type PasswordProblem } from "../../../people/password-rules.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { type SessionList, sessionList } from "../../session-list.ts";
import { fieldProblem, fieldTraits, type Problems } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** The operator's sessions, and which of them is this browser's. */
type SessionsView = Pick<SessionList, "sessions" | "ownId">;

/** The shortest password of an operator, in characters. */
export const MIN_OPERATOR_PASSWORD = 12;

/** Why a new password is refused, and what to do. */
export function passwordRefusal(problem: PasswordProblem, { text }: Locale): string {
	const count = problem === "long" ? MAX_PASSWORD : MIN_OPERATOR_PASSWORD;
	return text(`profile.password.${problem}`, { count });
}

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
	readonly locale: Locale;
}

export function profilePage(page: ProfilePage): Markup {
	const { email, message, address, secondFactor, locale } = page;
	const { text, markup } = locale;
	const strong = (content: Markup) => html`<strong>${content}</strong>`;
	const lead = markup("profile.lead", { email }, { strong });
	return html`${pageHead(text("profile.title"), lead)}${message}${passwordSection(page)}
<h2 id="address">${text("profile.address")}</h2><div class="card">${address}</div>
<h2 id="second-factor">${text("profile.second-factor")}</h2><div class="card">${secondFactor}</div>
${alertsSection(page)}
${sessionsSection(page)}`;
}

function passwordSection({ csrf, problems, locale: { text } }: ProfilePage): Markup {
	const help = text("profile.password.new-help", { count: MIN_OPERATOR_PASSWORD });
	return html`<h2 id="password">${text("profile.password")}</h2><div class="card"><form method="post" action="${ADMIN_PATHS.profile}">${csrfField(csrf)}
<label for="current">${text("profile.password.current")}</label><input id="current" name="current" type="password" autocomplete="current-password"${fieldTraits(problems, "current", false)} required>${fieldProblem(problems, "current")}
<label for="new">${text("profile.password.new")}</label><input id="new" name="new" type="password" autocomplete="new-password" minlength="${MIN_OPERATOR_PASSWORD}" ${fieldTraits(problems, "new", true)} required>
<p class="help" id="new-help">${help}</p>${fieldProblem(problems, "new")}<button type="submit">${text("profile.password.submit")}</button></form></div>`;
}

function alertsSection({ csrf, email, alerts, isMadeUp, locale }: ProfilePage): Markup {
	const { text, markup } = locale;
	const link = (content: Markup) => html`<a href="#address">${content}</a>`;
	const unread =
		alerts && isMadeUp
			? html`<p class="problem">${markup("profile.alerts.unread", { email }, { link })}</p>`
			: "";
	return html`<h2 id="alerts">${text("profile.alerts")}</h2><div class="card"><form method="post" action="${ADMIN_PATHS.chooseAlerts}">${csrfField(csrf)}<label class="toggle"><input type="checkbox" name="alerts" aria-describedby="alerts-help"${alerts ? html` checked` : ""}>${text("profile.alerts.choose")}</label>
<p class="help" id="alerts-help">${text("profile.alerts.help")}</p>${unread}<button type="submit">${text("profile.alerts.submit")}</button></form></div>`;
}

function sessionsSection({ csrf, sessions, locale }: ProfilePage): Markup {
	const { text } = locale;
	const list = sessionList({
		...sessions,
		...{ csrf, locale, showsUse: true },
		endAt: ADMIN_PATHS.endSession,
		endOthersAt: ADMIN_PATHS.logOutElsewhere,
		shownTime: (at) => sortableTime(at, "minute", {}),
	});
	return html`<h2 id="sessions">${text("profile.sessions")}</h2><div class="card"><p class="soft">${text("profile.sessions.help")}</p>${list}</div>`;
}
