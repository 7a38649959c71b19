import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageCheck, StorageCommit } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { orUnreadable, readEntry, UnreadableValueError } from "../../storage/stored-value.ts";
import {
	CONTINUED,
	continuedKey,
	type Device,
	type EndingSession,
	LISTED,
	SESSION,
	type Session,
	sessionDeletes,
	sessionSets,
	sessionsKeyOf,
	UNKNOWN_DEVICE,
} from "./stored-session.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** How often a request in a session is noted at most. */
const NOTED_EVERY_MS = MINUTE_MS;
/** The most sessions of one person that are shown, the newest first. */
export const MOST_LISTED = 50;

/** How long sessions last. */
export interface SessionLifetimes {
	/** How long a session lasts at most. Milliseconds. */
	readonly longestMs: number;
	/**
	 * How long a session lasts after the last request, to the minute. Milliseconds. Where there is such a time, a new proof
	 * of who somebody is does not make the session last longer. Left out: requests make no difference, and are not noted.
	 */
	readonly idleMs?: number;
}

export const PORTAL_LIFETIMES: SessionLifetimes = { longestMs: 14 * 24 * HOUR_MS };
export const OPERATOR_LIFETIMES: SessionLifetimes = {
	longestMs: 12 * HOUR_MS,
	idleMs: 30 * MINUTE_MS,
};

/** What a new token of a session changes. */
type NewFacts = Pick<Session, "epoch" | "device"> &
	Partial<Pick<Session, "provenAt" | "subjectId">>;

/** Where a session is stored, and what it is. */
interface StoredAt {
	/** The hash of the session's token. */
	readonly at: string;
	readonly check: StorageCheck;
	readonly session: Session;
}

/**
 * The users and operators who are logged in, by browser. Every browser has a token of 256 bits. A record is stored only
 * for a browser in which somebody is logged in, under the token's hash. Another key leads to it from the person.
 */
