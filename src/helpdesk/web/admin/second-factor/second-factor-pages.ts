import { html } from "hono/html";
import type { Secret } from "../../../../contract/secret.ts";
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

export const WRONG_RECOVERY_CODE =
	"That recovery code isn't right, or has been used. Each of them works once: enter another one.";

export const WRONG_CODE =
	"That code isn't right, or has been used. Wait for the next one, and check that the time on your phone is right.";

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
}): Markup {
	const { hasApp, request } = form.factor;
	const title = hasApp ? "Enter the code" : "Use your second factor";
	const next = hasApp
		? `Now enter the code that your authenticator app shows for this helpdesk${request === undefined ? "" : ", or use a passkey"}.`
		: request === undefined
			? "Now enter a recovery code."
			: "Now use your passkey. Without JavaScript, or without the passkey, enter a recovery code.";
	return html`<div class="card"><h1>${title}</h1>${form.problem}<p>The password is right. ${next}</p><form method="post" action="${ADMIN_PATHS.logInCode}">${csrfField(form.csrf)}<input type="hidden" name="email" autocomplete="username" value="${form.email}"><input type="hidden" name="${PENDING_FIELD}" value="${form.pending}"><input type="hidden" name="${RETURN_TO}" value="${form.returnTo}">${factorFields(form.factor, form.problems)}<button type="submit">Log in</button></form><p class="help"><a href="${ADMIN_PATHS.logIn}">Log in as somebody else</a></p></div>`;
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
}

export function setUpPage({ csrf, key, sealed, uri, ...about }: SetUpPage): Markup {
	const due = about.isDue
		? html`<div class="banner">Your role needs a second factor. The other pages open once it is set up.</div>`
		: "";
	const replaces = about.replaces
		? html` The app that you use now no longer works afterwards, nor do your recovery codes.`
		: "";
	return html`${pageHead("Set up a second factor", "Once it is set up, your log-in asks for your password, and for a code from an app on your phone or a passkey.")}${due}${about.message}${problemSummary(about.problems)}
<h2>Authenticator app</h2><div class="card"><p>An app works in every browser, without JavaScript too.${replaces} Nothing changes until you enter a code.</p><ol><li>Install an authenticator app on your phone, if you have none. Any app for time-based codes (TOTP) works.</li><li>In the app, add an account and scan this picture:${qrCode(uri.reveal(), "QR code with the key below")}<p>If you cannot scan it, type this key: <code class="key">${inGroups(key.reveal())}</code></p><p class="help">On this device: <a href="${uri.reveal()}">open in an app</a></p></li><li>Enter the code that the app shows.</li></ol><form method="post" action="${ADMIN_PATHS.setUpSecondFactor}">${csrfField(csrf)}<input type="hidden" name="${KEY_FIELD}" value="${sealed}">
<label for="code">Code from the app</label><input id="code" name="${CODE_FIELD}" type="text" inputmode="numeric" autocomplete="one-time-code"${fieldTraits(about.problems, "code", false)} required>${fieldProblem(about.problems, "code")}<button type="submit">Set up</button></form></div>
<h2 id="passkey">Passkey</h2><div class="card">${about.passkey}</div>`;
}

/** The page with recovery codes. They are shown here and nowhere else. */
export function recoveryCodesPage(title: string, done: Markup, codes: readonly string[]): Markup {
	const items = codes.map((code) => html`<li><code>${inGroups(code)}</code></li>`);
	return html`${pageHead(title, "Copy the recovery codes below now: they are not shown again.")}${done}<h2>Recovery codes</h2><div class="card"><p>Keep these codes where you can find them without your phone: on paper, or in a password manager. If you cannot use the app or the passkey, each works once in its place.</p><ul class="plain">${items}</ul><p class="help">Earlier recovery codes no longer work.</p></div><p><a href="${ADMIN_PATHS.profile}">Your profile</a></p>`;
}

/** The part of the profile about the second factor. */
export function secondFactorCard(
	csrf: string,
	factor: OwnFactor | undefined,
	{ isRequired, rpId }: { readonly isRequired: boolean; readonly rpId: string | undefined },
): Markup {
	if (factor === undefined) {
		return html`<p>Your password is enough to log in. With a second factor, a stranger who learns your password cannot log in.</p><p><a href="${ADMIN_PATHS.setUpSecondFactor}">Set up a second factor</a></p>`;
	}
	const { recoveryCodesLeft: left, hasApp, passkeys } = factor;
	const app = hasApp ? "a code from your authenticator app" : "";
	const ways = [app, passkeys.length > 0 ? "a passkey" : ""].filter((each) => each !== "");
	const off = isRequired
		? html`<p class="help">Your role needs a second factor, so you cannot turn it off.</p>`
		: html`<form method="post" action="${ADMIN_PATHS.turnOffSecondFactor}">${csrfField(csrf)}<button class="secondary danger" type="submit">Turn off</button></form>`;
	return html`<p>Your log-in asks for your password and ${ways.join(" or ")}. ${left === 1 ? "1 recovery code is left." : `${left} recovery codes are left.`}</p>${passkeyList(csrf, passkeys, rpId)}<p><a href="${ADMIN_PATHS.setUpSecondFactor}#passkey">Add a passkey</a></p><p><a href="${ADMIN_PATHS.setUpSecondFactor}">${hasApp ? "Use another app or phone" : "Set up an authenticator app"}</a></p><form method="post" action="${ADMIN_PATHS.recoveryCodes}">${csrfField(csrf)}<button class="secondary" type="submit">Make new recovery codes</button></form>${off}`;
}
