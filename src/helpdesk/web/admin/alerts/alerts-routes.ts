import { html } from "hono/html";
import type { Alerts } from "../../../alerts/open-alerts.ts";
import { NOT_CALLED } from "../../../alerts/signed-call.ts";
import { hasChosenAlerts, wantsAlerts } from "../../../alerts/wants-alerts.ts";
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
const TOO_LONG = "The address is longer than 2,000 characters. Enter a shorter one.";
const LIMIT =
	"Not tested: the webhook was called many times within an hour. Wait a while, and test it again.";

const DONE: ReadonlyMap<string, string> = new Map([
	["removed", "The webhook is removed."],
	["tested", "The test was taken."],
]);

/** Who gets word when log-ins fail, by e-mail and by a webhook. */
export function alertRoutes(app: OperatorApp, parts: AlertRouteParts): void {
	const { alerts, letterLimits, operators } = parts;
	const { webhook } = alerts;
	const path = ADMIN_PATHS.alerts;

	app.get(path, async (c) => {
		const sentence = DONE.get(c.req.query("done") ?? "");
		return showAlerts(c, parts, sentence === undefined ? {} : { message: notice(sentence) });
	});
	app.post(ADMIN_PATHS.webhook, async (c) => {
		const url = pastedText(field(c.var.visit.form, "url") ?? "");
		const refusal = alerts.refusalOf(url);
		const problem =
			url.length > MOST_URL ? TOO_LONG : refusal === undefined ? undefined : NOT_CALLED[refusal];
		if (problem !== undefined) {
			const refused = { url, problem };
			return showAlerts(c, parts, { refused, message: notice("Not saved.", true) }, 400);
		}
		const secret = await webhook.set(new URL(url).href);
		return showAlerts(c, parts, { secret, message: notice("The webhook is saved.") });
	});
	const asks = asksFirst(parts.show, async () => {
		const found = await webhook.find();
		return (
			found && {
				title: "Remove the webhook?",
				consequence: `${found.url} gets no more alerts, and its secret is deleted. E-mails go on.`,
				button: "Remove webhook",
				back: path,
			}
		);
	});
	app.post(ADMIN_PATHS.removeWebhook, asks, async (c) => {
		await webhook.remove();
		return c.redirect(`${path}?done=removed`, 303);
	});
	app.post(ADMIN_PATHS.testWebhook, async (c) => {
		const wait = await letterLimits.secondsToWait("call-webhook", operatorOf(c));
		if (wait > 0) {
			askToWait(c, wait);
			return showAlerts(c, parts, { message: notice(LIMIT, true) }, 429);
		}
		const problem = await alerts.calls.test();
		return problem === null
			? c.redirect(`${path}?done=tested`, 303)
			: showAlerts(c, parts, { message: notice(`The test failed. ${problem}`, true) });
	});
	app.post(ADMIN_PATHS.chooseAlerts, async (c) => {
		await operators.chooseAlerts(operatorOf(c), field(c.var.visit.form, "alerts") !== undefined);
		return c.redirect(`${ADMIN_PATHS.profile}?${doneQuery("alerts")}#alerts`, 303);
	});
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
	const page = alertsPage({
		...{ message: html``, ...about, csrf: c.var.visit.csrf, recipients },
		leavesOutFirst: recipients.length < everybody.length,
		hasMailServer: await hasMailServer(),
		webhook: await webhook.find(),
		result: await webhook.lastResult(),
		mayChange: c.var.operator?.role === "owner",
	});
	return show(c, "Alerts", page, status);
}
