import type { Clock } from "../../contract/clock.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
	StoragePage,
	StorageValue,
} from "../../contract/storage.ts";
import { copyOfCommit } from "../../contract/storage-copies.ts";
import { pageLimit, pageRange, unknownCursor } from "../../storage/page-range.ts";
import { encodeKey } from "../../storage/storage-key.ts";
import { storedJson } from "../../storage/stored-json.ts";
import { SaidError } from "../locale/said.ts";
import type { Staging } from "./staging.ts";

const MAX_KEYS = 1000;

/** A write that is not stored yet. `json` undefined: the key is deleted. */
interface Written {
	readonly key: StorageKey;
	readonly json: string | undefined;
	readonly expiresAt: number;
	readonly version: string;
}

/**
 * A storage that holds back its writes: only its own reads see them. It remembers what the writes were based on, so
 * that the one commit that stores them all fails if another writer changed that in the meantime.
 */
export class StagedStorage implements HostStorage {
	private readonly written = new Map<string, Written>();
	/** The version of each key when it was first read. */
	private readonly seen = new Map<string, string | null>();
	/** The keys that a commit checked, whether or not it wrote them. */
	private readonly demanded = new Map<string, StorageKey>();
	private versions = 0;

	/**
	 * @param base the storage to read from, as everybody else sees it.
	 * @param through the storage for reads and writes once the staged writes are stored.
	 */
	constructor(
		private readonly base: HostStorage,
		private readonly through: HostStorage,
		private readonly staging: Staging,
		private readonly clock: Clock,
	) {}

	get(key: StorageKey): Promise<StorageEntry | undefined> {
		return this.staging.run(
			() => this.read(key),
			() => this.through.get(key),
		);
	}

	take(key: StorageKey): Promise<StorageEntry | undefined> {
		return this.staging.run(
			async () => {
				const entry = await this.read(key);
				if (entry !== undefined) {
					this.write([{ key, json: undefined, expiresAt: Number.POSITIVE_INFINITY }]);
				}
				return entry;
			},
			() => this.through.take(key),
		);
	}

	commit(commit: StorageCommit): Promise<boolean> {
		return this.staging.run(
			() => this.stage(commit),
			() => this.through.commit(commit),
		);
	}

	list(
		prefix: StorageKey,
		options: { readonly cursor?: string; readonly limit?: number } = {},
	): Promise<StoragePage> {
		return this.staging.run(
			() => this.page(prefix, options),
			() => this.through.list(prefix, options),
		);
	}

	/** The commit that stores all writes, if what they were based on has not changed. */
	get staged(): Required<StorageCommit> {
		const all = [...this.written.values()];
		const based = all.map(({ key }): [string, StorageKey] => [encodeKey(key), key]);
		return {
			checks: [...new Map([...based, ...this.demanded])].flatMap(([encoded, key]) => {
				const version = this.seen.get(encoded);
				return version === undefined ? [] : [{ key, version }];
			}),
			sets: all.flatMap(({ key, json, expiresAt }) =>
				json === undefined
					? []
					: [
							{
								key,
								value: parsed(json),
								...(expiresAt !== Number.POSITIVE_INFINITY && { expiresAt }),
							},
						],
			),
			deletes: all.flatMap(({ key, json }) => (json === undefined ? [key] : [])),
		};
	}

	private async stage(commit: StorageCommit): Promise<boolean> {
		const { checks, sets, deletes } = copyOfCommit(commit);
		const writes = [
			...deletes.map((key) => ({ key, json: undefined, expiresAt: Number.POSITIVE_INFINITY })),
			...sets.map(({ key, value, expiresAt = Number.POSITIVE_INFINITY }) => ({
				key,
				json: storedJson(value),
				expiresAt,
			})),
		];
		for (const { key, version } of checks) {
			const there = await this.read(key);
			if ((there?.version ?? null) !== version) {
				return false;
			}
			this.demanded.set(encodeKey(key), key);
		}
		this.write(writes);
		return true;
	}

