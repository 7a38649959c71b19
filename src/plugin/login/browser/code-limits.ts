import { countAttempt } from "../../../contract/count-attempt.ts";
import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../../contract/login-request.ts";
import type { StorageKey } from "../../../contract/storage.ts";
import { pagesOf } from "../../../contract/storage-pages.ts";
import { digest } from "../../digest.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { isNumber, isRecord, readStored } from "../../stored-value.ts";
import type { StoredContinuation } from "./continuations.ts";

const HOUR_MS = 60 * 60_000;
const KIND = "code-counts";

/**
 * The most within an hour, by what is counted together. Nobody can use up what another person needs, because each X account
 * has limits of its own, and so has each network. A network is a household or an office: four X accounts at their own limits
 * fill it. What one limit refuses adds nothing to the other counts.
 */
const LIMITS = {
	/** `account`: an X account at a brand; `address`: an X account and an address, at all brands. */
	letters: { network: 20, account: 5, address: 5 },
	guesses: { network: 100, account: 25 },
	/** Of any kind. A log-in sends about four. */
	forms: { network: 300, "log-in": 60 },
} as const;

/** So much within an hour at one brand is reported to the helpdesk, and refused to nobody. */
const REPORTED = 200;

type StoredCount = {
	readonly count: number;
	/** When counting starts again. */
	readonly until: number;
};

const isStoredCount = isRecord<StoredCount>({ count: isNumber, until: isNumber });

type Limits = typeof LIMITS;

type Limit = {
	[What in keyof Limits]: `${What}-of-${keyof Limits[What] & string}`;
}[keyof Limits];

/** A limit that was reached. */
export interface ReachedLimit {
	readonly limit: Limit;
	/** The time until more is allowed, in milliseconds. */
	readonly waitMs: number;
}

/** A form of a log-in that a visitor sends. */
interface CountedForm {
	readonly request: LoginRequest;
	readonly found: StoredContinuation;
}

/** Counts for all nodes together. Keys hold hashes of addresses, networks and X ids, and expire after an hour. */
@injectable()
export class CodeLimits {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/**
	 * Counts one before it has an effect.
	 *
	 * @param email the address that a letter goes to.
	 * @param passes whether it is only asked about, or counted, or first the one and then the other.
	 * @returns undefined if it is allowed.
	 */
	async count(
		what: keyof Limits,
		{ request, found }: CountedForm,
		email = "",
		passes = [true, false],
	): Promise<ReachedLimit | undefined> {
		const { brandId, identityId } = found.state;
		const names: Readonly<Record<string, readonly string[]>> = {
			// A helpdesk of contract 1.0 does not tell the network.
			network: [request.clientNetwork ?? request.clientAddress],
			account: [brandId, identityId],
			address: [email, identityId],
			"log-in": [found.id],
		};
		for (const isOnlyAsked of passes) {
			for (const [of, most] of Object.entries<number>(LIMITS[what])) {
				const limit = `${what}-of-${of}` as Limit;
				const key = keyOf(limit, names[of] ?? []);
				const allowance = { key, most, windowMs: HOUR_MS, isOnlyAsked };
				const waitMs = await countAttempt(this.host, allowance);
				if (waitMs > 0) {
					return { limit, waitMs };
				}
			}
		}
		return undefined;
	}

	/**
	 * Counts for a whole brand, and reports once an hour when there is much of it. If another visitor is counted at the same
	 * moment, this one is left out, so that visitors do not wait for each other.
	 */
	async watch(what: "letters" | "wrong-codes", brandId: string): Promise<void> {
		const { storage, clock, events } = this.host;
		const key = keyOf(`${what}-of-brand`, [brandId]);
		const entry = await storage.get(key);
		const value =
			entry === undefined
				? { count: 0, until: clock.now() + HOUR_MS }
				: readStored(this.host, entry, isStoredCount);
		if (value === undefined || value.count >= REPORTED) {
			return;
		}
		const count = value.count + 1;
		const counted = await storage.commit({
			checks: [{ key, version: entry?.version ?? null }],
			sets: [{ key, value: { ...value, count }, expiresAt: value.until }],
		});
		if (counted && count === REPORTED) {
			const message = "many codes within an hour: this may be an attack";
			events.emit({ name: "codes.many", level: "warn", message, brandId, fields: { what, count } });
		}
	}

	/** Deletes the counts that belong to brands, X ids or addresses. */
	async forget(names: readonly string[]): Promise<void> {
		const { storage } = this.host;
		const hashes = names.map(digest);
		for await (const entries of pagesOf(storage, [KIND])) {
			const deletes = entries
				.map(({ key }) => key)
				.filter((key) => key.some((part) => hashes.includes(part)));
			await storage.commit({ deletes });
		}
	}
}

/** @param names of what is counted. A brand is one of them. */
function keyOf(what: string, names: readonly string[]): StorageKey {
	return [KIND, what, ...names.map(digest)];
}
