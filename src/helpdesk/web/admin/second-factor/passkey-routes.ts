import { notice } from "../../layout.ts";
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

/** Operators add and remove passkeys of their own. */
export function passkeyRoutes(app: OperatorApp, parts: SecondFactorRouteParts): void {
	app.post(ADMIN_PATHS.addPasskey, async (c) => add(c, parts));
	const asks = asksFirst(parts.show, ({ var: { visit } }) => ({
		title: visit.locale.text("second-factor.remove.title"),
		consequence: visit.locale.text("second-factor.remove.text"),
		button: visit.locale.text("second-factor.remove.submit"),
		back: ADMIN_PATHS.profile,
	}));
	app.post(ADMIN_PATHS.removePasskey, asks, async (c) => remove(c, parts));
}

async function add(c: AdminContext, parts: SecondFactorRouteParts): Promise<Response> {
	const { text } = c.var.visit.locale;
	const party = partyOf(parts);
	const refuse = (why: "old" | "wrong" | "too-many" | "address") =>
		showNewKey(c, parts, notice(text(`second-factor.passkey.refused-${why}`), true), 400);
	if (party === undefined) {
		return refuse("address");
	}
	const email = operatorOf(c);
	const passkey = field(c.var.visit.form, PASSKEY_FIELD) ?? "";
	const at = { party, browser: sessionIn(c), sessionEpoch: sessionEpochOf(c) };
	const added = await parts.operatorPasskeys.add(email, at, passkey, deviceOf(c, parts.place));
	if (typeof added === "string") {
		return refuse(added);
	}
	const isIn = await staysIn(c, parts, added.sessionEpoch);
	if (added.recoveryCodes === undefined) {
		return toProfile(c, isIn, "passkey-added");
	}
	// The codes are shown also where this session was ended meanwhile: they are shown once.
	const title = text("second-factor.done.title");
	const done = notice(text("second-factor.done.passkey"));
	const page = recoveryCodesPage(title, done, added.recoveryCodes, c.var.visit.locale);
	return parts.show(c, title, page);
}

async function remove(c: AdminContext, parts: SecondFactorRouteParts): Promise<Response> {
	const { role = "support" } = c.var.operator ?? {};
	const isRequired = await parts.secondFactorRule.isRequiredOf(role);
	const id = field(c.var.visit.form, PASSKEY_ID_FIELD) ?? "";
	const where = { rpId: partyOf(parts)?.id, isRequired, sessionEpoch: sessionEpochOf(c) };
	const removed = await parts.operatorPasskeys.remove(operatorOf(c), id, where);
	if (typeof removed !== "string") {
		return toProfile(c, await staysIn(c, parts, removed), "passkey-removed");
	}
	const sentence = c.var.visit.locale.text(`second-factor.remove.${removed}`);
	return showNewKey(c, parts, notice(sentence, true), removed === "unknown" ? 404 : 409);
}

function toProfile(c: AdminContext, isIn: boolean, done: string): Response {
	return c.redirect(isIn ? `${ADMIN_PATHS.profile}?${doneQuery(done)}` : ADMIN_PATHS.logIn, 303);
}
