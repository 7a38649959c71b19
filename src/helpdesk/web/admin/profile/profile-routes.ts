import { commonPasswords } from "../../../people/common-passwords.ts";
import { problemWithPassword } from "../../../people/password-rules.ts";
import { SESSION_FIELD } from "../../session-list.ts";
import { goOn, signOut } from "../../signing-in.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { asksFirst } from "../asking-first.ts";
import { type DoneMessage, doneQuery } from "../done-message.ts";
import { TOO_MANY } from "../log-in/log-in-routes.ts";
import { type OperatorApp, operatorOf, sessionEpochOf } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type AddressRouteParts, addressRoutes } from "./address-routes.ts";
import { MIN_OPERATOR_PASSWORD, passwordRefusal } from "./profile-page.ts";
import { refuseOnProfile, showProfile } from "./profile-view.ts";

export interface ProfileParts extends AddressRouteParts {
	readonly doneMessage: DoneMessage;
}

/** An operator's own session and password. */
export function profileRoutes(app: OperatorApp, parts: ProfileParts): void {
	const { place, operators, doneMessage } = parts;
	const refuse = (c: AdminContext, sentence: string, status: number, at: "current" | "new") =>
		refuseOnProfile(c, parts, sentence, status, at);

	app.post(ADMIN_PATHS.logOut, async (c) => {
		await signOut(c, place);
		return c.redirect(ADMIN_PATHS.logIn, 303);
	});
	sessionRoutes(app, parts);
	addressRoutes(app, parts);
	app.get(ADMIN_PATHS.profile, async (c) => showProfile(c, parts, await doneMessage(c)));
	app.post(ADMIN_PATHS.profile, async (c) => {
		const { form, locale } = c.var.visit;
		const operator = operatorOf(c);
		const next = field(form, "new") ?? "";
		const problem = problemWithPassword(next, {
			known: [operator, ...parts.brands.map(({ name }) => name)],
			common: await commonPasswords(),
			min: MIN_OPERATOR_PASSWORD,
		});
		if (problem !== undefined) {
			return refuse(c, passwordRefusal(problem, locale), 400, "new");
		}
		const current = field(form, "current") ?? "";
		if (next === current) {
			return refuse(c, locale.text("profile.password.same"), 400, "new");
		}
		const isRight = await parts.attemptPassword(c, operator, () =>
			operators.isPassword(operator, current),
		);
		if (isRight === "too-many") {
			return refuse(c, locale.text(TOO_MANY), 429, "current");
		}
		if (!isRight) {
			return refuse(c, locale.text("profile.password.wrong"), 400, "current");
		}
		const sessionEpoch = await operators.changePassword(operator, next, sessionEpochOf(c));
		// The form asks for no code, so that it is no new proof: with one, the password would turn off the second factor.
		const isIn =
			sessionEpoch !== undefined &&
			(await goOn(c, place, { id: operator, email: operator, sessionEpoch }));
		return c.redirect(
			isIn ? `${ADMIN_PATHS.profile}?${doneQuery("password")}` : ADMIN_PATHS.logIn,
			303,
		);
	});
}

/** An operator's sessions in all browsers. */
function sessionRoutes(app: OperatorApp, { place, operators, show }: ProfileParts): void {
	const toProfile = (c: AdminContext, done: string) =>
		c.redirect(`${ADMIN_PATHS.profile}?${doneQuery(done)}`, 303);

	app.post(ADMIN_PATHS.endSession, async (c) => {
		const { form, sessionId } = c.var.visit;
		const id = field(form, SESSION_FIELD) ?? "";
		if (id === sessionId) {
			await signOut(c, place);
			return c.redirect(ADMIN_PATHS.logIn, 303);
		}
		await place.sessions.end(operatorOf(c), id);
		return toProfile(c, "session-ended");
	});
	const asks = asksFirst(show, ({ var: { visit } }) => ({
		title: visit.locale.text("profile.log-out-elsewhere.title"),
		consequence: visit.locale.text("profile.log-out-elsewhere.text"),
		button: visit.locale.text("profile.log-out-elsewhere.submit"),
		back: ADMIN_PATHS.profile,
	}));
	app.post(ADMIN_PATHS.logOutElsewhere, asks, async (c) => {
		const operator = operatorOf(c);
		const sessionEpoch = await operators.endSessions(operator, sessionEpochOf(c));
		const isIn =
			sessionEpoch !== undefined &&
			(await goOn(c, place, { id: operator, email: operator, sessionEpoch }));
		return isIn ? toProfile(c, "others-ended") : c.redirect(ADMIN_PATHS.logIn, 303);
	});
}