export class Sessions {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
		/** The keys for the CSRF proofs of forms: the first one makes proofs, all of them accept proofs. */
		private readonly keys: readonly Uint8Array[],
		private readonly lifetimes: SessionLifetimes,
	) {}

	/** A token for a browser in which nobody is logged in. */
	newToken(): string {
		return Buffer.from(this.random.bytes(32)).toString("base64url");
	}

	/**
	 * Opens a session under a new token, so that a token planted before (session fixation) is worth nothing.
	 *
	 * @param epoch the session epoch of the account that was checked. A session under another one is over at once, so it
	 * makes no difference what happens between the check and this call.
	 * @param provenAt when the person last proved who they are. Milliseconds since the epoch. Left out: now.
	 * @param more `before`: the session of the old token, which ends. `device`: what the new one is shown as.
	 */
	async open(
		oldToken: string | undefined,
		subjectId: string,
		epoch = 0,
		provenAt = this.clock.now(),
		{
			before,
			device = UNKNOWN_DEVICE,
		}: { readonly before?: EndingSession | undefined; readonly device?: Device } = {},
	): Promise<string> {
		const token = this.newToken();
		const at = hashOf(token);
		const now = this.clock.now();
		const opened = { subjectId, provenAt, epoch, id: at, openedAt: now, seenAt: now, device };
		const deletes = oldToken === undefined ? [] : sessionDeletes(hashOf(oldToken), before);
		await this.storage.commit({ sets: this.setsOf(at, opened), deletes });
		return token;
	}

	/**
	 * Goes on with a session under a new token.
	 *
	 * @param known what is known of it by now. `provenAt` left out: the person has just proven who they are. `subjectId`:
	 * that of the same person from now on.
	 * @returns undefined when the session has ended: a request that was under way must not bring it back. Of two requests
	 * that go on with it at once one does, because nobody could end a session to which no list leads.
	 */
	async goOn(
		oldToken: string,
		before: EndingSession,
		{ provenAt = this.clock.now(), ...known }: NewFacts,
	): Promise<string | undefined> {
		const old = hashOf(oldToken);
		const token = this.newToken();
		const at = hashOf(token);
		return updateEntry(this.storage, async () => {
			const entry = await this.storage.get([old]);
			if (entry === undefined) {
				return { result: undefined };
			}
			const seenAt = this.clock.now();
			const { id, subjectId, openedAt } = before;
			const session = { subjectId, ...known, provenAt, id, openedAt, seenAt };
			const sets = this.setsOf(at, session);
			const kept = new Set(sets.map(({ key }) => String(key)));
			const deletes = sessionDeletes(old, before).filter((key) => !kept.has(String(key)));
			const checks = [{ key: [old], version: entry.version }];
			return { commit: { checks, sets, deletes }, result: token };
		});
	}

	async find(token: string): Promise<Session | undefined> {
		return (await this.storedAt(hashOf(token)))?.session;
	}

	/** The id of a session that was opened with a token, and that continues no other. */
	idOf(token: string): string {
		return hashOf(token);
	}

	/** @param id see {@link Session.id}. */
	async findById(id: string): Promise<Session | undefined> {
		return (await this.storedById(id))?.session;
	}

	/**
	 * Notes that a session is in use, so that it lasts. Writes at most once a minute, and nothing where sessions have no
	 * idle time. @returns the session as it is noted.
	 */
	async noteUse(token: string, session: Session, deviceOf: () => Device): Promise<Session> {
		const now = this.clock.now();
		if (this.lifetimes.idleMs === undefined || now - session.seenAt < NOTED_EVERY_MS) {
			return session;
		}
		const found = await this.storedAt(hashOf(token));
		if (found === undefined) {
			return session;
		}
		const used = { ...found.session, seenAt: now, device: deviceOf() };
		// If the check fails, another request has noted it, or the session has ended and stays so.
		await this.storage.commit({ checks: [found.check], sets: this.setsOf(found.at, used) });
		return used;
	}

	/**
	 * The sessions of a person, as that person sees them: those that are good, the newest first.
	 *
	 * @param own the session of the person who asks. It is among them also if an earlier version has opened it.
	 */
	async listOf(own: Session): Promise<readonly Session[]> {
		const { subjectId, epoch, id } = own;
		const others = (await this.newestOf(subjectId)).filter(
			(each) => each.epoch === epoch && each.id !== id,
		);
		return [own, ...others].sort((one, other) => other.openedAt - one.openedAt);
	}

	/**
	 * The newest sessions of a person, also those of another session epoch, which are over.
	 *
	 * @param most how many are read.
	 */
	async newestOf(subjectId: string, most = MOST_LISTED): Promise<readonly Session[]> {
		const { entries } = await this.storage.list(sessionsKeyOf(subjectId), { limit: most });
		const found = await Promise.all(
			entries.map(({ key, value }) =>
				// One that cannot be read opens nothing.
				orUnreadable(async () => this.storedFrom(String(key.at(-1)), readEntry({ value }, LISTED))),
			),
		);
		const sessions = found.flatMap((each) =>
			each === undefined ||
			each instanceof UnreadableValueError ||
			each.session.subjectId !== subjectId
				? []
				: [each.session],
		);
		// Two keys lead to one that a node of an earlier version has continued.
		return [...new Map(sessions.map((each) => [each.id, each])).values()];
	}

	/** Ends the session of a browser, also if another tab has gone on with it under another token. */
	async close(token: string, session?: EndingSession): Promise<void> {
		if (session === undefined || !(await this.end(session.subjectId, session.id))) {
			await this.storage.commit({ deletes: [[hashOf(token)]] });
		}
	}

	/** Ends one session of a person, in whatever browser it is. @returns false when they have no such session. */
	async end(subjectId: string, id: string): Promise<boolean> {
		return updateEntry(this.storage, async () => {
			const found = await this.storedById(id);
			if (found?.session.subjectId !== subjectId) {
				return { result: false };
			}
			const { at, check, session } = found;
			return { commit: { checks: [check], deletes: sessionDeletes(at, session) }, result: true };
		});
	}

	/** Deletes the sessions of a person who is deleted. Those that earlier versions have opened are over, and expire. */
	async forget(subjectId: string): Promise<void> {
		for await (const page of pagesOf(this.storage, sessionsKeyOf(subjectId), 1000)) {
			const deletes = page.flatMap(({ key, value }) => [
				...(typeof value === "string" ? [[value]] : []),
				continuedKey(String(key.at(-1))),
				key,
			]);
			await this.storage.commit({ deletes });
		}
	}

	/** The CSRF proof of a browser. It is computed from the token, so nothing is stored for it. */
	csrfOf(token: string): string {
		return proofOf(token, this.keys[0] ?? new Uint8Array());
	}

	isCsrfOf(token: string, proof: string): boolean {
		const given = Buffer.from(proof);
		return this.keys.some((key) => {
			const expected = Buffer.from(proofOf(token, key));
			return given.length === expected.length && timingSafeEqual(given, expected);
		});
	}

	/** @param at the hash of the session's token. */
	private async storedAt(at: string): Promise<StoredAt | undefined> {
		const entry = await this.storage.get([at]);
		if (entry === undefined) {
			return undefined;
		}
		const session = { id: at, ...readEntry(entry, SESSION) };
		const check = { key: [at], version: entry.version };
		if (this.isOver(session)) {
			// A node of an earlier version would still take it.
			await this.storage.commit({ checks: [check], deletes: sessionDeletes(at, session) });
			return undefined;
		}
		return { at, check, session };
	}

	private async storedById(id: string): Promise<StoredAt | undefined> {
		return TOKEN.test(id) ? this.storedFrom(id, id) : undefined;
	}

	/** @param at where the session was. A node of an earlier version may have continued it under another token. */
	private async storedFrom(id: string, at: string): Promise<StoredAt | undefined> {
		const found = await this.storedAt(at);
		if (found !== undefined) {
			return found;
		}
		const entry = await this.storage.get(continuedKey(id));
		return entry && this.storedAt(readEntry(entry, CONTINUED));
	}

	/** A session of an earlier version is stored for longer than it lasts. */
	private isOver({ openedAt, seenAt }: Pick<Session, "openedAt" | "seenAt">): boolean {
		const { longestMs, idleMs } = this.lifetimes;
		const now = this.clock.now();
		return idleMs !== undefined && (now >= openedAt + longestMs || now >= seenAt + idleMs);
	}

	private setsOf(at: string, session: Session): NonNullable<StorageCommit["sets"]> {
		const { longestMs, idleMs } = this.lifetimes;
		const expiresAt =
			idleMs === undefined
				? session.seenAt + longestMs
				: Math.min(session.openedAt + longestMs, session.seenAt + idleMs);
		return sessionSets(at, session, expiresAt);
	}
}

function proofOf(token: string, key: Uint8Array): string {
	return createHmac("sha256", key).update(`csrf ${token}`).digest("base64url");
}

export function isSessionToken(value: string | undefined): value is string {
	return value !== undefined && TOKEN.test(value);
}

function hashOf(token: string): string {
	return createHash("sha256").update(token).digest("base64url");
}
