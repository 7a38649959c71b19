import { createHash, timingSafeEqual } from "node:crypto";
import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { Secret } from "../../../contract/secret.ts";
import type { StorageCheck, StorageKey } from "../../../contract/storage.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import type { AttemptRecord } from "../attempt.ts";
import { pagesOf } from "../storage-pages.ts";
import { bindingHash } from "./browser-binding.ts";

/** How long the forms between the callback and the end are good. */
export const CONTINUATION_SECONDS = 30 * 60;

const LIFETIME_MS = CONTINUATION_SECONDS * 1000;
const CODE_LIFETIME_MS = 10 * 60_000;
const MAX_GUESSES = 5;
const MAX_LETTERS = 5;
/** Of letters to one address, whoever asks for them. */
const LETTER_WINDOW_MS = 60 * 60_000;
const ID_BYTES = 16;
const ID = /^[A-Za-z0-9_-]{22}$/;
const MAX_ROUNDS = 20;

/** A log-in that X has answered and that needs a form or two of the visitor. Tokens are gone by then. */
export interface Continuation {
	readonly [name: string]: string | number | boolean | null | StoredCode | AttemptRecord;
	readonly brandId: string;
	readonly identityId: string;
	readonly handle: string;
	readonly name: string;
	readonly returnPath: string;
	readonly startedAt: number;
	readonly stage: "email" | "prove" | "claim" | "code" | "consent";
	/** Asserted by X or typed, and canonical; null before it was typed. */
	readonly email: string | null;
	readonly emailTyped: boolean;
	readonly code: StoredCode | null;
	readonly letters: number;
	/** Who would be linked, if they prove to be the visitor. */
	readonly userId: string | null;
	/** Of that user at the start, see `Links.epochOf`. */
	readonly epoch: string | null;
	/** The visitor came from their account page. */
	readonly linking: boolean;
	/**
	 * What shows that the visitor is that user. `session`: being signed in as them, proven since the start; `letter`: a
	 * code, and nothing else; `code`: the code that was given; `asserted`: X's word.
	 */
	readonly proof: "session" | "letter" | "code" | "asserted";
	readonly attempt: AttemptRecord | null;
}

/** Whom forms may be about. */
interface Person {
	readonly userId: string;
	/** Both undefined when the user is gone already. */
	readonly brandId: string | undefined;
	readonly email: string | undefined;
	/** What was linked to them. */
	readonly identities: readonly { readonly brandId: string; readonly id: string }[];
}

interface StoredCode {
	readonly [name: string]: string | number;
	readonly hash: string;
	readonly expiresAt: number;
	readonly guesses: number;
}

export interface StoredContinuation {
	readonly id: string;
	readonly state: Continuation;
	readonly version: string;
}

export type Guess =
	| { readonly kind: "right"; readonly state: Continuation }
	| { readonly kind: "wrong" | "spent" | "gone" };

/** Records of the same kind as pending log-ins: bound to one browser, gone by themselves. */
@injectable()
export class Continuations {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/**
	 * @returns the id under which forms name it; undefined when the links of the brand were purged meanwhile, or the user
	 *   deleted.
	 */
	async start(
		binding: Secret,
		state: Omit<Continuation, "startedAt" | "code" | "letters">,
		brand: StorageCheck,
	): Promise<string | undefined> {
		const id = Buffer.from(this.host.random.bytes(ID_BYTES)).toString("base64url");
		const startedAt = this.host.clock.now();
		const value = { ...state, startedAt, code: null, letters: 0 } as Continuation;
		const key = keyOf(binding, id);
		const started = await this.host.storage.commit({
			checks: [brand],
			sets: [{ key, value, expiresAt: startedAt + LIFETIME_MS }],
		});
		return started && (await this.keeps(key, value.userId)) ? id : undefined;
	}

	/** Those of a brand: they hold what X said of a visitor. */
	async dropAllAt(brandId: string): Promise<void> {
		for await (const entries of pagesOf(this.host.storage, ["continuation"])) {
			const ofBrand = entries.filter(({ value }) => (value as Continuation).brandId === brandId);
			await this.host.storage.commit({ deletes: ofBrand.map(({ key }) => key) });
		}
	}

	/** Those that name somebody, or an X account or an address of theirs. */
	async dropAllAbout({ userId, brandId, email, identities }: Person): Promise<void> {
		const isAbout = (state: Continuation): boolean =>
			state.userId === userId ||
			(state.email !== null && state.email === email && state.brandId === brandId) ||
			identities.some((each) => each.id === state.identityId && each.brandId === state.brandId);
		for await (const entries of pagesOf(this.host.storage, ["continuation"])) {
			const about = entries.filter(({ value }) => isAbout(value as Continuation));
			await this.host.storage.commit({ deletes: about.map(({ key }) => key) });
		}
	}

