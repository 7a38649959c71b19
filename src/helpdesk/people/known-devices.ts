import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import { comparedAddress } from "../mail/email-key.ts";

export const KNOWN_FOR_SECONDS = 180 * 24 * 60 * 60;

/** An account that has a password. */
export interface DeviceOwner {
	readonly email: string;
	readonly sessionEpoch: number;
}

const COOKIE = /^(\d{1,16})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/**
 * Recognises browsers in which an account was logged in before, by OWASP's device cookies ("Slow Down Online Guessing
 * Attacks"). A cookie logs nobody in. Guesses from its browser are counted separately, so that the guesses of strangers
 * do not lock the owner out. A cookie works for one account, until all sessions of the account end. Therefore a
 * stranger who made an account with somebody else's address has no valid cookie after the owner has claimed it. Nothing
 * is stored.
 */
export class KnownDevices {
	/** @param keys the first one signs, all of them verify. */
	constructor(
		private readonly clock: Clock,
		private readonly random: Random,
		private readonly keys: readonly Uint8Array[],
	) {}

	/** Makes the cookie for a browser in which the owner of the account has just logged in. */
	cookieFor({ email, sessionEpoch }: DeviceOwner): string {
		const until = this.clock.now() + KNOWN_FOR_SECONDS * 1000;
		const device = `${until}.${Buffer.from(this.random.bytes(16)).toString("base64url")}`;
		return `${device}.${signature(device, { email, sessionEpoch }, this.keys[0] ?? new Uint8Array())}`;
	}

	/** @returns the id to count the browser by; undefined for a browser in which the account was not logged in. */
	deviceOf(cookie: string | undefined, owner: DeviceOwner): string | undefined {
		const [, until, id = "", signed = ""] = COOKIE.exec(cookie ?? "") ?? [];
		if (until === undefined || this.clock.now() >= Number(until)) {
			return undefined;
		}
		const given = Buffer.from(signed);
		const isOurs = this.keys.some((key) =>
			timingSafeEqual(given, Buffer.from(signature(`${until}.${id}`, owner, key))),
		);
		return isOurs ? id : undefined;
	}
}

function signature(device: string, { email, sessionEpoch }: DeviceOwner, key: Uint8Array): string {
	return createHmac("sha256", key)
		.update(`${device} ${sessionEpoch} ${comparedAddress(email)}`)
		.digest("base64url");
}
