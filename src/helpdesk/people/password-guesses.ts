import type { Clock } from "../../contract/clock.ts";
import { addressKey, comparedAddress } from "../mail/email-key.ts";
import type { Accounts } from "./accounts.ts";
import { AttemptLimit } from "./attempt-limit.ts";
import { clientNetwork } from "./client-address.ts";
import type { KnownDevices } from "./known-devices.ts";
import type { Operators } from "./operators.ts";

/**
 * How many guesses at one account's password all unknown browsers have together. Each known browser has as many again.
 */
const GUESSES_PER_MINUTE = 10;

/** A log-in form. Each counts its own guesses. */
export interface GuessPlace {
	/** Operators log in to the administration, users to the portal of their brand. */
	readonly role: "portal" | "admin";
	readonly brandId: string;
	readonly devices: Pick<KnownDevices, "deviceOf">;
}

/** A password that a visitor is about to try. */
export interface PasswordGuess {
	/** The account's address as it was typed, whether or not there is such an account. */
	readonly email: string;
	/** The visitor's IP address, behind trusted proxies. */
	readonly clientAddress: string;
	/** The device cookie that the browser sent; undefined for none. */
	readonly deviceCookie: string | undefined;
}

/** Limits guesses at passwords by network, by account and by known browser. Counts on this node, per minute. */
export class PasswordGuesses {
	private readonly byNetwork: AttemptLimit;
	private readonly byAccount: AttemptLimit;
	private readonly byDevice: AttemptLimit;

	/** @param perNetwork guesses that one network may make per minute; 0 turns all three limits off. */
	constructor(
		perNetwork: number,
		clock: Clock,
		private readonly accounts: Pick<Accounts, "byEmail">,
		private readonly operators: Pick<Operators, "sessionEpochOf">,
	) {
		const perAccount = perNetwork === 0 ? 0 : GUESSES_PER_MINUTE;
		this.byNetwork = new AttemptLimit(perNetwork, clock);
		this.byAccount = new AttemptLimit(perAccount, clock);
		this.byDevice = new AttemptLimit(perAccount, clock);
	}

	/**
	 * Counts a guess. Call it before the password is checked, because each check costs a second of a processor.
	 *
	 * @returns 0 when the password may be checked, else the seconds to wait.
	 * @throws StorageError when the account cannot be looked up.
	 */
	async secondsToWait(place: GuessPlace, guess: PasswordGuess): Promise<number> {
		const where = `${place.role} ${place.brandId}`;
		const wait = this.byNetwork.secondsToWait(where, clientNetwork(guess.clientAddress));
		// A network that has to wait adds nothing to the account's count, so that it cannot lock the owner out.
		if (wait > 0) {
			return wait;
		}
		const device = await this.deviceOf(place, guess);
		return device === undefined
			? this.byAccount.secondsToWait(where, addressKey(comparedAddress(guess.email)))
			: this.byDevice.secondsToWait(where, device);
	}

	private async deviceOf(
		{ role, brandId, devices }: GuessPlace,
		{ email, deviceCookie }: PasswordGuess,
	): Promise<string | undefined> {
		const sessionEpoch =
			role === "admin"
				? await this.operators.sessionEpochOf(email)
				: (await this.accounts.byEmail(brandId, email))?.sessionEpoch;
		return sessionEpoch === undefined
			? undefined
			: devices.deviceOf(deviceCookie, { email, sessionEpoch });
	}
}
