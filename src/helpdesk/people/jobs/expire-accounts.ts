import type { Clock } from "../../../contract/clock.ts";
import type { PluginEvent } from "../../../contract/events.ts";
import {
	type HostStorage,
	isStorageError,
	type StorageCommit,
	type StorageEntry,
} from "../../../contract/storage.ts";
import { namespaced } from "../../../storage/namespaced-storage.ts";
import { placed } from "../../../storage/ordered-storage.ts";
import {
	fieldsOf,
	orUnreadable,
	readOrReport,
	type StoredKind,
	UnreadableValueError,
} from "../../../storage/stored-value.ts";
import { type JobKind, jobKind, type StepEnd } from "../../jobs/job-kind.ts";
import { NAMESPACES } from "../../namespaces.ts";
import type { Registration } from "../registration.ts";
import { type Account, STORED_ACCOUNT } from "../stored-account.ts";
import { hintDay, UNPROVEN, unprovenKeys } from "../unproven-hints.ts";
import { EXPIRY_POSITION, type ExpiryPosition } from "./expiry-position.ts";

export const EXPIRE_ACCOUNTS = "expire-accounts";

const DAY_MS = 24 * 60 * 60_000;
/** A step ends after so many hints, or so many deletions, which take more. */
const HINTS_PER_STEP = 20;
const DELETIONS_PER_STEP = 3;
/** How long a look is put off at most, so that a changed setting holds within a week. */
const LOOKED_AT_EVERY_MS = 7 * DAY_MS;

/** Where else to see whether somebody uses an account. */
export interface AccountUse {
	/**
	 * When somebody last logged in to it through an add-on. Milliseconds since the epoch. `unknown`: that cannot be told.
	 * Undefined: nobody did for as long as log-ins are kept.
	 */
	readonly lastUse: (user: Account) => Promise<number | "unknown" | undefined>;
	/** Whether the user has agreed to log in to a connected helpdesk. */
	readonly hasAgreed: (user: Account) => Promise<boolean>;
}

export interface ExpiryParts extends AccountUse {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly registration: Pick<Registration, "of">;
	readonly brandIds: () => readonly string[];
	readonly find: (userId: string) => Promise<Account | undefined>;
	/** Deletes a user with everything. May be called again. @returns false when there is no such user. */
	readonly deleteUser: (userId: string) => Promise<boolean>;
	readonly log: (event: PluginEvent) => void;
	readonly logError: (what: string, error: unknown) => void;
}

/** What the job's page shows. */
type Result = { readonly deleted: number };

const NO_PARAMS: StoredKind<Readonly<Record<string, never>>> = {
	name: "jobs/expire-accounts/params",
	read: () => ({}),
};

/** What becomes of a hint: it is no longer needed, its account is deleted, or it is looked at again. */
type Verdict = "drop" | "delete" | { readonly again: number; readonly since: number };

/**
 * Deletes accounts that nobody has proven and nobody used for as long as their brand says. Walks the hints of accounts that
 * nobody had proven when they were made. Log-ins write nothing for it: it looks where they are kept anyway.
 *
 * A step may be done twice: a deletion that is repeated finds nobody, and hints move in the step's commit.
 */
export function expireAccounts(parts: ExpiryParts): JobKind {
	return jobKind<Readonly<Record<string, never>>, ExpiryPosition>({
		type: EXPIRE_ACCOUNTS,
		params: NO_PARAMS,
		position: EXPIRY_POSITION,
		exclusive: () => "expire",
		begin: async () => {
			const until = hintDay(parts.clock.now());
			const counts = { looked: 0, deleted: 0, unreadable: 0, failed: 0 };
			const position = { brandIds: parts.brandIds(), cursor: null, until, ...counts };
			return { position, total: null };
		},
		step: ({ position }) => new ExpiryStep(parts, position).take(),
		words: () => ({ title: { key: "job.expire-accounts" }, unit: "accounts" }),
		outcome: (result) => {
			const { deleted } = fieldsOf(result);
			return { key: "job.expire-accounts.outcome", values: { count: Number(deleted) } };
		},
	});
}

class ExpiryStep {
	private readonly hints: HostStorage;
	private readonly sets: NonNullable<StorageCommit["sets"]>[number][] = [];
	private readonly deletes: StorageEntry["key"][] = [];
	private looked: number;
	private deleted: number;
	private unreadable: number;
	private failed: number;

	constructor(
		private readonly parts: ExpiryParts,
		private readonly position: ExpiryPosition,
	) {
		this.hints = namespaced(parts.storage, NAMESPACES.accounts);
		({ looked: this.looked, deleted: this.deleted } = position);
		({ unreadable: this.unreadable, failed: this.failed } = position);
	}

	async take(): Promise<StepEnd<ExpiryPosition>> {
		const [brandId] = this.position.brandIds;
		if (brandId === undefined) {
			this.report();
			return this.end(this.position, true);
		}
		const unusedMs = await this.unusedMsAt(brandId);
		return unusedMs === undefined ? this.nextBrand() : this.walk(brandId, unusedMs);
	}

	private async walk(brandId: string, unusedMs: number): Promise<StepEnd<ExpiryPosition>> {
		const { cursor, until } = this.position;
		const page = await this.hints.list(unprovenKeys(brandId), {
			limit: HINTS_PER_STEP,
			...(cursor !== null && { cursor }),
		});
		const due = page.entries.filter(({ key }) => String(key.at(-2)) <= until);
		const before = this.deleted + this.failed;
		for (const entry of due) {
			await this.look(brandId, entry, unusedMs);
			const tried = this.deleted + this.failed - before;
			if (tried === DELETIONS_PER_STEP && entry !== due.at(-1)) {
				// The hints that were looked at are gone from this page when it is listed again.
				return this.end(this.position, false);
			}
		}
		return page.cursor === undefined || due.length < page.entries.length
			? this.nextBrand()
			: this.end({ ...this.position, cursor: page.cursor }, false);
	}

