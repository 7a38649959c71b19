import type { Clock } from "../../contract/clock.ts";
import type { KnownIdentity } from "../links/links.ts";
import { isNumber, isOneOf, isRecord, isText, orAbsent, orNull } from "../stored-value.ts";
import type { Continuation } from "./browser/continuation.ts";
import type { Protocol } from "./provider/identity-provider.ts";
import { ProviderCalls } from "./provider/provider-calls.ts";

/** The time limit for all calls to X in one request. No visitor waits longer than ten seconds. */
const BUDGET_MS = 9_000;

/** The figures of an attempt, stored with the pending log-in and its forms between requests. */
export type AttemptRecord = {
	/** `try`: an operator tries the log-in. An earlier version cannot read that record, so it lets nobody in by it. */
	readonly wanted: "log-in" | "link" | "try";
	/** Null before it is chosen; absent in older records, which are of OAuth 1.0a. */
	readonly protocol?: Protocol | null;
	/** When the button was pressed. Milliseconds since the epoch, like the other times. */
	readonly startedAt: number;
	/** When the visitor was sent to the provider; null before that. */
	readonly leftAt: number | null;
	/** The time they stayed there, in milliseconds; null before they come back. */
	readonly awayMs: number | null;
	readonly calls: number;
	readonly waitedMs: number;
	/** A problem at the provider that did not end the attempt. */
	readonly problem: string | null;
};

export const isAttemptRecord = isRecord<AttemptRecord>({
	wanted: isOneOf("log-in", "link", "try"),
	protocol: orAbsent(orNull(isOneOf("oauth1", "oauth2"))),
	startedAt: isNumber,
	leftAt: orNull(isNumber),
	awayMs: orNull(isNumber),
	calls: isNumber,
	waitedMs: isNumber,
	problem: orNull(isText),
});

/**
 * An attempt to log in or to link, during one of its requests. An attempt takes two requests or more. Its figures
 * belong to the request that has taken its record, so its end is reported once, with all figures.
 */
export class Attempt {
	/** The calls of this request. */
	readonly calls: ProviderCalls;
	/** The identity that the provider named. */
	identity: KnownIdentity | undefined;
	/** The path that the visitor wants to reach; `/` until it is known. */
	returnPath = "/";
	/** Whether the visitor pressed "Connect X" on their account page; false until it is known. */
	linking = false;
	private record: AttemptRecord | null = null;

	constructor(private readonly clock: Clock) {
		this.calls = new ProviderCalls(clock, BUDGET_MS);
	}

	/** Sets what the visitor wants. The page that ends the attempt depends on it. */
	learn({ returnPath, linking }: Pick<Attempt, "returnPath" | "linking">): void {
		this.returnPath = returnPath;
		this.linking = linking;
	}

	/** Starts the figures of an attempt whose button was pressed. */
	start(wanted: AttemptRecord["wanted"]): void {
		this.record = {
			wanted,
			protocol: null,
			startedAt: this.clock.now(),
			leftAt: null,
			awayMs: null,
			calls: 0,
			waitedMs: 0,
			problem: null,
		};
	}

	chose(protocol: Protocol): void {
		this.record = this.record && { ...this.record, protocol };
	}

	/** Whether an operator tries the log-in: nothing is created, sent or reported. */
	get isTrial(): boolean {
		return this.record?.wanted === "try";
	}

	/** Notes that the visitor goes to the provider. @returns the record to store meanwhile. */
	leave(): AttemptRecord | null {
		const soFar = this.soFar();
		return soFar && { ...soFar, leftAt: this.clock.now() };
	}

	/** Resumes the attempt of a visitor who came back. This request has taken the stored record. */
	comeBack(kept: AttemptRecord | null): void {
		const awayMs = kept?.leftAt == null ? null : this.clock.now() - kept.leftAt;
		this.record = kept && { ...kept, awayMs };
	}

	/** Resumes the attempt of the forms that this request has taken. */
	goOn({
		attempt = null,
		identityId: id,
		handle,
	}: Pick<Continuation, "attempt" | "identityId" | "handle">): void {
		this.record = attempt;
		this.identity = { id, handle };
	}

	sawProblem(problem: string): void {
		this.record = this.record && { ...this.record, problem };
	}

	/**
	 * The figures so far, with the calls of this request; null if it is not known which attempt the request belongs to.
	 */
	soFar(): AttemptRecord | null {
		const { record, calls } = this;
		return (
			record && {
				...record,
				calls: record.calls + calls.count,
				waitedMs: record.waitedMs + calls.waitedMs,
			}
		);
	}

	/** The time since the button was pressed, in milliseconds; null if it is not known. */
	get durationMs(): number | null {
		return this.record && this.clock.now() - this.record.startedAt;
	}
}
