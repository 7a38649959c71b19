import { html } from "hono/html";
import type { Alerts } from "../../../alerts/open-alerts.ts";
import { notCalled } from "../../../alerts/signed-call.ts";
import { hasChosenAlerts, wantsAlerts } from "../../../alerts/wants-alerts.ts";
import type { Message, TextKey } from "../../../locale/locale.ts";
import type { LetterLimits } from "../../../mail/letter-limits.ts";
import { pastedText } from "../../../pasted-text.ts";
import type { Operators } from "../../../people/operators.ts";
import { askToWait } from "../../ask-to-wait.ts";
import { notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { asksFirst } from "../asking-first.ts";
import { doneQuery } from "../done-message.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type AlertsPage, alertsPage } from "./alerts-page.ts";

export interface AlertRouteParts {
	readonly alerts: Alerts;
	readonly letterLimits: LetterLimits;
	readonly operators: Operators;
	readonly hasMailServer: () => Promise<boolean>;
	readonly show: ShowPage;
}

/** The form takes no longer address. */
const MOST_URL = 2000;

const DONE: ReadonlyMap<string, TextKey> = new Map([
	["removed", "alerts.webhook.removed"],
	["tested", "alerts.webhook.tested"],
]);

/** Who gets word when log-ins fail, by e-mail and by a webhook. */
export function alertRoutes(app: OperatorApp, parts: AlertRouteParts): void {
	const { alerts, letterLimits, operators } = parts;
	const { webhook } = alerts;
	const path = ADMIN_PATHS.alerts;

	app.get(path, async (c) => {
		const done = DONE.get(c.req.query("done") ?? "");
		const { text } = c.var.visit.locale;
		return showAlerts(c, parts, done === undefined ? {} : { message: notice(text(done)) });
	});
	app.post(ADMIN_PATHS.webhook, async (c) => {
		const { locale } = c.var.visit;
		const url = pastedText(field(c.var.visit.form, "url") ?? "");
		const problem = problemOfAddress(url, alerts);
		if (problem !== undefined) {
			const refused = { url, problem: locale.say(problem) };
			const message = notice(locale.text("alerts.webhook.not-saved"), true);
			return showAlerts(c, parts, { refused, message }, 400);
		}
		const secret = await webhook.set(new URL(url).href);
		const message = notice(locale.text("alerts.webhook.saved"));
		return showAlerts(c, parts, { secret, message });
	});
	const asks = asksFirst(parts.show, async (c) => {
		const { text } = c.var.visit.locale;
		const found = await webhook.find();
		return (
			found && {
				title: text("alerts.webhook.remove.title"),
				consequence: text("alerts.webhook.remove.consequence", { address: found.url }),
				button: text("alerts.webhook.remove.submit"),
				back: path,
			}
		);
	});
	app.post(ADMIN_PATHS.removeWebhook, asks, async (c) => {
		await webhook.remove();
		return c.redirect(`${path}?done=removed`, 303);
	});
	app.post(ADMIN_PATHS.testWebhook, async (c) => {
		const { locale } = c.var.visit;
		const wait = await letterLimits.secondsToWait("call-webhook", operatorOf(c));
		if (wait > 0) {
			askToWait(c, wait);
			const message = notice(locale.text("alerts.webhook.test-limit"), true);
			return showAlerts(c, parts, { message }, 429);
		}
		const problem = await alerts.calls.test();
		if (problem === null) {
			return c.redirect(`${path}?done=tested`, 303);
		}
		const failed = { reason: locale.say(problem) };
		const message = notice(locale.text("alerts.webhook.test-failed", failed), true);
		return showAlerts(c, parts, { message });
	});
	app.post(ADMIN_PATHS.chooseAlerts, async (c) => {
		await operators.chooseAlerts(operatorOf(c), field(c.var.visit.form, "alerts") !== undefined);
		return c.redirect(`${ADMIN_PATHS.profile}?${doneQuery("alerts")}#alerts`, 303);
	});
}

function problemOfAddress(url: string, alerts: Alerts): Message | undefined {
	if (url.length > MOST_URL) {
		return { key: "alerts.webhook.address.too-long", values: { most: MOST_URL } };
	}
	const refusal = alerts.refusalOf(url);
	return refusal && notCalled(refusal);
}

async function showAlerts(
	c: AdminContext,
	{ alerts, operators, hasMailServer, show }: AlertRouteParts,
	about: Partial<Pick<AlertsPage, "message" | "secret" | "refused">>,
	status = 200,
): Promise<Response> {
	const { webhook } = alerts;
	const everybody = (await operators.list()).filter(hasChosenAlerts);
	const recipients = everybody.filter(wantsAlerts).map(({ email }) => email);
	const { csrf, locale } = c.var.visit;
	const page = alertsPage({
		...{ message: html``, ...about, csrf, locale, recipients },
		leavesOutFirst: recipients.length < everybody.length,
		hasMailServer: await hasMailServer(),
		webhook: await webhook.find(),
		result: await webhook.lastResult(),
		mayChange: c.var.operator?.role === "owner",
	});
	return show(c, locale.text("alerts.title"), page, status);
}
