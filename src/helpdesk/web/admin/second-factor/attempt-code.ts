import type { TextKey } from "../../../locale/locale.ts";
import type { SecondFactors } from "../../../people/second-factor/second-factors.ts";
import { askToWait } from "../../ask-to-wait.ts";
import { type Markup, notice } from "../../layout.ts";
import { PASSKEY_FIELD } from "../../passkey-button.ts";
import type { AttemptPassword } from "../../password-attempts.ts";
import { deviceCookieOf, field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import type { AuditedParts } from "../audited.ts";
import { NO_PROBLEMS, type Problems, problemSummary, problemWith } from "../form-fields.ts";
import { CODE_FIELD, RECOVERY_FIELD } from "./factor-fields.ts";
import { type PasskeyParts, partyOf } from "./passkey-place.ts";

export interface CodeParts extends AuditedParts, PasskeyParts {
	readonly secondFactors: SecondFactors;
	readonly attemptPassword: AttemptPassword;
}

/** An operator whose password was right. */
export interface ProvenPassword {
	readonly email: string;
	/** As it was before the password was checked. */
	readonly sessionEpoch: number;
}

/** Why a form with a code has to be sent once more. */
export interface CodeRefusal {
	readonly problem: Markup;
	/** The same, by its field. */
	readonly problems: Problems;
	readonly status: number;
}

/**
 * Checks the code of a form, or the passkey or the recovery code in its place, as often as the limits of passwords and of
 * codes allow. Call it only after the password was right: strangers must not use up an operator's tries.
 *
 * @returns undefined for a code that is right. It is used up.
 */
export async function attemptCode(
	c: AdminContext,
	parts: CodeParts,
	{ email, sessionEpoch }: ProvenPassword,
): Promise<CodeRefusal | undefined> {
	const { place, secondFactors, audit } = parts;
	const { form, token, locale } = c.var.visit;
	const passkey = field(form, PASSKEY_FIELD) ?? "";
	const party = partyOf(parts);
	const recovery = field(form, RECOVERY_FIELD) ?? "";
	const device = place.devices.deviceOf(deviceCookieOf(c, place), { email, sessionEpoch });
	const browser = device === undefined ? "unknown" : "known";
	const actor = { kind: "operator", id: email } as const;
	const used = { name: "operator.use-recovery-code", actor, network: parts.networkOf(c) } as const;
	const check = await parts.attemptPassword(c, email, async () => {
		const checked = await (recovery.trim() !== ""
			? audit.trail.during(used, () => secondFactors.checkRecoveryCode(email, recovery, browser))
			: party !== undefined && passkey !== ""
				? parts.operatorPasskeys.check(email, { party, browser: token }, passkey, browser)
				: secondFactors.checkCode(email, field(form, CODE_FIELD) ?? "", browser));
		return "wait" in checked ? askToWait(c, checked.wait) : checked;
	});
	if (check === "too-many") {
		return refusalAt("code", locale.text("factor.too-many"), 429);
	}
	if (check.kind === "right") {
		return undefined;
	}
	const typed: TextKey = recovery.trim() === "" ? "factor.wrong-code" : "factor.wrong-recovery";
	const wrong = passkey === "" || recovery.trim() !== "" ? typed : "factor.wrong-passkey";
	const why = check.kind === "old-passkey" ? "factor.old-passkey" : wrong;
	const ofPasskey = why === "factor.old-passkey" || why === "factor.wrong-passkey";
	const sentence = locale.text(why);
	return ofPasskey
		? { problem: notice(sentence, true), problems: NO_PROBLEMS, status: 400 }
		: refusalAt(recovery.trim() === "" ? "code" : "recovery", sentence, 400);
}

function refusalAt(field: "code" | "recovery", sentence: string, status: number): CodeRefusal {
	const problems = problemWith(field, sentence);
	return { problem: problemSummary(problems), problems, status };
}
