import { html } from "hono/html";
import type { EmailGap } from "../../../openid/claims.ts";
import type { Claims, TestResult } from "../../../openid/helpdesk-tests.ts";
import { type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";

const MEANINGS: ReadonlyMap<string, string> = new Map([
	["sub", "The user's id here. It never changes."],
	["preferred_username", "The id again, as a user name. It never changes."],
	["name", "The name that the user has chosen."],
	["nickname", "The user's handle at X, without the @. It may change hands."],
	["email_verified", "The user has proven that they read this address."],
	["iss", "The issuer."],
	["aud", "The client ID."],
]);

/** What a test has shown. */
export function testPage(result: TestResult): Markup {
	const list = html`<p><a href="${ADMIN_PATHS.connectedHelpdesks}">Connected helpdesks</a></p>`;
	if (result.kind === "over") {
		return html`${pageHead("This test is over", "It was already shown, it took longer than an hour, or it began in another browser. Press Test again.")}${list}`;
	}
	const { name } = result.helpdesk;
	if (result.kind === "refused") {
		return html`${pageHead(`${name} would receive an error`, "Nobody would be logged in there. Press Test again, and go on to the end.")}${notice(`${name} would be told: ${result.error}`, true)}${list}`;
	}
	const { idToken, userInfo, missing } = result;
	const gap = missing ? html`<p>${gapSentence(missing, name)}</p>` : "";
	return html`${pageHead(`What ${name} would receive`, `${name} itself received nothing.`)}${notice("The log-in works.")}${gap}
<h2>ID token</h2><div class="card">${claimList(idToken)}</div><h2>Userinfo</h2><div class="card">${claimList(userInfo)}</div>${list}`;
}

function gapSentence(
	{ gap, email }: { readonly gap: EmailGap; readonly email: string | null },
	name: string,
): string {
	switch (gap) {
		case "none":
			return "No e-mail address is passed on, because this user has none here.";
		case "unproven":
			return `No e-mail address is passed on, because nobody has proven that they read ${email}. A user does so with a code or a link from an e-mail.`;
		case "kept-back":
			return `No e-mail address is passed on, because ${email} is on the list of addresses that ${name} never hears.`;
	}
}

function claimList(claims: Claims): Markup {
	return html`<dl>${Object.entries(claims).map(([claim, value]) => html`<dt><code>${claim}</code></dt><dd>${typeof value === "string" ? value : JSON.stringify(value)}${MEANINGS.has(claim) ? html` <span class="help">${MEANINGS.get(claim)}</span>` : ""}</dd>`)}</dl>`;
}
