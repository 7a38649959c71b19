import { createHash } from "node:crypto";
import type {
	HostStorage,
	StorageCommit,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import {
	readOrReport,
	type StoredKind,
	type UnreadableValueError,
} from "../../storage/stored-value.ts";
import { NAMESPACES } from "../namespaces.ts";
import { schemaKind } from "./schema-kind.ts";

/** How long a package is kept that no operator installs. */
const REVIEWED_MS = 24 * 60 * 60_000;

/** A plugin's zip and its publisher's signature. */
export interface Package {
	readonly zip: Uint8Array;
	readonly signature: Uint8Array | undefined;
}

/** Both in base64. */
type StoredPackage = { readonly zip: string; readonly signature: string | null };

const PACKAGE = schemaKind<StoredPackage>("packages", {
	type: "object",
	required: ["zip", "signature"],
	properties: { zip: { type: "string" }, signature: { type: ["string", "null"] } },
});

/** The SHA-256 in hexadecimal, by which a package is named. */
export function sha256Of(zip: Uint8Array): string {
	return createHash("sha256").update(zip).digest("hex");
}

/** The packages of a helpdesk, in its storage, so that every node has them. */
export class PackageStore {
	constructor(
		/** The storage of the helpdesk. */
		private readonly root: HostStorage,
		/** Called for each stored package that cannot be read. */
		private readonly report: (error: UnreadableValueError) => void,
	) {}

	/** Keeps a package for a day, so that an operator can review and install it. @returns its SHA-256. */
	async keepForReview(reviewed: Package, now: number): Promise<string> {
		const sha256 = sha256Of(reviewed.zip);
		const entry = { key: reviewKey(sha256), value: stored(reviewed) };
		await this.root.commit({ sets: [{ ...entry, expiresAt: now + REVIEWED_MS }] });
		return sha256;
	}

	/** @returns undefined where there is no such package, or it is damaged. */
	async findForReview(sha256: string): Promise<Package | undefined> {
		return this.load(reviewKey(sha256), sha256);
	}

	/** @returns undefined where there is no such package, or it is damaged. */
	async find(sha256: string): Promise<Package | undefined> {
		return this.load(keyOf(sha256), sha256);
	}

	/** Part of a commit: the package is kept for good. */
	keeping(sha256: string, kept: Package): Required<Pick<StorageCommit, "sets" | "deletes">> {
		return {
			sets: [{ key: keyOf(sha256), value: stored(kept) }],
			deletes: [reviewKey(sha256)],
		};
	}

	/** Part of a commit: the packages are deleted. */
	dropping(sha256: readonly string[]): Required<Pick<StorageCommit, "deletes">> {
		return { deletes: sha256.map(keyOf) };
	}

	private async load(key: StorageKey, sha256: string): Promise<Package | undefined> {
		const entry = await this.root.get(key);
		return entry && readOrReport(entry, packageKind(sha256), this.report);
	}
}

/** The package of this SHA-256. A stored zip with another one is damaged. */
function packageKind(sha256: string): StoredKind<Package> {
	return {
		name: `packages/${sha256}`,
		read: (value) => {
			const found = packageIn(value);
			return found && sha256Of(found.zip) === sha256 ? found : undefined;
		},
		problemsWith: (value) =>
			packageIn(value) === undefined
				? (PACKAGE.problemsWith?.(value) ?? [])
				: ["its zip has another SHA-256"],
	};
}

function packageIn(value: StorageValue): Package | undefined {
	const found = PACKAGE.read(value);
	return (
		found && {
			zip: Buffer.from(found.zip, "base64"),
			signature: found.signature === null ? undefined : Buffer.from(found.signature, "base64"),
		}
	);
}

function keyOf(sha256: string): StorageKey {
	return [...NAMESPACES.installedPackages, sha256];
}

function reviewKey(sha256: string): StorageKey {
	return [...NAMESPACES.reviewedPackages, sha256];
}

function stored({ zip, signature }: Package): StoredPackage {
	return {
		zip: Buffer.from(zip).toString("base64"),
		signature: signature === undefined ? null : Buffer.from(signature).toString("base64"),
	};
}
