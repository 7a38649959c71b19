import type { Clock } from "../../contract/clock.ts";
import { isNumber, isOneOf, isRecord, isText, orNull } from "../stored-value.ts";
import { ProviderCalls } from "./provider/provider-calls.ts";

/** For all that X is asked in one request of a visitor, so that nobody waits longer than ten seconds. */
const BUDGET_MS = 9_000;

/** The numbers of an attempt, kept with the pending log-in and its forms while the visitor is away. */
export type AttemptRecord = {
	readonly wanted: "log-in" | "link";
	/** When the button was pressed. Milliseconds since the epoch, like the other times. */
	readonly startedAt: number;
	/** When the visitor was sent to the provider; null before. */
	readonly leftAt: number | null;
	/** From then until they came back; null before. */
	readonly awayMs: number | null;
	readonly calls: number;
	readonly waitedMs: number;
	/** What the provider did wrong without ending the attempt. */
	readonly problem: string | null;
};

export const isAttemptRecord = isRecord<AttemptRecord>({
	wanted: isOneOf("log-in", "link"),
	startedAt: isNumber,
	leftAt: orNull(isNumber),
	awayMs: orNull(isNumber),
	calls: isNumber,
	waitedMs: isNumber,
	problem: orNull(isText),
});

/**
 * One attempt to come in, as one of its requests sees it. An attempt goes over two requests or more, and its numbers
 * belong to the one request that has taken its record: so the end is told once, with all of them.
 */
export class Attempt {
	/** Those of this request. */
	readonly calls: ProviderCalls;
	/** Whom the provider named. */
	identityId: string | undefined;
	/** Where the visitor wants to go; `/` before it is known. */
	returnPath = "/";
	/** Whether the visitor pressed "Connect X" on their account page. False before it is known. */
	linking = false;
	private record: AttemptRecord | null = null;

	constructor(private readonly clock: Clock) {
		this.calls = new ProviderCalls(clock, BUDGET_MS);
	}

	/** It is known from here on what the visitor wants. A page that ends the attempt goes by it. */
	learn({ returnPath, linking }: Pick<Attempt, "returnPath" | "linking">): void {
		this.returnPath = returnPath;
		this.linking = linking;
	}

	/** The button was pressed. */
	start(wanted: AttemptRecord["wanted"]): void {
		this.record = {
			wanted,
			startedAt: this.clock.now(),
			leftAt: null,
			awayMs: null,
			calls: 0,
			waitedMs: 0,
			problem: null,
		};
	}

	/** The visitor goes to the provider; @returns what to keep meanwhile. */
	leave(): AttemptRecord | null {
		const soFar = this.soFar();
		return soFar && { ...soFar, leftAt: this.clock.now() };
	}

	/** The visitor came back from the provider, and this request has taken what was kept. */
	comeBack(kept: AttemptRecord | null): void {
		const awayMs = kept?.leftAt == null ? null : this.clock.now() - kept.leftAt;
		this.record = kept && { ...kept, awayMs };
	}

	/** This request has taken the forms of the attempt. */
	goOn(kept: { readonly attempt?: AttemptRecord | null; readonly identityId: string }): void {
		this.record = kept.attempt ?? null;
		this.identityId = kept.identityId;
	}

	sawProblem(problem: string): void {
		this.record = this.record && { ...this.record, problem };
	}

	/** With the calls of this request; null where it is not known what the request belongs to. */
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

	/** By now. */
	get durationMs(): number | null {
		return this.record && this.clock.now() - this.record.startedAt;
	}
}
