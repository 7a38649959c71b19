import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import { countAttempt } from "../../contract/count-attempt.ts";
import type { HostStorage } from "../../contract/storage.ts";

const HOUR_MS = 60 * 60_000;

/**
 * The most within an hour. Nothing is counted by address, so that nobody uses up what its owner needs: the owner is another
 * user, and comes from another network. What one limit refuses adds nothing to the other count.
 */
const LIMITS = {
	letters: { network: 20, user: 5 },
	/** With these, half of all codes take one network 500,000 years. */
	guesses: { network: 100, user: 25 },
} as const;

/** A limit that was reached. */
export interface ReachedLimit {
	readonly of: "network" | "user";
	readonly what: keyof typeof LIMITS;
	/** The time until more is allowed, in milliseconds. */
	readonly waitMs: number;
}

/** A user, and the network that they come from, see `clientNetwork`. */
export interface Counted {
	readonly userId: string;
	readonly network: string;
}

/** Counts the letters with codes and the codes that are entered, for all nodes together. */
export class AddressProofLimits {
	/** @param storage a namespace of the proofs. Keys hold hashes of users and networks, and expire after an hour. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
	) {}

	/** @returns undefined when one more is allowed. Nothing is counted. */
	ask(what: keyof typeof LIMITS, counted: Counted): Promise<ReachedLimit | undefined> {
		return this.pass(what, counted, true);
	}

	/** Counts one before it has an effect. @returns undefined when it is allowed. */
	async count(what: keyof typeof LIMITS, counted: Counted): Promise<ReachedLimit | undefined> {
		return (await this.ask(what, counted)) ?? this.pass(what, counted, false);
	}

	private async pass(
		what: keyof typeof LIMITS,
		{ userId, network }: Counted,
		isOnlyAsked: boolean,
	): Promise<ReachedLimit | undefined> {
		const { storage, clock } = this;
		for (const of of ["network", "user"] as const) {
			const key = [what, of, digestOf(of === "user" ? userId : network)];
			const allowance = { key, most: LIMITS[what][of], windowMs: HOUR_MS, isOnlyAsked };
			const waitMs = await countAttempt({ storage, clock }, allowance);
			if (waitMs > 0) {
				return { of, what, waitMs };
			}
		}
		return undefined;
	}
}

function digestOf(text: string): string {
	return createHash("sha256").update(text).digest("base64url");
}