	private write(writes: readonly Omit<Written, "version">[]): void {
		const keys = new Set([...this.written.keys(), ...writes.map(({ key }) => encodeKey(key))]);
		if (keys.size > MAX_KEYS) {
			throw new SaidError({ key: "add-on-failure.tried-keys", values: { most: MAX_KEYS } });
		}
		for (const write of writes) {
			this.versions += 1;
			this.written.set(encodeKey(write.key), { ...write, version: `staged ${this.versions}` });
		}
	}

	private async read(key: StorageKey): Promise<StorageEntry | undefined> {
		const written = this.written.get(encodeKey(key));
		if (written !== undefined) {
			return this.living(written);
		}
		const entry = await this.base.get(key);
		this.look(key, entry?.version ?? null);
		return entry;
	}

	private look(key: StorageKey, version: string | null): void {
		const encoded = encodeKey(key);
		if (!this.seen.has(encoded)) {
			this.seen.set(encoded, version);
		}
	}

	private living({ key, json, expiresAt, version }: Written): StorageEntry | undefined {
		return json === undefined || this.clock.now() >= expiresAt
			? undefined
			: { key, value: parsed(json), version };
	}

	/** The pages of the base storage, and after the last one the new keys. */
	private async page(
		prefix: StorageKey,
		{ cursor, limit: asked }: { readonly cursor?: string; readonly limit?: number },
	): Promise<StoragePage> {
		const limit = pageLimit(asked);
		const { phase, from } = readCursor(cursor);
		if (phase === "new") {
			return this.newOnes(prefix, from, limit);
		}
		const entries: StorageEntry[] = [];
		let after = from;
		do {
			const page = await this.base.list(prefix, {
				limit: limit - entries.length,
				...(after !== undefined && { cursor: after }),
			});
			entries.push(...page.entries.flatMap((entry) => this.asWritten(entry)));
			after = page.cursor;
		} while (after !== undefined && entries.length < limit);
		if (after !== undefined) {
			return { entries, cursor: `base ${after}` };
		}
		if (entries.length === limit) {
			const more = (await this.newOnes(prefix, undefined, 1)).entries.length > 0;
			return more ? { entries, cursor: "new " } : { entries };
		}
		const added = await this.newOnes(prefix, undefined, limit - entries.length);
		return { ...added, entries: [...entries, ...added.entries] };
	}

	/** A stored entry with its staged write, if it has one. */
	private asWritten(entry: StorageEntry): StorageEntry[] {
		const written = this.written.get(encodeKey(entry.key));
		if (written === undefined) {
			this.look(entry.key, entry.version);
			return [entry];
		}
		const living = this.living(written);
		return living === undefined ? [] : [living];
	}

	private async newOnes(
		prefix: StorageKey,
		from: string | undefined,
		limit: number,
	): Promise<StoragePage> {
		const { start, after } = pageRange(prefix, from === undefined ? {} : { cursor: from });
		const entries: StorageEntry[] = [];
		let last = "";
		for (const encoded of [...this.written.keys()].sort()) {
			const written = this.written.get(encoded);
			const entry = written && this.living(written);
			const isOfThem = encoded > after && encoded.startsWith(start);
			if (entry === undefined || !isOfThem || (await this.base.get(entry.key)) !== undefined) {
				continue;
			}
			if (entries.length === limit) {
				return { entries, cursor: `new ${last}` };
			}
			entries.push(entry);
			last = encoded;
		}
		return { entries };
	}
}

/** A cursor is that of the base storage, or the last one of the new keys; empty before the first of them. */
function readCursor(cursor: string | undefined): {
	readonly phase: "base" | "new";
	readonly from: string | undefined;
} {
	if (cursor === undefined || cursor === "new ") {
		return { phase: cursor === undefined ? "base" : "new", from: undefined };
	}
	const [, phase, from] = /^(base|new) (.*)$/s.exec(cursor) ?? [];
	if (phase !== "base" && phase !== "new") {
		throw unknownCursor();
	}
	return { phase, from };
}

function parsed(json: string): StorageValue {
	return JSON.parse(json);
}
