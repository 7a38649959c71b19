import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../contract/clock.ts";

/** How long a right password waits for the code. Milliseconds. */
const WAITS_MS = 5 * 60_000;

const PENDING = /^(\d{1,16})\.([A-Za-z0-9_-]{43})$/;

/** A log-in whose password was right. */
export interface HalfLogIn {
	readonly email: string;
	/** The operator's when the password was checked. Another one ends the log-in. */
	readonly sessionEpoch: number;
	/** The token of the browser, so that a form is worth nothing in another one. */
	readonly browser: string;
}

/**
 * Proves in a form that the password was right, until the code has come. It is no session: no page of the administration
 * opens with it. Nothing is stored.
 */
export class PendingLogIns {
	/** @param keys the first one signs, all of them verify. */
	constructor(
		private readonly clock: Clock,
		private readonly keys: readonly Uint8Array[],
	) {}

	/** @returns the text for the form. */
	begin(logIn: HalfLogIn): string {
		const until = String(this.clock.now() + WAITS_MS);
		return `${until}.${signature(until, logIn, this.keys[0] ?? new Uint8Array())}`;
	}

	/** Whether a form's text is of this log-in, and not too old. */
	isOf(text: string, logIn: HalfLogIn): boolean {
		const [, until, signed = ""] = PENDING.exec(text) ?? [];
		if (until === undefined || this.clock.now() >= Number(until)) {
			return false;
		}
		const given = Buffer.from(signed);
		return this.keys.some((key) =>
			timingSafeEqual(given, Buffer.from(signature(until, logIn, key))),
		);
	}
}

function signature(
	until: string,
	{ email, sessionEpoch, browser }: HalfLogIn,
	key: Uint8Array,
): string {
	const text = JSON.stringify([until, sessionEpoch, browser, email]);
	return createHmac("sha256", key).update(text).digest("base64url");
}
