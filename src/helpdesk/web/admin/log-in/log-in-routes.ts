import type { Hono } from "hono";
import { html } from "hono/html";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import { type Markup, notice } from "../../layout.ts";
import type { AttemptPassword } from "../../password-attempts.ts";
import { signIn } from "../../signing-in.ts";
import { field, type Place, typedAddress, type VisitEnv } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import type { AuditedParts } from "../audited.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { logInPage } from "./log-in-page.ts";

export interface LogInParts extends AuditedParts {
	readonly place: Place;
	readonly attemptPassword: AttemptPassword;
	readonly show: ShowPage;
}

export const TOO_MANY = "Too many attempts. Wait a minute and try again.";

/** The page that an operator without a session sees. */
export function logInRoutes(app: Hono<VisitEnv>, parts: LogInParts): void {
	const { place, operators, show } = parts;
	const showForm = (c: AdminContext, problem: Markup, status = 200) => {
		const { csrf, form } = c.var.visit;
		return show(c, "Log in", logInPage(csrf, field(form, "email") ?? "", problem), status);
	};
	const refuse = (c: AdminContext, sentence: string, status: number) =>
		showForm(c, notice(sentence, true), status);

	app.get(ADMIN_PATHS.logIn, async (c) => showForm(c, html``));
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
			return refuse(c, "Incorrect e-mail address or password.", 400);
		}
		const actor = { kind: "operator", id: email } as const;
		await parts.audit.trail.during(
			{ name: "operator.log-in", actor, network: parts.networkOf(c) },
			() => signIn(c, place, { id: email, email, sessionEpoch }),
		);
		return c.redirect(ADMIN_PATHS.overview, 303);
	});
}
