import { html } from "hono/html";
import type { Secret } from "../../../../contract/secret.ts";
import type { Webhook, WebhookResult } from "../../../alerts/webhook.ts";
import type { Locale } from "../../../locale/locale.ts";
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
	readonly locale: Locale;
}

/** Who gets word when log-ins fail. */
export function alertsPage(page: AlertsPage): Markup {
	const { text } = page.locale;
	const head = pageHead(text("alerts.title"), text("alerts.lead"));
	return html`${head}${page.message}${mailCard(page)}<h2 id="webhook">${text("alerts.webhook")}</h2><div class="card">${webhookCard(page)}</div>`;
}

function mailCard({ recipients, leavesOutFirst, hasMailServer, locale }: AlertsPage): Markup {
	const { text } = locale;
	const linkTo = (path: string) => ({
		link: (content: Markup) => html`<a href="${path}">${content}</a>`,
	});
	const list =
		recipients.length === 0
			? html`<p class="problem">${text("alerts.email.nobody")}</p>`
			: html`<ul class="plain">${recipients.map((email) => html`<li>${email}</li>`)}</ul>`;
	const first = leavesOutFirst
		? html`<p class="help">${locale.markup("alerts.email.made-up", { address: FIRST_OPERATOR }, linkTo(ADMIN_PATHS.operators))}</p>`
		: "";
	const waits = hasMailServer
		? ""
		: html`<p class="problem">${locale.markup("alerts.email.no-server", {}, linkTo(ADMIN_PATHS.mailbox))}</p>`;
	const help = locale.markup("alerts.email.help", {}, linkTo(`${ADMIN_PATHS.profile}#alerts`));
	return html`<h2>${text("alerts.email")}</h2><div class="card">${waits}${list}${first}<p class="help">${help}</p></div>`;
}

function webhookCard(page: AlertsPage): Markup {
	const { webhook, csrf, mayChange, locale } = page;
	const { text } = locale;
	const what = html`<p class="soft">${text("alerts.webhook.text")}</p>`;
	if (!mayChange) {
		const now =
			webhook === undefined
				? html`<p>${text("alerts.webhook.none")}</p>`
				: html`<p>${webhook.url}</p>${last(page)}`;
		return html`${what}${now}<p class="help">${text("alerts.webhook.only-owners")}</p>`;
	}
	if (webhook === undefined) {
		return html`${what}${addressForm(page, text("alerts.webhook.save"))}`;
	}
	return html`${what}${newSecret(page)}<p><strong>${webhook.url}</strong></p>${last(page)}
<div class="actions"><form method="post" action="${ADMIN_PATHS.testWebhook}">${csrfField(csrf)}<button class="secondary" type="submit">${text("alerts.webhook.test")}</button></form></div>
<details${page.refused === undefined ? "" : html` open`}><summary>${text("alerts.webhook.change")}</summary>${addressForm(page, text("alerts.webhook.change.submit"))}</details>
<form method="post" action="${ADMIN_PATHS.removeWebhook}">${csrfField(csrf)}<button class="link danger" type="submit">${text("alerts.webhook.remove")}</button></form>`;
}

function newSecret({ secret, locale: { text } }: AlertsPage): Markup {
	return secret === undefined
		? html``
		: html`<div class="banner"><p>${text("alerts.webhook.secret")}</p><p><code>${secret.reveal()}</code></p></div>`;
}

function addressForm({ csrf, refused, webhook, locale }: AlertsPage, button: string): Markup {
	const { text } = locale;
	const problems = refused === undefined ? NO_PROBLEMS : problemWith("url", refused.problem);
	const value = refused?.url ?? webhook?.url ?? "";
	const input = (traits: Markup) =>
		html`<input id="url" name="url" type="url" maxlength="2000" value="${value}" placeholder="https://"${traits} required>`;
	return html`<form method="post" action="${ADMIN_PATHS.webhook}">${csrfField(csrf)}
${labelled({ problems }, "url", text("alerts.webhook.address"), text("alerts.webhook.address.help"), input)}<button type="submit">${button}</button></form>`;
}

function last({ result, locale }: AlertsPage): Markup {
	const { text } = locale;
	if (result === undefined) {
		return html`<p class="help">${text("alerts.webhook.last.none")}</p>`;
	}
	const { problem, isLast } = result;
	const time = sortableTime(result.at, "second", {});
	if (problem === null) {
		return html`<p class="help">${text("alerts.webhook.last.taken", { time })}</p>`;
	}
	const reason = typeof problem === "string" ? problem : locale.say(problem);
	const key = isLast ? "alerts.webhook.last.given-up" : "alerts.webhook.last.failed";
	return html`<p class="problem">${text(key, { time, reason })}</p>`;
}
