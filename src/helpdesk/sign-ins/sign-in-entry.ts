import type { PluginEvent } from "../../contract/events.ts";
import type { LoginEnded, LoginEndedFields } from "../../contract/login-ended.ts";
import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTextOrNull, isTime, type StoredKind } from "../../storage/stored-value.ts";
import { asciiDigits } from "../ascii-digits.ts";

/** How long an entry is kept. */
export const KEPT_DAYS = 90;
export const KEPT_MS = KEPT_DAYS * 24 * 60 * 60_000;

/** How one attempt to log in ended, as the ledger keeps it. The only personal data is a keyed hash. */
export type SignInEntry = Pick<
	LoginEndedFields,
	| "outcome"
	| "code"
	| "traceCode"
	| "wanted"
	| "durationMs"
	| "awayMs"
	| "calls"
	| "waitedMs"
	| "problem"
> & {
	/** When it ended. Milliseconds since the epoch. */
	readonly at: number;
	readonly brandId: string;
	/** The protocol between the plugin and the provider. Null where the plugin does not say. */
	readonly protocol: string | null;
	/** The keyed hash of the account at the provider; null where it is unknown or was erased. */
	readonly who: string | null;
	/** Whether what leads to it was written with it, see `keysTo`. False for an entry of an earlier version. */
	readonly isIndexed: boolean;
};

export const STORED_SIGN_IN: StoredKind<SignInEntry> = { name: "sign-ins/entry", read: readSignIn };

export const OUTCOMES = ["came-in", "cancelled", "refused"] as const;
const WANTED = ["log-in", "link", null] as const;

const CODE = /^[a-z0-9-]{1,64}$/;
const TRACE_CODE = /^[0-9A-Z-]{4,24}$/;
const ID = /^[!-~]{1,128}$/;

/** What the ledger keeps of an event; undefined for any other event, and for an event that breaks the contract. */
export function signInEntry(
	event: PluginEvent,
	at: number,
	who: string | null,
): SignInEntry | undefined {
	const { name, brandId = "", fields } = event;
	const outcome = OUTCOMES.find((each) => each === fields["outcome"]);
	const code = matching(CODE, fields["code"]);
	const traceCode = matching(TRACE_CODE, fields["traceCode"]);
	if (
		name !== ("login.ended" satisfies LoginEnded["name"]) ||
		outcome === undefined ||
		code === null ||
		traceCode === null ||
		!ID.test(brandId)
	) {
		return undefined;
	}
	return {
		at,
		brandId,
		outcome,
		code,
		traceCode,
		wanted: WANTED.find((each) => each === fields["wanted"]) ?? null,
		durationMs: amount(fields["durationMs"]),
		awayMs: amount(fields["awayMs"]),
		calls: amount(fields["calls"]) ?? 0,
		waitedMs: amount(fields["waitedMs"]) ?? 0,
		problem: matching(CODE, fields["problem"]),
		protocol: matching(CODE, fields["protocol"]),
		who,
		isIndexed: true,
	};
}

/** The id of the user whom an event is about, if it can be part of a key. */
export function userOf({ userId }: PluginEvent): string | null {
	return matching(ID, userId);
}

/**
 * A trace code in the form in which codes are compared. Spaces, dashes, case and the script of digits do not matter, nor do O for 0 and I or
 * L for 1.
 */
export function sameTraceCode(typed: string): string {
	return asciiDigits(typed.normalize("NFKC"))
		.toUpperCase()
		.replace(/[^0-9A-Z]/g, "")
		.replaceAll("O", "0")
		.replace(/[IL]/g, "1");
}

function matching(shape: RegExp, value: unknown): string | null {
	return typeof value === "string" && shape.test(value) ? value : null;
}

/** A clock that is set back can make a time negative. */
function amount(value: unknown): number | null {
	return typeof value === "number" && Number.isFinite(value)
		? Math.max(0, Math.round(value))
		: null;
}

/** Keeps fields that a later version added. */
function readSignIn(value: StorageValue): SignInEntry | undefined {
	const fields = fieldsOf(value);
	const { at, brandId, code, traceCode, calls, waitedMs } = fields;
	// Versions before 0.3.0 stored no protocol, and no keys that lead to an entry.
	const { durationMs, awayMs, problem, protocol = null, who, isIndexed = false } = fields;
	const outcome = OUTCOMES.find((each) => each === fields["outcome"]);
	const wanted = WANTED.find((each) => each === fields["wanted"]);
	if (
		!isTime(at) ||
		typeof brandId !== "string" ||
		outcome === undefined ||
		typeof code !== "string" ||
		typeof traceCode !== "string" ||
		wanted === undefined ||
		(durationMs !== null && typeof durationMs !== "number") ||
		(awayMs !== null && typeof awayMs !== "number") ||
		typeof calls !== "number" ||
		typeof waitedMs !== "number" ||
		!isTextOrNull(problem) ||
		!isTextOrNull(protocol) ||
		!isTextOrNull(who) ||
		typeof isIndexed !== "boolean"
	) {
		return undefined;
	}
	const attempt = { at, brandId, outcome, code, traceCode, wanted, problem, protocol, who };
	return { ...fields, ...attempt, durationMs, awayMs, calls, waitedMs, isIndexed };
}