	private async look(brandId: string, entry: StorageEntry, unusedMs: number): Promise<void> {
		this.looked += 1;
		const hint = readOrReport(entry, UNPROVEN, () => undefined);
		if (hint === undefined) {
			this.unreadable += 1;
			return;
		}
		const userId = String(entry.key.at(-1));
		const verdict = await this.dealWith(userId, hint.since, unusedMs);
		this.deletes.push(entry.key);
		if (typeof verdict !== "string") {
			const key = [...unprovenKeys(brandId, this.dayFor(verdict.again)), userId];
			this.sets.push({ key, value: { since: verdict.since } });
		}
	}

	/** Deletes the account if it is time. One that fails, say because an add-on refuses, must not keep the others. */
	private async dealWith(
		userId: string,
		knownSince: number | null,
		unusedMs: number,
	): Promise<Verdict> {
		try {
			const verdict = await this.verdictOn(userId, knownSince, unusedMs);
			if (verdict === "delete" && (await this.parts.deleteUser(userId))) {
				this.deleted += 1;
			}
			return verdict;
		} catch (error) {
			if (isStorageError(error)) {
				throw error;
			}
			if (this.failed === 0) {
				this.parts.logError("an unconfirmed account does not expire", error);
			}
			this.failed += 1;
			const now = this.parts.clock.now();
			return { again: now + LOOKED_AT_EVERY_MS, since: knownSince ?? now };
		}
	}

	/** Asks the cheap questions first. */
	private async verdictOn(
		userId: string,
		knownSince: number | null,
		unusedMs: number,
	): Promise<Verdict> {
		const now = this.parts.clock.now();
		const since = knownSince ?? now;
		const later = { again: now + LOOKED_AT_EVERY_MS, since };
		const account = await this.readable(userId);
		if (account === "unreadable") {
			return later;
		}
		if (account === undefined || account.confirmed) {
			return "drop";
		}
		if (account.hasOtherWayIn || account.status === "suspended") {
			return later;
		}
		if (since + unusedMs > now) {
			return { again: since + unusedMs, since };
		}
		const used = await this.parts.lastUse(account);
		if (used === "unknown") {
			return later;
		}
		if (used !== undefined && used + unusedMs > now) {
			return { again: used + unusedMs, since };
		}
		return (await this.parts.hasAgreed(account)) || (await this.hasChanged(account))
			? later
			: "delete";
	}

	/** Whether somebody proved, claimed or changed the account while it was looked at. */
	private async hasChanged({ id, sessionEpoch, hasOtherWayIn }: Account): Promise<boolean> {
		const now = await this.readable(id);
		return (
			now === undefined ||
			now === "unreadable" ||
			now.confirmed ||
			now.sessionEpoch !== sessionEpoch ||
			now.hasOtherWayIn !== hasOtherWayIn
		);
	}

	private async readable(userId: string): Promise<Account | "unreadable" | undefined> {
		const account = await orUnreadable(() => this.parts.find(userId));
		if (account instanceof UnreadableValueError) {
			this.unreadable += 1;
			return "unreadable";
		}
		return account;
	}

	/** A later day than those of this walk, and at most a week ahead. */
	private dayFor(time: number): string {
		const now = this.parts.clock.now();
		const soonest = now + DAY_MS;
		return hintDay(Math.max(soonest, Math.min(time, now + LOOKED_AT_EVERY_MS)));
	}

	/** @returns undefined where accounts of the brand never expire, or its setting cannot be read. */
	private async unusedMsAt(brandId: string): Promise<number | undefined> {
		const policy = await orUnreadable(() => this.parts.registration.of(brandId));
		if (policy instanceof UnreadableValueError) {
			this.parts.logError("no account of a brand expires", policy);
			return undefined;
		}
		return policy.unusedDays === undefined ? undefined : policy.unusedDays * DAY_MS;
	}

	private nextBrand(): StepEnd<ExpiryPosition> {
		const brandIds = this.position.brandIds.slice(1);
		return this.end({ ...this.position, brandIds, cursor: null }, false);
	}

	private end(position: ExpiryPosition, isEnd: boolean): StepEnd<ExpiryPosition> {
		const { looked, deleted, unreadable, failed } = this;
		const result: Result = { deleted };
		return {
			position: { ...position, looked, deleted, unreadable, failed },
			done: looked,
			result,
			commit: placed(NAMESPACES.accounts, { sets: this.sets, deletes: this.deletes }),
			isEnd,
		};
	}

	private report(): void {
		const { log, logError } = this.parts;
		const { deleted, unreadable, failed } = this;
		if (unreadable > 0) {
			logError(
				"some unconfirmed accounts do not expire",
				new UnreadableValueError(STORED_ACCOUNT.name, unreadable),
			);
		}
		if (failed > 0) {
			logError(
				"some unconfirmed accounts do not expire",
				new Error(`${failed} could not be deleted, and are tried again in a week`),
			);
		}
		if (deleted > 0) {
			log({
				name: "helpdesk.accounts-expired",
				level: "info",
				message: "unconfirmed accounts that nobody used are deleted, as their brands say",
				fields: { deleted },
			});
		}
	}
}
