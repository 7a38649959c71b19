import { timingSafeEqual } from "node:crypto";
import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { Secret } from "../../../contract/secret.ts";
import type {
	StorageCheck,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../../contract/storage.ts";
import { pagesOf } from "../../../contract/storage-pages.ts";
import { type Update, updateEntry } from "../../../contract/update-entry.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { readStored, requireStored, takeStored } from "../../stored-value.ts";
import { bindingHash } from "./browser-binding.ts";
import { type Continuation, isContinuation } from "./continuation.ts";
import { isUsable, randomCode, storedCode } from "./login-code.ts";

/** The lifetime of the forms between the callback and the end. */
export const CONTINUATION_SECONDS = 30 * 60;

const LIFETIME_MS = CONTINUATION_SECONDS * 1000;
const ID_BYTES = 16;
const ID = /^[A-Za-z0-9_-]{22}$/;

/** A person whom forms may be about. */
interface Person {
	readonly userId: string;
	/** Both are undefined if the user is deleted already. */
	readonly brandId: string | undefined;
	readonly email: string | undefined;
	/** The identities that were linked to them. */
	readonly identities: readonly { readonly brandId: string; readonly id: string }[];
}

export interface StoredContinuation {
	readonly id: string;
	readonly state: Continuation;
	readonly version: string;
}

export type Guess =
	| { readonly kind: "right"; readonly state: Continuation }
	| { readonly kind: "wrong" | "spent" | "gone" };

type CountedGuess =
	| { readonly kind: "spent" | "gone" }
	| {
			readonly kind: "counted";
			readonly state: Continuation;
			/** The hash of the right code. */
			readonly hash: string;
			/** Whether this was the last guess. */
			readonly isLast: boolean;
	  };

/** Stores the state of forms. Like pending log-ins, records are bound to one browser and expire. */
@injectable()
export class Continuations {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/**
	 * @returns the id that forms use; undefined when the links of the brand were purged or the user was deleted
	 * meanwhile.
	 */
	async start(
		binding: Secret,
		state: Omit<Continuation, "startedAt" | "code" | "letters">,
		brand: StorageCheck,
	): Promise<string | undefined> {
		const id = Buffer.from(this.host.random.bytes(ID_BYTES)).toString("base64url");
		const startedAt = this.host.clock.now();
		const value: Continuation = { ...state, startedAt, code: null, letters: 0 };
		const key = keyOf(binding, id);
		const started = await this.host.storage.commit({
			checks: [brand],
			sets: [{ key, value, expiresAt: startedAt + LIFETIME_MS }],
		});
		return started && (await this.keeps(key, value.userId)) ? id : undefined;
	}

	/** Deletes the records of a brand, because they hold what X said about visitors. */
	async dropAllAt(brandId: string): Promise<void> {
		await this.dropAll((state) => state.brandId === brandId);
	}

	/** Deletes the records that name a person, one of their X accounts or their address. */
	async dropAllAbout({ userId, brandId, email, identities }: Person): Promise<void> {
		await this.dropAll(
			(state) =>
				state.userId === userId ||
				(state.email !== null && state.email === email && state.brandId === brandId) ||
				identities.some((each) => each.id === state.identityId && each.brandId === state.brandId),
		);
	}

	private async dropAll(isMeant: (state: Continuation) => boolean): Promise<void> {
		const { storage } = this.host;
		const isMeantBy = (entry: StorageEntry): boolean => {
			const state = readStored(this.host, entry, isContinuation);
			return state !== undefined && isMeant(state);
		};
		for await (const entries of pagesOf(storage, ["continuation"])) {
			await storage.commit({ deletes: entries.filter(isMeantBy).map(({ key }) => key) });
		}
	}

	async find(binding: Secret, id: string): Promise<StoredContinuation | undefined> {
		const entry = ID.test(id) ? await this.host.storage.get(keyOf(binding, id)) : undefined;
		if (entry === undefined) {
			return undefined;
		}
		const state = requireStored(this.host, entry, isContinuation);
		return { id, state, version: entry.version };
	}

	/** Exactly one of any number of simultaneous requests gets the record. */
	async take(binding: Secret, id: string): Promise<Continuation | undefined> {
		return takeStored(this.host, keyOf(binding, id), isContinuation, LIFETIME_MS);
	}

	/** @returns false when another request changed it meanwhile, or the user who would be linked is deleted. */
	async change(
		binding: Secret,
		found: StoredContinuation,
		change: Partial<Continuation>,
	): Promise<boolean> {
		const userId = change.userId === undefined ? found.state.userId : change.userId;
		const changed = await this.host.storage.commit(changeOf(binding, found, change));
		return changed && this.keeps(keyOf(binding, found.id), userId);
	}

	/** Looks for the user after storing: a later deletion finds the record, and an earlier one has removed the user. */
	private async keeps(key: StorageKey, userId: string | null): Promise<boolean> {
		if (userId === null || (await this.host.users.find(userId)) !== undefined) {
			return true;
		}
		await this.host.storage.commit({ deletes: [key] });
		return false;
	}

	/** Replaces the code by a new one. @returns undefined when another request changed the record meanwhile. */
	async newCode(
		binding: Secret,
		found: StoredContinuation,
		email: string,
	): Promise<string | undefined> {
		const { random, clock } = this.host;
		const code = randomCode(random);
		const changed = await this.change(binding, found, {
			stage: "code",
			email,
			letters: found.state.letters + 1,
			code: storedCode(codeHash(binding, found.id, code), clock.now()),
		});
		return changed ? code : undefined;
	}

	/**
	 * Notes the access epoch of the account that a code goes to. Once that changes, the code proves nothing. If X asserted
	 * the address, the epoch at the start counts.
	 *
	 * @throws StorageError when it could not be noted. The code must not be sent then.
	 */
	async noteAccess(binding: Secret, id: string, accessEpoch: string | null): Promise<void> {
		await updateEntry(this.host.storage, async () => {
			const found = await this.find(binding, id);
			const isTyped = found?.state.userId === null;
			return {
				commit: isTyped ? changeOf(binding, found, { accessEpoch }) : undefined,
				result: undefined,
			};
		});
	}

	/** Commits the count of the guess before comparing, so that simultaneous guesses cannot exceed the limit. */
	async guess(binding: Secret, id: string, code: string): Promise<Guess> {
		const counted = await updateEntry(this.host.storage, () => this.countGuess(binding, id));
		if (counted.kind !== "counted") {
			return counted;
		}
		const { state, hash, isLast } = counted;
		if (!(await this.keeps(keyOf(binding, id), state.userId))) {
			return { kind: "gone" };
		}
		return isSame(hash, codeHash(binding, id, code))
			? { kind: "right", state }
			: { kind: isLast ? "spent" : "wrong" };
	}

	private async countGuess(binding: Secret, id: string): Promise<Update<CountedGuess>> {
		const found = await this.find(binding, id);
		if (found === undefined) {
			return { result: { kind: "gone" } };
		}
		const { state } = found;
		const now = this.host.clock.now();
		if (!isUsable(state.code, now)) {
			return { result: { kind: "spent" } };
		}
		const code = { ...state.code, guesses: state.code.guesses + 1 };
		return {
			commit: changeOf(binding, found, { code }),
			result: { kind: "counted", state, hash: code.hash, isLast: !isUsable(code, now) },
		};
	}
}

function changeOf(
	binding: Secret,
	{ id, state, version }: StoredContinuation,
	change: Partial<Continuation>,
): StorageCommit {
	const key = keyOf(binding, id);
	const value: Continuation = { ...state, ...change };
	return {
		checks: [{ key, version }],
		sets: [{ key, value, expiresAt: state.startedAt + LIFETIME_MS }],
	};
}

function keyOf(binding: Secret, id: string): StorageKey {
	return ["continuation", bindingHash(binding, id)];
}

/** Hashes the code with the cookie. That is not stored, so a reader of the storage cannot try all codes. */
function codeHash(binding: Secret, id: string, code: string): string {
	return bindingHash(binding, `${id} ${code}`);
}

function isSame(a: string, b: string): boolean {
	const [left, right] = [Buffer.from(a), Buffer.from(b)];
	return left.length === right.length && timingSafeEqual(left, right);
}
