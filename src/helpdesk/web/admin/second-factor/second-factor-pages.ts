import { html } from "hono/html";
import type { Secret } from "../../../../contract/secret.ts";
import type { Locale } from "../../../locale/locale.ts";
import { inGroups } from "../../../people/mailed-code.ts";
import type { OwnFactor } from "../../../people/second-factor/second-factors.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems, problemSummary } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { RETURN_TO } from "../prove/prove-path.ts";
import { CODE_FIELD, type FactorFields, factorFields } from "./factor-fields.ts";
import { passkeyList } from "./passkey-pages.ts";
import { qrCode } from "./qr-code.ts";

export const PENDING_FIELD = "pending";
export const KEY_FIELD = "key";

/** The second page of the log-in. */
export function logInCodePage(form: {
	readonly csrf: string;
	readonly email: string;
	/** Proves that the password was right. */
	readonly pending: string;
	/** The page to go on with; empty for the first one. */
	readonly returnTo: string;
	readonly problem: Markup;
	/** The same, by its field. */
	readonly problems: Problems;
	readonly factor: FactorFields;
	readonly locale: Locale;
}): Markup {
	const { hasApp, request } = form.factor;
	const { text } = form.locale;
	const title = text(hasApp ? "log-in.code.title" : "log-in.code.other-title");
	const ofApp = request === undefined ? "log-in.code.app" : "log-in.code.app-or-passkey";
	const other = request === undefined ? "log-in.code.recovery" : "log-in.code.passkey";
	return html`<div class="card"><h1>${title}</h1>${form.problem}<p>${text(hasApp ? ofApp : other)}</p><form method="post" action="${ADMIN_PATHS.logInCode}">${csrfField(form.csrf)}<input type="hidden" name="email" autocomplete="username" value="${form.email}"><input type="hidden" name="${PENDING_FIELD}" value="${form.pending}"><input type="hidden" name="${RETURN_TO}" value="${form.returnTo}">${factorFields(form.factor, form.problems, form.locale)}<button type="submit">${text("log-in.submit")}</button></form><p class="help"><a href="${ADMIN_PATHS.logIn}">${text("log-in.code.other")}</a></p></div>`;
}

interface SetUpPage {
	readonly csrf: string;
	readonly key: Secret;
	/** The key for the form. */
	readonly sealed: string;
	/** The address that authenticator apps read. */
	readonly uri: Secret;
	/** Whether the role needs one, so that no other page opens before. */
	readonly isDue: boolean;
	/** Whether the operator has one, which this one replaces. */
	readonly replaces: boolean;
	/** What the page says about passkeys. */
	readonly passkey: Markup;
	readonly message: Markup;
	readonly problems: Problems;
	readonly locale: Locale;
}

export function setUpPage({ csrf, sealed, ...about }: SetUpPage): Markup {
	const { text } = about.locale;
	const due = about.isDue ? html`<div class="banner">${text("second-factor.due")}</div>` : "";
	const app = text(about.replaces ? "second-factor.app.text-replaces" : "second-factor.app.text");
	return html`${pageHead(text("second-factor.title"), text("second-factor.lead"))}${due}${about.message}${problemSummary(about.problems)}
<h2>${text("second-factor.app")}</h2><div class="card"><p>${app}</p><ol><li>${text("second-factor.app.install")}</li><li>${keyItem(about)}</li><li>${text("second-factor.app.enter")}</li></ol><form method="post" action="${ADMIN_PATHS.setUpSecondFactor}">${csrfField(csrf)}<input type="hidden" name="${KEY_FIELD}" value="${sealed}">
<label for="code">${text("second-factor.app.code")}</label><input id="code" name="${CODE_FIELD}" type="text" inputmode="numeric" autocomplete="one-time-code"${fieldTraits(about.problems, "code", false)} required>${fieldProblem(about.problems, "code")}<button type="submit">${text("second-factor.app.submit")}</button></form></div>
<h2 id="passkey">${text("second-factor.passkey")}</h2><div class="card">${about.passkey}</div>`;
}

/** How the key comes into the app. */
function keyItem({ key, uri, locale }: Pick<SetUpPage, "key" | "uri" | "locale">): Markup {
	const { text, markup } = locale;
	const shown = html`<code class="key">${inGroups(key.reveal())}</code>`;
	const link = (content: Markup) => html`<a href="${uri.reveal()}">${content}</a>`;
	return html`${text("second-factor.app.scan")}${qrCode(uri.reveal(), text("second-factor.app.picture"))}<p>${markup("second-factor.app.type", { key: shown })}</p><p class="help">${markup("second-factor.app.open", {}, { link })}</p>`;
}

/** The page with recovery codes. They are shown here and nowhere else. */
export function recoveryCodesPage(
	title: string,
	done: Markup,
	codes: readonly string[],
	{ text }: Locale,
): Markup {
	const items = codes.map((code) => html`<li><code>${inGroups(code)}</code></li>`);
	return html`${pageHead(title, text("second-factor.codes.lead"))}${done}<h2>${text("second-factor.codes")}</h2><div class="card"><p>${text("second-factor.codes.text")}</p><ul class="plain">${items}</ul><p class="help">${text("second-factor.codes.earlier")}</p></div><p><a href="${ADMIN_PATHS.profile}">${text("second-factor.codes.profile")}</a></p>`;
}

/** The part of the profile about the second factor. */
export function secondFactorCard(
	csrf: string,
	factor: OwnFactor | undefined,
	{
		isRequired,
		rpId,
		locale,
	}: {
		readonly isRequired: boolean;
		readonly rpId: string | undefined;
		readonly locale: Locale;
	},
): Markup {
	const { text } = locale;
	if (factor === undefined) {
		return html`<p>${text("profile.second-factor.none")}</p><p><a href="${ADMIN_PATHS.setUpSecondFactor}">${text("profile.second-factor.set-up")}</a></p>`;
	}
	const { recoveryCodesLeft: left, hasApp, passkeys } = factor;
	const ofApp = passkeys.length > 0 ? "app-or-passkey" : "app";
	const asks = text(`profile.second-factor.${hasApp ? ofApp : "passkey"}`);
	const codesLeft = text("profile.second-factor.codes-left", { count: left });
	const off = isRequired
		? html`<p class="help">${text("profile.second-factor.required")}</p>`
		: html`<form method="post" action="${ADMIN_PATHS.turnOffSecondFactor}">${csrfField(csrf)}<button class="secondary danger" type="submit">${text("profile.second-factor.off")}</button></form>`;
	return html`<p>${asks} ${codesLeft}</p>${passkeyList(csrf, passkeys, rpId, locale)}<p><a href="${ADMIN_PATHS.setUpSecondFactor}#passkey">${text("profile.second-factor.add-passkey")}</a></p><p><a href="${ADMIN_PATHS.setUpSecondFactor}">${text(hasApp ? "profile.second-factor.other-app" : "profile.second-factor.set-up-app")}</a></p><form method="post" action="${ADMIN_PATHS.recoveryCodes}">${csrfField(csrf)}<button class="secondary" type="submit">${text("profile.second-factor.renew-codes")}</button></form>${off}`;
}
