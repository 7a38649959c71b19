import type { PluginEvent } from "../../contract/events.ts";
import type { LoginEnded, LoginEndedFields } from "../../contract/login-ended.ts";

/** How one attempt to come in ended, as the ledger keeps it: no personal data but a keyed hash. */
export interface SignInEntry
	extends Pick<
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
	> {
	readonly [name: string]: string | number | null;
	/** Milliseconds since the epoch. */
	readonly at: number;
	readonly brandId: string;
	/** The same for all attempts with one account at the provider; null where it is unknown or was erased. */
	readonly who: string | null;
}

export const OUTCOMES = ["came-in", "cancelled", "refused"] as const;

const CODE = /^[a-z0-9-]{1,64}$/;
const TRACE_CODE = /^[0-9A-Z-]{4,24}$/;
const ID = /^[!-~]{1,128}$/;

/** What the ledger keeps of an event; undefined for any other event, and for one that breaks its promises. */
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
	const { wanted } = fields;
	return {
		at,
		brandId,
		outcome,
		code,
		traceCode,
		wanted: wanted === "log-in" || wanted === "link" ? wanted : null,
		durationMs: amount(fields["durationMs"]),
		awayMs: amount(fields["awayMs"]),
		calls: amount(fields["calls"]) ?? 0,
		waitedMs: amount(fields["waitedMs"]) ?? 0,
		problem: matching(CODE, fields["problem"]),
		who,
	};
}

/** The user it is about, if the id can be part of a key. */
export function userOf({ userId }: PluginEvent): string | null {
	return matching(ID, userId);
}

/** A trace code as it is compared: read out, typed or pasted, and whatever took O for 0 or I and L for 1. */
export function sameTraceCode(typed: string): string {
	return typed
		.normalize("NFKC")
		.toUpperCase()
		.replace(/[^0-9A-Z]/g, "")
		.replaceAll("O", "0")
		.replace(/[IL]/g, "1");
}

function matching(shape: RegExp, value: unknown): string | null {
	return typeof value === "string" && shape.test(value) ? value : null;
}

/** A clock that was set back may make a time negative. */
function amount(value: unknown): number | null {
	return typeof value === "number" && Number.isFinite(value)
		? Math.max(0, Math.round(value))
		: null;
}
