import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import { countAttempt } from "../../contract/count-attempt.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";

/** How long an operator has to begin a test log-in. Milliseconds. */
const VALID_MS = 10 * 60_000;

const TICKET = /^(\d{1,16})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** The log-in that a ticket is for. */
export interface TriedLogIn {
	readonly pluginId: string;
	readonly brandId: string;
}

export interface TrialTicketParts {
	/** Holds which tickets are used. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	/** The first one signs, all of them verify. */
	readonly keys: readonly Uint8Array[];
}

/**
 * Proves to a portal that an operator asks for a test log-in. The portal may be at another host name, where nobody is logged
 * in as an operator. A ticket is good for one log-in with one plugin at one brand. It opens no session and reads nothing.
 */
export class TrialTickets {
	constructor(private readonly parts: TrialTicketParts) {}

	/** Stores nothing. */
	issue(logIn: TriedLogIn): string {
		const { clock, random, keys } = this.parts;
		const until = clock.now() + VALID_MS;
		const about = `${until}.${Buffer.from(random.bytes(16)).toString("base64url")}`;
		return `${about}.${signature(about, logIn, keys[0] ?? new Uint8Array())}`;
	}

	/** Whether a ticket is for this log-in and not too old. It may have been used. */
	isOf(ticket: string, logIn: TriedLogIn): boolean {
		return this.idOf(ticket, logIn) !== undefined;
	}

	/** Uses a ticket up. @returns false for one that is not good, or that was used before, at any node. */
	async redeem(ticket: string, logIn: TriedLogIn): Promise<boolean> {
		const id = this.idOf(ticket, logIn);
		const once = { most: 1, windowMs: VALID_MS };
		return (
			id !== undefined && (await countAttempt(this.parts, { key: ["trial", id], ...once })) === 0
		);
	}

	private idOf(ticket: string, logIn: TriedLogIn): string | undefined {
		const [, until, id = "", signed = ""] = TICKET.exec(ticket) ?? [];
		if (until === undefined || this.parts.clock.now() >= Number(until)) {
			return undefined;
		}
		const given = Buffer.from(signed);
		const isOurs = this.parts.keys.some((key) =>
			timingSafeEqual(given, Buffer.from(signature(`${until}.${id}`, logIn, key))),
		);
		return isOurs ? id : undefined;
	}
}

function signature(about: string, { pluginId, brandId }: TriedLogIn, key: Uint8Array): string {
	return createHmac("sha256", key)
		.update(JSON.stringify([about, pluginId, brandId]))
		.digest("base64url");
}
