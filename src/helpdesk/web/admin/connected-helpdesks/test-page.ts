import { html } from "hono/html";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { EmailGap } from "../../../openid/claims.ts";
import type { Claims, TestResult } from "../../../openid/helpdesk-tests.ts";
import { type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";

const MEANINGS: ReadonlyMap<string, TextKey> = new Map([
	["sub", "helpdesk.tested.claim-sub"],
	["preferred_username", "helpdesk.tested.claim-preferred-username"],
	["name", "helpdesk.tested.claim-name"],
	["nickname", "helpdesk.tested.claim-nickname"],
	["email_verified", "helpdesk.tested.claim-email-verified"],
	["iss", "helpdesk.tested.claim-iss"],
	["aud", "helpdesk.tested.claim-aud"],
]);

const GAPS: Readonly<Record<EmailGap, TextKey>> = {
	none: "helpdesk.tested.email-none",
	unproven: "helpdesk.tested.email-unproven",
	"kept-back": "helpdesk.tested.email-kept-back",
};

/** What a test has shown. */
export function testPage(result: TestResult, { text }: Locale): Markup {
	const list = html`<p><a href="${ADMIN_PATHS.connectedHelpdesks}">${text("helpdesk.tested.back")}</a></p>`;
	if (result.kind === "over") {
		return html`${pageHead(text("helpdesk.tested.over"), text("helpdesk.tested.over-help"))}${list}`;
	}
	const about = { helpdesk: result.helpdesk.name };
	if (result.kind === "refused") {
		const error = result.error || text("helpdesk.test.no-error");
		return html`${pageHead(text("helpdesk.tested.refused", about), text("helpdesk.tested.refused-help"))}${notice(text("helpdesk.tested.error", { ...about, error }), true)}${list}`;
	}
	const { idToken, userInfo, missing } = result;
	const email = missing?.email ?? "";
	const gap = missing ? html`<p>${text(GAPS[missing.gap], { ...about, email })}</p>` : "";
	return html`${pageHead(text("helpdesk.tested.received", about), text("helpdesk.tested.received-help", about))}${notice(text("helpdesk.tested.works"))}${gap}
<h2>${text("helpdesk.tested.id-token")}</h2><div class="card">${claimList(idToken, text)}</div><h2>${text("helpdesk.tested.userinfo")}</h2><div class="card">${claimList(userInfo, text)}</div>${list}`;
}

function claimList(claims: Claims, text: Locale["text"]): Markup {
	const rows = Object.entries(claims).map(([claim, value]) => {
		const meaning = MEANINGS.get(claim);
		return html`<dt><code>${claim}</code></dt><dd>${typeof value === "string" ? value : JSON.stringify(value)}${meaning === undefined ? "" : html` <span class="help">${text(meaning)}</span>`}</dd>`;
	});
	return html`<dl>${rows}</dl>`;
}
