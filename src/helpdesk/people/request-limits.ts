import type { Clock } from "../../contract/clock.ts";
import { countAttempt } from "../../contract/count-attempt.ts";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import { addressKey, comparedAddress } from "../mail/email-key.ts";
import { networkDigest } from "./client-address.ts";

const HOUR_MS = 60 * 60_000;
/** How often one network may send each form within an hour. */
const MOST_REQUESTS = 20;
/** How many letters one network may have the helpdesk write to one address within an hour. */
const MOST_LETTERS = 5;

/**
 * A form that makes the helpdesk write a letter to any address, or hash a password for somebody who has a link from a
 * letter. Hashing takes long, and anybody can get any number of links for addresses of their own.
 */
export type LimitedForm = "register" | "register-confirm" | "forgot" | "reset";

/**
 * Limits the forms that anybody can send. Counts by network, so that a stranger who uses up a limit stops nobody who comes
 * from another one. All nodes count together.
 */
export class RequestLimits {
	/**
	 * @param storage a namespace of its own.
	 * @param isOn false: there is no limit.
	 */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly isOn: boolean,
	) {}

	/**
	 * Counts a form that was sent.
	 *
	 * @param network see `clientNetwork`.
	 * @returns 0 when it is allowed, else the seconds to wait.
	 */
	async secondsToWait(form: LimitedForm, network: string): Promise<number> {
		const wait = await this.count(["form", form, networkDigest(network)], MOST_REQUESTS);
		return Math.ceil(wait / 1000);
	}

	/** Counts a letter. @returns whether it may be written. */
	async mayWrite(brandId: string, email: string, network: string): Promise<boolean> {
		const key = ["letters", brandId, addressKey(comparedAddress(email)), networkDigest(network)];
		return (await this.count(key, MOST_LETTERS)) === 0;
	}

	private async count(key: StorageKey, most: number): Promise<number> {
		const { storage, clock } = this;
		return this.isOn ? countAttempt({ storage, clock }, { key, most, windowMs: HOUR_MS }) : 0;
	}
}
