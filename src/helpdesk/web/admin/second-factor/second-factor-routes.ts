import { html } from "hono/html";
import type { SecondFactorRule } from "../../../people/second-factor/second-factor-rule.ts";
import type { NewKey } from "../../../people/second-factor/second-factors.ts";
import { totpUri } from "../../../people/second-factor/totp.ts";
import { type Markup, notice } from "../../layout.ts";
import { goOn } from "../../signing-in.ts";
import { field } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { asksFirst } from "../asking-first.ts";
import { doneQuery } from "../done-message.ts";
import { NO_PROBLEMS, problemWith } from "../form-fields.ts";
import { type OperatorApp, operatorOf, sessionEpochOf } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import type { CodeParts } from "./attempt-code.ts";
import { CODE_FIELD } from "./factor-fields.ts";
import { addPasskeyCard } from "./passkey-pages.ts";
import { partyOf } from "./passkey-place.ts";
import { KEY_FIELD, recoveryCodesPage, setUpPage, WRONG_CODE } from "./second-factor-pages.ts";

export interface SecondFactorRouteParts extends CodeParts {
	readonly secondFactorRule: SecondFactorRule;
	readonly show: ShowPage;
}

/** An operator's own second factor. */
export function secondFactorRoutes(app: OperatorApp, parts: SecondFactorRouteParts): void {
	const { secondFactors, secondFactorRule, show } = parts;
	app.get(ADMIN_PATHS.setUpSecondFactor, async (c) => showNewKey(c, parts, html``));
	app.post(ADMIN_PATHS.setUpSecondFactor, async (c) => setUp(c, parts));
	app.post(ADMIN_PATHS.turnOffSecondFactor, asksFirst(show, turnOffQuestion), async (c) => {
		const { operator } = c.var;
		if (operator && (await secondFactorRule.isRequiredOf(operator.role))) {
			// The profile says so.
			return c.redirect(ADMIN_PATHS.profile, 303);
		}
		const sessionEpoch = await secondFactors.turnOff(operatorOf(c), sessionEpochOf(c));
		if (sessionEpoch !== undefined && !(await staysIn(c, parts, sessionEpoch))) {
			return c.redirect(ADMIN_PATHS.logIn, 303);
		}
		return c.redirect(`${ADMIN_PATHS.profile}?${doneQuery("second-factor-off")}`, 303);
	});
	app.post(ADMIN_PATHS.recoveryCodes, asksFirst(show, recoveryQuestion), async (c) => {
		const codes = await secondFactors.renewRecoveryCodes(operatorOf(c), sessionEpochOf(c));
		const title = "New recovery codes";
		return codes === undefined
			? c.redirect(ADMIN_PATHS.profile, 303)
			: show(c, title, recoveryCodesPage(title, html``, codes));
	});
}

function turnOffQuestion() {
	return {
		title: "Turn off your second factor?",
		consequence:
			"Your password is then enough to log in. The app, your passkeys and your recovery codes no longer work, and your sessions in other browsers end.",
		button: "Turn off",
		back: ADMIN_PATHS.profile,
	};
}

function recoveryQuestion() {
	return {
		title: "Make new recovery codes?",
		consequence: "The codes that you have now no longer work. The new ones are shown once.",
		button: "Make new recovery codes",
		back: ADMIN_PATHS.profile,
	};
}

async function setUp(c: AdminContext, parts: SecondFactorRouteParts): Promise<Response> {
	const { secondFactors } = parts;
	const { form } = c.var.visit;
	const email = operatorOf(c);
	const session = sessionIn(c);
	const sealed = field(form, KEY_FIELD) ?? "";
	const shown = secondFactors.shownKey(email, session, sealed);
	if (shown === undefined) {
		const sentence = "This page was too old. Scan the new picture: nothing was changed yet.";
		return showNewKey(c, parts, notice(sentence, true), 400);
	}
	const typed = field(form, CODE_FIELD) ?? "";
	const sent = { sealed, typed, sessionEpoch: sessionEpochOf(c) };
	const confirmed = await secondFactors.setUp(email, session, sent);
	if (confirmed === undefined) {
		return showSetUp(c, parts, shown, html``, 400, problemWith("code", WRONG_CODE));
	}
	// The codes are shown also where this session was ended meanwhile: they are shown once.
	await staysIn(c, parts, confirmed.sessionEpoch);
	const title = "Your second factor is set up";
	const done = notice("Sessions in other browsers have ended. Your next log-in asks for a code.");
	return parts.show(c, title, recoveryCodesPage(title, done, confirmed.recoveryCodes));
}

/** The page with a key that nobody has seen. */
export function showNewKey(
	c: AdminContext,
	parts: SecondFactorRouteParts,
	problem: Markup,
	status = 200,
): Promise<Response> {
	const key = parts.secondFactors.newKey(operatorOf(c), sessionIn(c));
	return showSetUp(c, parts, key, problem, status);
}

async function showSetUp(
	c: AdminContext,
	parts: SecondFactorRouteParts,
	{ key, sealed }: NewKey,
	message: Markup,
	status = 200,
	problems = NO_PROBLEMS,
): Promise<Response> {
	const email = operatorOf(c);
	const { operator } = c.var;
	const { secondFactors, secondFactorRule, show } = parts;
	const [brand] = parts.brands;
	const party = partyOf(parts);
	const options =
		party &&
		(await parts.operatorPasskeys.creationOptions(email, { party, browser: sessionIn(c) }));
	const page = setUpPage({
		...{ csrf: c.var.visit.csrf, key, sealed, message, problems },
		uri: totpUri(key, { issuer: brand?.name ?? "Helpdesk", account: email }),
		isDue: operator !== undefined && (await secondFactorRule.isDue(operator)),
		replaces: (await secondFactors.of(email))?.hasApp === true,
		passkey: addPasskeyCard(
			c.var.visit.csrf,
			options ?? (party === undefined ? "address" : "too-many"),
		),
	});
	return show(c, "Set up a second factor", page, status);
}

/** All sessions of the operator have ended. That of this browser goes on, unless it was ended by itself. */
export function staysIn(
	c: AdminContext,
	{ place }: SecondFactorRouteParts,
	sessionEpoch: number,
): Promise<boolean> {
	const email = operatorOf(c);
	return goOn(c, place, { id: email, email, sessionEpoch });
}

export function sessionIn(c: AdminContext): string {
	return c.var.visit.sessionId ?? "";
}
