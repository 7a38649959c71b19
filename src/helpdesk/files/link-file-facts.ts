import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LinkRow } from "../../contract/link-transfer.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** The most rows with an id or a user that another row has, too. They are held in memory while a file is staged. */
const MOST_REPEATED = 100_000;
/** The lengths of numbers that programs round, in digits. */
const ROUNDED_LENGTHS = [17, 18, 19, 20] as const;
/** So many digits of a number a spreadsheet keeps, and so many a program that reads numbers as floating point. */
const KEPT_DIGITS = [15, 17] as const;
/** So many rounded numbers of each length and kind are enough to judge all numbers of a file. */
const SAMPLED = 4;
/** The numbers are sorted bucket by bucket, and visitors get their turn in between: a million at once take half a second. */
const BUCKETS = 256;
/** A number of 48 bits divided by this is the number of its bucket. */
const BUCKET_WIDTH = 2 ** 40;
const FIRST_HASHES = 16;
/** So many numbers are looked at in one turn. */
const LOOKED_AT_ONCE = 4_096;

/** What the rows of a file share, as numbers of {@link LinkFileFacts.sharedBy}. */
export type Shared = ReadonlySet<number>;

/**
 * Facts about a whole list of links, found while it goes by: which rows have an id or a user in common, and whether its
 * ids were rounded. It keeps 16 bytes a row: a file of a million rows never is in memory.
 */
export class LinkFileFacts {
	private readonly ids = new Hashes();
	private readonly users = new Hashes();
	/** The smallest numbers of each length and kind. */
	private readonly samples = new Map<string, readonly string[]>();

	add(row: LinkRow): void {
		this.ids.add(idHash(row));
		const user = userHash(row);
		if (user !== undefined) {
			this.users.add(user);
		}
		this.sample(row.identityId.trim());
	}

	/**
	 * What several rows have in common.
	 *
	 * @throws UnreadableFileError when too many rows do.
	 */
	async shared(): Promise<Shared> {
		const shared = new Set<number>();
		const ofIds = await this.ids.addRepeatedTo(shared);
		const count = ofIds + (await this.users.addRepeatedTo(shared));
		if (count > MOST_REPEATED) {
			throw new UnreadableFileError({ key: "link-file.too-many-repeated" });
		}
		return shared;
	}

	/** Of the numbers that look rounded, and of those that do not, enough to tell whether the ids of the file were rounded. */
	sampled(): readonly string[] {
		return [...new Set([...this.samples.values()].flat())];
	}

	private sample(typed: string): void {
		const kind = roundedKind(typed);
		if (kind === undefined) {
			return;
		}
		// The smallest of a length are kept, so that ids beyond a provider's greatest do not hide those that are none.
		const known = this.samples.get(kind) ?? [];
		const isSmall = known.length < SAMPLED || typed < (known.at(-1) ?? "");
		if (isSmall && !known.includes(typed)) {
			this.samples.set(kind, [...known, typed].sort().slice(0, SAMPLED));
		}
	}
}

/** What a row may share with others: its id, and its user if it names one. */
export function sharedBy(row: LinkRow, shared: Shared): readonly number[] {
	const user = userHash(row);
	return [idHash(row), ...(user === undefined ? [] : [user])].filter((hash) => shared.has(hash));
}

/** Whether an id ends like a number that a spreadsheet has rounded. */
export function looksRounded(identityId: string): boolean {
	const typed = identityId.trim();
	return isLongNumber(typed) && isZero(typed.slice(KEPT_DIGITS[0]));
}

/** The kind of a long number, with its length; undefined for any other text. */
function roundedKind(typed: string): string | undefined {
	if (!isLongNumber(typed)) {
		return undefined;
	}
	const kept = KEPT_DIGITS.find((digits) => typed.length > digits && isZero(typed.slice(digits)));
	return `${typed.length} ${kept ?? "exact"}`;
}

function isLongNumber(typed: string): boolean {
	return ROUNDED_LENGTHS.some((length) => length === typed.length) && /^[1-9][0-9]*$/.test(typed);
}

function isZero(digits: string): boolean {
	return digits.replaceAll("0", "") === "";
}

/** Programs write the same id with and without the provider before it: `x:1` and `1`. */
function idHash({ identityId }: LinkRow): number {
	const typed = identityId.trim().toLowerCase();
	return hashOf(`id ${typed.slice(Math.max(typed.lastIndexOf(":"), typed.lastIndexOf("'")) + 1)}`);
}

function userHash({ userId = "" }: LinkRow): number | undefined {
	return userId === "" ? undefined : hashOf(`user ${userId}`);
}

/** 48 bits. Two texts with the same hash are only compared in vain. */
function hashOf(text: string): number {
	return createHash("sha256").update(text).digest().readUIntBE(0, 6);
}

/** Hashes in as little memory as they need. */
class Hashes {
	private readonly buckets = Array.from({ length: BUCKETS }, () => new Numbers());

	add(hash: number): void {
		this.buckets[Math.floor(hash / BUCKET_WIDTH)]?.add(hash);
	}

	/** Adds the hashes that are there more than once. @returns how many times they are there. */
	async addRepeatedTo(repeated: Set<number>): Promise<number> {
		let count = 0;
		let looked = 0;
		for (const bucket of this.buckets) {
			looked += bucket.count;
			if (looked >= LOOKED_AT_ONCE) {
				looked = 0;
				await nextTurn();
			}
			count += bucket.addRepeatedTo(repeated);
		}
		return count;
	}
}

class Numbers {
	count = 0;
	private numbers = new Float64Array(FIRST_HASHES);

	add(number: number): void {
		if (this.count === this.numbers.length) {
			const grown = new Float64Array(2 * this.numbers.length);
			grown.set(this.numbers);
			this.numbers = grown;
		}
		this.numbers[this.count] = number;
		this.count += 1;
	}

	/** Adds the numbers that are there more than once. @returns how many times they are there. */
	addRepeatedTo(repeated: Set<number>): number {
		const sorted = this.numbers.subarray(0, this.count).sort();
		let count = 0;
		// Without an iterator: a million steps of one take several times as long, and visitors wait.
		for (let index = 0; index < sorted.length; index += 1) {
			const hash = sorted[index];
			if (hash !== undefined && (hash === sorted[index - 1] || hash === sorted[index + 1])) {
				repeated.add(hash);
				count += 1;
			}
		}
		return count;
	}
}
