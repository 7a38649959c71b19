import { createHash } from "node:crypto";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";

/** For how long a package that nobody installs is kept. */
const REVIEWED_MS = 24 * 60 * 60_000;

/** A plugin's zip and what its publisher signed it with. */
export interface Package {
	readonly zip: Uint8Array;
	readonly signature: Uint8Array | undefined;
}

interface Stored {
	readonly [name: string]: string | null;
	/** In base64. */
	readonly zip: string;
	readonly signature: string | null;
}

/** In hexadecimal: what a package is known by. */
export function sha256Of(zip: Uint8Array): string {
	return createHash("sha256").update(zip).digest("hex");
}

/** The zips that a helpdesk has, in its storage, so that all of its nodes have them. */
export class PackageStore {
	/** @param root the storage of the helpdesk. */
	constructor(private readonly root: HostStorage) {}

	/** Keeps one for a day, for an operator to look at and to install. @returns what it is known by. */
	async keepForReview(reviewed: Package, now: number): Promise<string> {
		const sha256 = sha256Of(reviewed.zip);
		const entry = { key: reviewKey(sha256), value: stored(reviewed) };
		await this.root.commit({ sets: [{ ...entry, expiresAt: now + REVIEWED_MS }] });
		return sha256;
	}

	/** @returns undefined for one that is not there, or not what it was when it was stored. */
	async findForReview(sha256: string): Promise<Package | undefined> {
		return this.load(reviewKey(sha256), sha256);
	}

	/** @returns undefined for one that is not there, or not what it was when it was stored. */
	async find(sha256: string): Promise<Package | undefined> {
		return this.load(keyOf(sha256), sha256);
	}

	/** Part of a commit: that it stays. */
	keeping(sha256: string, kept: Package): Required<Pick<StorageCommit, "sets" | "deletes">> {
		return {
			sets: [{ key: keyOf(sha256), value: stored(kept) }],
			deletes: [reviewKey(sha256)],
		};
	}

	/** Part of a commit. */
	dropping(sha256: readonly string[]): Required<Pick<StorageCommit, "deletes">> {
		return { deletes: sha256.map(keyOf) };
	}

	private async load(key: StorageKey, sha256: string): Promise<Package | undefined> {
		const entry = (await this.root.get(key))?.value as Stored | undefined;
		if (entry === undefined) {
			return undefined;
		}
		const zip = Buffer.from(entry.zip, "base64");
		const signature = entry.signature === null ? undefined : Buffer.from(entry.signature, "base64");
		return sha256Of(zip) === sha256 ? { zip, signature } : undefined;
	}
}

function keyOf(sha256: string): StorageKey {
	return ["packages", "installed", sha256];
}

function reviewKey(sha256: string): StorageKey {
	return ["packages", "review", sha256];
}

function stored({ zip, signature }: Package): Stored {
	return {
		zip: Buffer.from(zip).toString("base64"),
		signature: signature === undefined ? null : Buffer.from(signature).toString("base64"),
	};
}
