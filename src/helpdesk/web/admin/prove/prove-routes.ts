import type { Markup } from "../../layout.ts";
import { signIn } from "../../signing-in.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { NO_PROBLEMS, type Problems, problemSummary, problemWith } from "../form-fields.ts";
import { type LogInParts, TOO_MANY } from "../log-in/log-in-routes.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { attemptCode } from "../second-factor/attempt-code.ts";
import { factorFieldsIn } from "../second-factor/passkey-place.ts";
import { provePage } from "./prove-page.ts";
import { isOfAdministration, RETURN_TO } from "./prove-path.ts";

/** Operators prove again who they are, and go on with the same session under a new token. */
export function proveRoutes(app: OperatorApp, parts: LogInParts): void {
	const { place, operators, secondFactors, show } = parts;
	const showForm = async (
		c: AdminContext,
		path: string,
		problems: Problems,
		status = 200,
		problem: Markup = problemSummary(problems),
	) => {
		const returnTo = isOfAdministration(path) ? path : "";
		const email = operatorOf(c);
		const factor = await secondFactors.of(email);
		const { csrf, locale } = c.var.visit;
		const page = provePage({
			...{ csrf, email, returnTo, problem, problems, locale },
			factor: factor && (await factorFieldsIn(c, parts, email, factor)),
		});
		return show(c, { title: locale.text("prove.title"), isAlone: true }, page, status);
	};
	app.get(ADMIN_PATHS.prove, async (c) => showForm(c, c.req.query(RETURN_TO) ?? "", NO_PROBLEMS));
	app.post(ADMIN_PATHS.prove, async (c) => {
		const { form, locale } = c.var.visit;
		const email = operatorOf(c);
		const returnTo = field(form, RETURN_TO) ?? "";
		const password = field(form, "password") ?? "";
		const sessionEpoch = (await operators.sessionEpochOf(email)) ?? 0;
		const isRight = await parts.attemptPassword(c, email, () =>
			operators.isPassword(email, password),
		);
		if (isRight === "too-many") {
			return showForm(c, returnTo, problemWith("password", locale.text(TOO_MANY)), 429);
		}
		if (!isRight) {
			return showForm(c, returnTo, problemWith("password", locale.text("prove.wrong")), 400);
		}
		const code = (await secondFactors.of(email))
			? await attemptCode(c, parts, { email, sessionEpoch })
			: undefined;
		if (code !== undefined) {
			return showForm(c, returnTo, code.problems, code.status, code.problem);
		}
		await signIn(c, place, { id: email, email, sessionEpoch });
		return c.redirect(isOfAdministration(returnTo) ? returnTo : ADMIN_PATHS.overview, 303);
	});
}