	async find(binding: Secret, id: string): Promise<StoredContinuation | undefined> {
		const entry = ID.test(id) ? await this.host.storage.get(keyOf(binding, id)) : undefined;
		return entry && { id, state: entry.value as Continuation, version: entry.version };
	}

	/** Of any number of requests that would end the log-in exactly one gets it. */
	async take(binding: Secret, id: string): Promise<Continuation | undefined> {
		return (await this.host.storage.take(keyOf(binding, id)))?.value as Continuation | undefined;
	}

	/** @returns whether nobody changed it meanwhile, and whoever would be linked is still there. */
	async change(
		binding: Secret,
		{ id, state, version }: StoredContinuation,
		change: Partial<Continuation>,
	): Promise<boolean> {
		const key = keyOf(binding, id);
		const value = { ...state, ...change } as Continuation;
		const changed = await this.host.storage.commit({
			checks: [{ key, version }],
			sets: [{ key, value, expiresAt: state.startedAt + LIFETIME_MS }],
		});
		return changed && this.keeps(key, value.userId);
	}

	/** Looks once it is stored: whoever is deleted after that finds it, and whoever was before is not there. */
	private async keeps(key: StorageKey, userId: string | null): Promise<boolean> {
		if (userId === null || (await this.host.users.find(userId)) !== undefined) {
			return true;
		}
		await this.host.storage.commit({ deletes: [key] });
		return false;
	}

	/**
	 * Makes a new code in place of the last one.
	 *
	 * @returns undefined when too many letters went out in this log-in, or to this address, within the last hour.
	 */
	async newCode(
		binding: Secret,
		found: StoredContinuation,
		email: string,
	): Promise<string | undefined> {
		const { state, id } = found;
		if (state.letters >= MAX_LETTERS || !(await this.countLetter(state.brandId, email))) {
			return undefined;
		}
		const code = sixDigits(this.host.random.bytes(8));
		const changed = await this.change(binding, found, {
			stage: "code",
			email,
			letters: state.letters + 1,
			code: {
				hash: codeHash(binding, id, code),
				expiresAt: this.host.clock.now() + CODE_LIFETIME_MS,
				guesses: 0,
			},
		});
		return changed ? code : undefined;
	}

	/** Counts the guess by a commit before it compares, so that guesses side by side are no more than in a row. */
	async guess(binding: Secret, id: string, code: string): Promise<Guess> {
		for (let round = 0; round < MAX_ROUNDS; round += 1) {
			const found = await this.find(binding, id);
			if (found === undefined) {
				return { kind: "gone" };
			}
			const stored = found.state.code;
			if (
				stored === null ||
				stored.guesses >= MAX_GUESSES ||
				this.host.clock.now() >= stored.expiresAt
			) {
				return { kind: "spent" };
			}
			const guesses = stored.guesses + 1;
			if (await this.change(binding, found, { code: { ...stored, guesses } })) {
				return isSame(stored.hash, codeHash(binding, id, code))
					? { kind: "right", state: found.state }
					: { kind: guesses === MAX_GUESSES ? "spent" : "wrong" };
			}
		}
		return { kind: "wrong" };
	}

	private async countLetter(brandId: string, email: string): Promise<boolean> {
		const hash = createHash("sha256").update(email).digest("base64url");
		const key = ["letters", brandId, hash];
		for (let round = 0; round < MAX_ROUNDS; round += 1) {
			const entry = await this.host.storage.get(key);
			const counted = entry?.value as { count: number; until: number } | undefined;
			const { count, until } = counted ?? {
				count: 0,
				until: this.host.clock.now() + LETTER_WINDOW_MS,
			};
			if (count >= MAX_LETTERS) {
				return false;
			}
			const committed = await this.host.storage.commit({
				checks: [{ key, version: entry?.version ?? null }],
				sets: [{ key, value: { count: count + 1, until }, expiresAt: until }],
			});
			if (committed) {
				return true;
			}
		}
		return false;
	}
}

function keyOf(binding: Secret, id: string): StorageKey {
	return ["continuation", bindingHash(binding, id)];
}

/** With the cookie, which is not stored: whoever reads the storage cannot try the million codes. */
function codeHash(binding: Secret, id: string, code: string): string {
	return bindingHash(binding, `${id} ${code}`);
}

function isSame(a: string, b: string): boolean {
	const [left, right] = [Buffer.from(a), Buffer.from(b)];
	return left.length === right.length && timingSafeEqual(left, right);
}

/** Even to within 10^6 of 2^64. */
function sixDigits(bytes: Uint8Array): string {
	const number = Buffer.from(bytes).readBigUInt64BE() % 1_000_000n;
	return number.toString().padStart(6, "0");
}
