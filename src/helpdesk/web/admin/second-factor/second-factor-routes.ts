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
import { KEY_FIELD, recoveryCodesPage, setUpPage } from "./second-factor-pages.ts";

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
		const { locale } = c.var.visit;
		const title = locale.text("second-factor.renewed.title");
		return codes === undefined
			? c.redirect(ADMIN_PATHS.profile, 303)
			: show(c, title, recoveryCodesPage(title, html``, codes, locale));
	});
}

function turnOffQuestion({ var: { visit } }: AdminContext) {
	const { text } = visit.locale;
	return {
		title: text("second-factor.off.title"),
		consequence: text("second-factor.off.text"),
		button: text("second-factor.off.submit"),
		back: ADMIN_PATHS.profile,
	};
}

function recoveryQuestion({ var: { visit } }: AdminContext) {
	const { text } = visit.locale;
	return {
		title: text("second-factor.renew.title"),
		consequence: text("second-factor.renew.text"),
		button: text("second-factor.renew.submit"),
		back: ADMIN_PATHS.profile,
	};
}

async function setUp(c: AdminContext, parts: SecondFactorRouteParts): Promise<Response> {
	const { secondFactors } = parts;
	const { form, locale } = c.var.visit;
	const { text } = locale;
	const email = operatorOf(c);
	const session = sessionIn(c);
	const sealed = field(form, KEY_FIELD) ?? "";
	const shown = secondFactors.shownKey(email, session, sealed);
	if (shown === undefined) {
		return showNewKey(c, parts, notice(text("second-factor.app.too-old"), true), 400);
	}
	const typed = field(form, CODE_FIELD) ?? "";
	const sent = { sealed, typed, sessionEpoch: sessionEpochOf(c) };
	const confirmed = await secondFactors.setUp(email, session, sent);
	if (confirmed === undefined) {
		const problem = problemWith("code", text("factor.wrong-code"));
		return showSetUp(c, parts, shown, html``, 400, problem);
	}
	// The codes are shown also where this session was ended meanwhile: they are shown once.
	await staysIn(c, parts, confirmed.sessionEpoch);
	const title = text("second-factor.done.title");
	const done = notice(text("second-factor.done.app"));
	return parts.show(c, title, recoveryCodesPage(title, done, confirmed.recoveryCodes, locale));
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
	const { operator, visit } = c.var;
	const { csrf, locale } = visit;
	const { secondFactors, secondFactorRule, show } = parts;
	const [brand] = parts.brands;
	const party = partyOf(parts);
	const options =
		party &&
		(await parts.operatorPasskeys.creationOptions(email, { party, browser: sessionIn(c) }));
	const page = setUpPage({
		...{ csrf, key, sealed, message, problems, locale },
		uri: totpUri(key, { issuer: brand?.name ?? "Helpdesk", account: email }),
		isDue: operator !== undefined && (await secondFactorRule.isDue(operator)),
		replaces: (await secondFactors.of(email))?.hasApp === true,
		passkey: addPasskeyCard(
			csrf,
			options ?? (party === undefined ? "address" : "too-many"),
			locale,
		),
	});
	return show(c, locale.text("second-factor.title"), page, status);
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
