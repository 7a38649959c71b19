import { html } from "hono/html";
import type { Secret } from "../../../../contract/secret.ts";
import type { Webhook, WebhookResult } from "../../../alerts/webhook.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import { FIRST_OPERATOR } from "../../../people/operator-roster.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { labelled, NO_PROBLEMS, problemWith } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";

export interface AlertsPage {
	readonly csrf: string;
	readonly message: Markup;
	/** Who gets e-mails. */
	readonly recipients: readonly string[];
	/** Whether the operator of the first start would get them, if somebody read that address. */
	readonly leavesOutFirst: boolean;
	readonly hasMailServer: boolean;
	readonly webhook: Webhook | undefined;
	readonly result: WebhookResult | undefined;
	/** The new secret, which this page alone shows. */
	readonly secret?: Secret | undefined;
	/** What was typed and is not saved, and why. */
	readonly refused?: { readonly url: string; readonly problem: string } | undefined;
	/** Whether the operator may change the webhook. */
	readonly mayChange: boolean;
}

const LEAD =
	"When log-ins at a brand begin to fail, the people below get one e-mail, and one more once log-ins work again.";

const URL_HELP =
	"It begins with https:// and is on the internet. Saving makes a new secret, and an earlier one ends at once.";

/** Who gets word when log-ins fail. */
export function alertsPage(page: AlertsPage): Markup {
	return html`${pageHead("Alerts", LEAD)}${page.message}${mailCard(page)}<h2 id="webhook">Webhook</h2><div class="card">${webhookCard(page)}</div>`;
}

function mailCard({ recipients, leavesOutFirst, hasMailServer }: AlertsPage): Markup {
	const list =
		recipients.length === 0
			? html`<p class="problem">Nobody gets alerts by e-mail.</p>`
			: html`<ul class="plain">${recipients.map((email) => html`<li>${email}</li>`)}</ul>`;
	const first = leavesOutFirst
		? html`<p class="help">${FIRST_OPERATOR} gets none, because nobody reads that address. Invite an operator with an address of their own under <a href="${ADMIN_PATHS.operators}">Operators</a>.</p>`
		: "";
	const waits = hasMailServer
		? ""
		: html`<p class="problem">There is no mail server, so alerts stay under <a href="${ADMIN_PATHS.mailbox}">Outgoing e-mail</a> until an owner sets a mail server there.</p>`;
	return html`<h2>E-mail</h2><div class="card">${waits}${list}${first}<p class="help">Owners and administrators get alerts unless they switch them off, and people of the support team once they switch them on. <a href="${ADMIN_PATHS.profile}#alerts">Change it for yourself on your profile</a></p></div>`;
}

function webhookCard(page: AlertsPage): Markup {
	const { webhook, csrf, mayChange } = page;
	const what = html`<p class="soft">A program of yours can get the same alerts, such as a chat or a pager. The helpdesk posts JSON to one address and signs it as the Standard Webhooks specification says.</p>`;
	if (!mayChange) {
		const now =
			webhook === undefined
				? html`<p>There is none.</p>`
				: html`<p>${webhook.url}</p>${last(page)}`;
		return html`${what}${now}<p class="help">Only owners can change it.</p>`;
	}
	if (webhook === undefined) {
		return html`${what}${addressForm(page, "Save webhook")}`;
	}
	return html`${what}${newSecret(page)}<p><strong>${webhook.url}</strong></p>${last(page)}
<div class="actions"><form method="post" action="${ADMIN_PATHS.testWebhook}">${csrfField(csrf)}<button class="secondary" type="submit">Send a test</button></form></div>
<details${page.refused === undefined ? "" : html` open`}><summary>Change the address or make a new secret</summary>${addressForm(page, "Save with a new secret")}</details>
<form method="post" action="${ADMIN_PATHS.removeWebhook}">${csrfField(csrf)}<button class="link danger" type="submit">Remove webhook</button></form>`;
}

function newSecret({ secret }: AlertsPage): Markup {
	return secret === undefined
		? html``
		: html`<div class="banner"><p>Copy the secret to your program now. It is not shown again.</p><p><code>${secret.reveal()}</code></p></div>`;
}

function addressForm({ csrf, refused, webhook }: AlertsPage, button: string): Markup {
	const problems = refused === undefined ? NO_PROBLEMS : problemWith("url", refused.problem);
	const value = refused?.url ?? webhook?.url ?? "";
	const input = (traits: Markup) =>
		html`<input id="url" name="url" type="url" maxlength="2000" value="${value}" placeholder="https://"${traits} required>`;
	return html`<form method="post" action="${ADMIN_PATHS.webhook}">${csrfField(csrf)}
${labelled({ problems }, "url", "Address", URL_HELP, input)}<button type="submit">${button}</button></form>`;
}

function last({ result }: AlertsPage): Markup {
	if (result === undefined) {
		return html`<p class="help">Nothing was sent yet.</p>`;
	}
	const at = sortableTime(result.at, "second", {});
	if (result.problem === null) {
		return html`<p class="help">The last call, at ${at}, was taken.</p>`;
	}
	const next = result.isLast ? "It is not tried again." : "It is tried again, five times in all.";
	return html`<p class="problem">The last call, at ${at}, failed. ${result.problem} ${next}</p>`;
}
