import type { Clock } from "../../contract/clock.ts";
import { countAttempt } from "../../contract/count-attempt.ts";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import { clientNetwork, clientSite } from "../../routes/client-network.ts";
import { addressKey, comparedAddress } from "../mail/email-key.ts";
import type { Accounts } from "./accounts.ts";
import { networkDigest } from "./client-address.ts";
import { GuessQueue } from "./guess-queue.ts";
import type { KnownDevices } from "./known-devices.ts";
import type { Operators } from "./operators.ts";
import { PasswordsBusyError } from "./scrypt-workers.ts";

const MINUTE = 60_000;
/**
 * How many guesses at one account's password all unknown browsers have together. Each known browser has as many again.
 */
const GUESSES_PER_MINUTE = 10;
/** How many guesses all known browsers of one account have together. An owner can make any number of browsers known. */
const KNOWN_GUESSES_PER_MINUTE = 30;
/** When places are free again, as a rule. */
const BUSY_SECONDS = 5;

/** A log-in form. Each counts the guesses at its own accounts. */
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

/** How an attempt ended: with the result of the check or, if there was none, with the seconds to wait for the next one. */
export type Attempt<Result> = { readonly result: Result } | { readonly wait: number };

/**
 * Limits guesses at passwords by network, by account and by known browser. All nodes count together, per minute. Known
 * browsers are outside the limit of their network, so that a neighbour who guesses does not lock the owner out.
 */
export class PasswordGuesses {
	private readonly queue: GuessQueue;

	/**
	 * @param perNetwork guesses that one network may make per minute at all forms together; 0 turns all limits off but
	 * the number of guesses that are checked at once.
	 * @param storage a namespace of its own.
	 */
	constructor(
		private readonly perNetwork: number,
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly accounts: Pick<Accounts, "byEmail">,
		private readonly operators: Pick<Operators, "sessionEpochOf">,
	) {
		this.queue = new GuessQueue(perNetwork === 0 ? Number.POSITIVE_INFINITY : undefined);
	}

	/**
	 * Counts a guess, and checks it unless the visitor has to wait. Each check costs a third of a second of a processor.
	 *
	 * @throws StorageError when guesses cannot be counted. Then nothing is checked.
	 * @throws what the check throws.
	 */
	async attempt<Result>(
		place: GuessPlace,
		guess: PasswordGuess,
		check: () => Promise<Result>,
	): Promise<Attempt<Result>> {
		const device = await this.deviceOf(place, guess);
		// A network that has to wait adds nothing to the account's count, so that it cannot lock the owner out.
		const network = networkDigest(clientNetwork(guess.clientAddress));
		const wait = device === undefined ? await this.count(["network", network], this.perNetwork) : 0;
		if (wait > 0) {
			return { wait };
		}
		const queued = this.queue.take({
			site: clientSite(guess.clientAddress),
			browser: device === undefined ? "unknown" : "known",
		});
		if (queued === undefined) {
			return { wait: BUSY_SECONDS };
		}
		try {
			const wait = await this.countAtAccount(place, guess, device);
			if (wait > 0) {
				return { wait };
			}
			await queued.turn();
			return { result: await check() };
		} catch (error) {
			if (error instanceof PasswordsBusyError) {
				return { wait: BUSY_SECONDS };
			}
			throw error;
		} finally {
			queued.leave();
		}
	}

	private async countAtAccount(
		{ role, brandId }: GuessPlace,
		{ email }: PasswordGuess,
		device: string | undefined,
	): Promise<number> {
		const account = [role, brandId, addressKey(comparedAddress(email))];
		if (device === undefined) {
			return this.count(["account", ...account], GUESSES_PER_MINUTE);
		}
		const wait = await this.count(["device", device], GUESSES_PER_MINUTE);
		return wait > 0
			? wait
			: this.count(["devices-of-account", ...account], KNOWN_GUESSES_PER_MINUTE);
	}

	/** @returns 0 when there may be another one, else the seconds to wait. */
	private async count(key: StorageKey, most: number): Promise<number> {
		if (this.perNetwork === 0) {
			return 0;
		}
		const { storage, clock } = this;
		const wait = await countAttempt({ storage, clock }, { key, most, windowMs: MINUTE });
		return Math.ceil(wait / 1000);
	}

	private async deviceOf(
		{ role, brandId, devices }: GuessPlace,
		{ email, deviceCookie }: PasswordGuess,
	): Promise<string | undefined> {
		if (deviceCookie === undefined) {
			return undefined;
		}
		const sessionEpoch =
			role === "admin"
				? await this.operators.sessionEpochOf(email)
				: (await this.accounts.byEmail(brandId, email))?.sessionEpoch;
		return sessionEpoch === undefined
			? undefined
			: devices.deviceOf(deviceCookie, { email, sessionEpoch });
	}
}
