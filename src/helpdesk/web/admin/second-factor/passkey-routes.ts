import type { RemovalProblem } from "../../../people/second-factor/operator-passkeys.ts";
import { type Markup, notice } from "../../layout.ts";
import { PASSKEY_FIELD } from "../../passkey-button.ts";
import { deviceOf, field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { asksFirst } from "../asking-first.ts";
import { doneQuery } from "../done-message.ts";
import { type OperatorApp, operatorOf, sessionEpochOf } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { PASSKEY_ID_FIELD } from "./passkey-pages.ts";
import { partyOf } from "./passkey-place.ts";
import { recoveryCodesPage } from "./second-factor-pages.ts";
import {
	type SecondFactorRouteParts,
	sessionIn,
	showNewKey,
	staysIn,
} from "./second-factor-routes.ts";

const REFUSALS = {
	old: "This page was open for too long. Try once more: nothing was changed yet.",
	wrong: "That passkey did not work here. Nothing was changed. Try once more, or use an app.",
	"too-many": "You have as many passkeys as there can be. Remove one in your profile first.",
	address: "Passkeys do not work at this address. Nothing was changed.",
} as const;

const NOT_REMOVED: Readonly<Record<RemovalProblem, string>> = {
	unknown: "That passkey was removed before.",
	required:
		"Not removed: your role needs a second factor that works at this address. Set up another one first.",
	"last-here":
		"Not removed: your other passkeys do not work at this address, so you could not log in. Remove those first, or set up another second factor.",
};

/** Operators add and remove passkeys of their own. */
export function passkeyRoutes(app: OperatorApp, parts: SecondFactorRouteParts): void {
	app.post(ADMIN_PATHS.addPasskey, async (c) => add(c, parts));
	const asks = asksFirst(parts.show, () => ({
		title: "Remove this passkey?",
		consequence:
			"It no longer works for the administration, and your sessions in other browsers end. Delete it in your browser or phone as well.",
		button: "Remove passkey",
		back: ADMIN_PATHS.profile,
	}));
	app.post(ADMIN_PATHS.removePasskey, asks, async (c) => remove(c, parts));
}

async function add(c: AdminContext, parts: SecondFactorRouteParts): Promise<Response> {
	const party = partyOf(parts);
	const refuse = (why: keyof typeof REFUSALS) =>
		showNewKey(c, parts, notice(REFUSALS[why], true), 400);
	if (party === undefined) {
		return refuse("address");
	}
	const email = operatorOf(c);
	const text = field(c.var.visit.form, PASSKEY_FIELD) ?? "";
	const at = { party, browser: sessionIn(c), sessionEpoch: sessionEpochOf(c) };
	const added = await parts.operatorPasskeys.add(email, at, text, deviceOf(c, parts.place));
	if (typeof added === "string") {
		return refuse(added);
	}
	const isIn = await staysIn(c, parts, added.sessionEpoch);
	if (added.recoveryCodes === undefined) {
		return toProfile(c, isIn, "passkey-added");
	}
	// The codes are shown also where this session was ended meanwhile: they are shown once.
	const title = "Your second factor is set up";
	const done: Markup = notice(
		"Sessions in other browsers have ended. Your next log-in asks for your password and the passkey.",
	);
	return parts.show(c, title, recoveryCodesPage(title, done, added.recoveryCodes));
}

async function remove(c: AdminContext, parts: SecondFactorRouteParts): Promise<Response> {
	const { role = "support" } = c.var.operator ?? {};
	const isRequired = await parts.secondFactorRule.isRequiredOf(role);
	const id = field(c.var.visit.form, PASSKEY_ID_FIELD) ?? "";
	const where = { rpId: partyOf(parts)?.id, isRequired, sessionEpoch: sessionEpochOf(c) };
	const removed = await parts.operatorPasskeys.remove(operatorOf(c), id, where);
	return typeof removed === "string"
		? showNewKey(c, parts, notice(NOT_REMOVED[removed], true), removed === "unknown" ? 404 : 409)
		: toProfile(c, await staysIn(c, parts, removed), "passkey-removed");
}

function toProfile(c: AdminContext, isIn: boolean, done: string): Response {
	return c.redirect(isIn ? `${ADMIN_PATHS.profile}?${doneQuery(done)}` : ADMIN_PATHS.logIn, 303);
}
