import type { Hono } from "hono";
import { html } from "hono/html";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import type { TextKey } from "../../../locale/locale.ts";
import type { PendingLogIns } from "../../../people/second-factor/pending-log-ins.ts";
import type { Markup } from "../../layout.ts";
import { signIn } from "../../signing-in.ts";
import { field, typedAddress, type VisitEnv } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { NO_PROBLEMS, type Problems, problemWith } from "../form-fields.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { isOfAdministration, RETURN_TO } from "../prove/prove-path.ts";
import { attemptCode, type CodeParts, type ProvenPassword } from "../second-factor/attempt-code.ts";
import { factorFieldsIn } from "../second-factor/passkey-place.ts";
import { logInCodePage, PENDING_FIELD } from "../second-factor/second-factor-pages.ts";
import { logInPage } from "./log-in-page.ts";
import { pageAfterLogIn } from "./log-in-path.ts";

export interface LogInParts extends CodeParts {
	readonly pendingLogIns: PendingLogIns;
	readonly show: ShowPage;
}

export const TOO_MANY: TextKey = "log-in.too-many";

/** The pages that an operator without a session sees. */
export function logInRoutes(app: Hono<VisitEnv>, parts: LogInParts): void {
	const { operators, secondFactors } = parts;
	const refuse = (c: AdminContext, why: TextKey, status: number) =>
		showLogIn(c, parts, problemWith("password", c.var.visit.locale.text(why)), status);

	app.get(ADMIN_PATHS.logIn, async (c) => showLogIn(c, parts, NO_PROBLEMS));
	app.post(ADMIN_PATHS.logIn, async (c) => {
		const email = canonicalEmail(typedAddress(c.var.visit.form)) ?? "";
		const password = field(c.var.visit.form, "password") ?? "";
		// Read before the password is checked: if the password changes in between, the session is over at once.
		const sessionEpoch = (await operators.sessionEpochOf(email)) ?? 0;
		const isRight = await parts.attemptPassword(c, email, () =>
			operators.isPassword(email, password),
		);
		if (isRight === "too-many") {
			return refuse(c, TOO_MANY, 429);
		}
		if (!isRight) {
			return refuse(c, "log-in.wrong", 400);
		}
		const operator = { email, sessionEpoch };
		if ((await secondFactors.of(email)) === undefined) {
			return logIn(c, parts, operator);
		}
		const pending = parts.pendingLogIns.begin({ ...operator, browser: c.var.visit.token });
		return showCode(c, parts, { email, pending, problem: html``, problems: NO_PROBLEMS });
	});
	codeRoutes(app, parts);
}

/** The second step of a log-in, for operators with a second factor. */
function codeRoutes(app: Hono<VisitEnv>, parts: LogInParts): void {
	// Somebody reloads the page with the code, or opens it again: the password comes first.
	app.get(ADMIN_PATHS.logInCode, async (c) => showLogIn(c, parts, NO_PROBLEMS));
	app.post(ADMIN_PATHS.logInCode, async (c) => {
		const { form, token: browser, locale } = c.var.visit;
		const email = canonicalEmail(typedAddress(form)) ?? "";
		const pending = field(form, PENDING_FIELD) ?? "";
		const sessionEpoch = (await parts.operators.sessionEpochOf(email)) ?? 0;
		const operator = { email, sessionEpoch };
		if (!parts.pendingLogIns.isOf(pending, { ...operator, browser })) {
			const sentence = locale.text("log-in.too-long");
			return showLogIn(c, parts, problemWith("password", sentence), 400);
		}
		const refusal = await attemptCode(c, parts, operator);
		return refusal === undefined
			? logIn(c, parts, operator)
			: showCode(c, parts, { email, pending, ...refusal });
	});
}

/** The page that was asked for before the log-in; empty for none. */
function returnToIn(c: AdminContext): string {
	const asked = field(c.var.visit.form, RETURN_TO) ?? c.req.query(RETURN_TO) ?? "";
	return isOfAdministration(asked) ? asked : "";
}

function showLogIn(
	c: AdminContext,
	{ show }: LogInParts,
	problems: Problems,
	status = 200,
): Promise<Response> {
	const { csrf, form, locale } = c.var.visit;
	const email = field(form, "email") ?? "";
	const page = logInPage({ csrf, email, returnTo: returnToIn(c), problems, locale });
	return show(c, locale.text("log-in.title"), page, status);
}

async function showCode(
	c: AdminContext,
	parts: LogInParts,
	{
		status = 200,
		...page
	}: {
		readonly email: string;
		readonly pending: string;
		readonly problem: Markup;
		readonly problems: Problems;
		readonly status?: number;
	},
): Promise<Response> {
	const own = await parts.secondFactors.of(page.email);
	// One that was turned off meanwhile has ended the log-in: the next form says so.
	const none = { hasApp: true, passkeys: [], recoveryCodesLeft: 0 };
	const factor = await factorFieldsIn(c, parts, page.email, own ?? none);
	const { csrf, locale } = c.var.visit;
	const returnTo = returnToIn(c);
	return parts.show(
		c,
		locale.text("log-in.code.title"),
		logInCodePage({ ...page, csrf, returnTo, factor, locale }),
		status,
	);
}

async function logIn(
	c: AdminContext,
	{ place, operators, audit, networkOf }: LogInParts,
	{ email, sessionEpoch }: ProvenPassword,
): Promise<Response> {
	await operators.noteLocale(email, c.var.visit.locale.tag);
	const actor = { kind: "operator", id: email } as const;
	await audit.trail.during({ name: "operator.log-in", actor, network: networkOf(c) }, () =>
		signIn(c, place, { id: email, email, sessionEpoch }),
	);
	return c.redirect(pageAfterLogIn(returnToIn(c)), 303);
}
