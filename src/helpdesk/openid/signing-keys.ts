import { generateKeyPair, type JsonWebKey } from "node:crypto";
import { promisify } from "node:util";
import type { Clock } from "../../contract/clock.ts";
import { secret } from "../../contract/secret.ts";
import type { HostStorage, StorageValue } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { fieldsOf, isTime, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import type { Vault } from "../settings/vault.ts";
import type { Signature } from "./connected-helpdesk.ts";

/** A new key is published for this long before it signs, so that every node and every helpdesk knows it by then. */
const PUBLISHED_BEFORE_MS = 5 * 60_000;

const KEY = ["signing-keys"];

/** A private key as the provider takes it (RFC 7517). */
export type SigningKey = JsonWebKey & { readonly alg: Signature; readonly use: "sig" };

type Generation = {
	/** Milliseconds since the epoch. */
	readonly signsFrom: number;
	/** One key for each signature, as JSON, encrypted. */
	readonly sealed: string;
};

type Generations = readonly [Generation, ...Generation[]];

const GENERATIONS: StoredKind<Generations> = {
	name: "openid/keys",
	read: (value) => {
		const { generations } = fieldsOf(value);
		const read = Array.isArray(generations) ? generations.map(readGeneration) : [];
		const [first, ...others] = read.filter((each) => each !== undefined);
		return first !== undefined && others.length === read.length - 1
			? [first, ...others]
			: undefined;
	},
};

/** The keys of a provider at one time. */
export interface SigningKeySet {
	/** The keys that sign first, then those that are only published. */
	readonly keys: readonly SigningKey[];
	/** Changes when other keys sign or are published. */
	readonly version: string;
}

/** What is known of stored keys without using them. */
export interface StoredKeys {
	/** Milliseconds since the epoch. */
	readonly signSince: number;
	/** When newer ones sign. Milliseconds since the epoch; undefined: there are none. */
	readonly nextSignFrom: number | undefined;
	/** Whether the key file of the helpdesk decrypts them. */
	readonly canBeOpened: boolean;
}

/** The keys that one brand's provider signs with. They are made when they are first needed. */
export class SigningKeys {
	constructor(
		private readonly brandId: string,
		private readonly storage: HostStorage,
		private readonly vault: Vault,
		private readonly clock: Clock,
	) {}

	/** @throws Error when the keys cannot be decrypted with the helpdesk's key file. */
	async current(): Promise<SigningKeySet> {
		const entry = (await this.storage.get(KEY)) ?? (await this.made());
		const generations = readEntry(entry, GENERATIONS);
		const now = this.clock.now();
		const first = signingOf(generations, now);
		const inOrder = [
			...generations.filter((each) => each === first),
			...generations.filter((each) => each !== first),
		];
		return {
			keys: inOrder.flatMap((generation) => this.opened(generation)),
			version: `${entry.version} ${generations.indexOf(first)}`,
		};
	}

	/** The keys that are stored. @returns undefined before the first ones are made, and makes none. */
	async stored(): Promise<StoredKeys | undefined> {
		const entry = await this.storage.get(KEY);
		const generations = entry && readEntry(entry, GENERATIONS);
		if (generations === undefined) {
			return undefined;
		}
		const { signsFrom } = signingOf(generations, this.clock.now());
		const next = generations.find((each) => each.signsFrom > signsFrom)?.signsFrom;
		return { signSince: signsFrom, nextSignFrom: next, canBeOpened: this.canOpen(generations) };
	}

	/**
	 * Adds new keys. They sign from {@link PUBLISHED_BEFORE_MS} on. The keys that sign until then stay published. All others
	 * go.
	 *
	 * @returns when the new keys sign. Milliseconds since the epoch.
	 */
	async rotate(): Promise<number> {
		const signsFrom = this.clock.now() + PUBLISHED_BEFORE_MS;
		const added = await this.newGeneration(signsFrom);
		await updateEntry(this.storage, async () => {
			const entry = (await this.storage.get(KEY)) ?? (await this.made());
			const signing = signingOf(readEntry(entry, GENERATIONS), this.clock.now());
			return {
				commit: {
					checks: [{ key: KEY, version: entry.version }],
					sets: [{ key: KEY, value: { generations: [signing, added] } }],
				},
				result: undefined,
			};
		});
		return signsFrom;
	}

	/** Seals the keys with the first key of the helpdesk's key file where another one sealed them. */
	async reseal(): Promise<void> {
		await updateEntry(this.storage, async () => {
			const entry = await this.storage.get(KEY);
			const before = entry && readEntry(entry, GENERATIONS);
			if (entry === undefined || before === undefined) {
				return { result: undefined };
			}
			const generations = before.map((each) => ({
				...each,
				sealed: this.vault.resealed(each.sealed, this.place()),
			}));
			if (generations.every(({ sealed }, index) => sealed === before[index]?.sealed)) {
				return { result: undefined };
			}
			const checks = [{ key: KEY, version: entry.version }];
			return {
				commit: { checks, sets: [{ key: KEY, value: { generations } }] },
				result: undefined,
			};
		});
	}

	/** Makes the first keys. Of several nodes that do so at once, all get the keys of one. */
	private async made() {
		const value = { generations: [await this.newGeneration(this.clock.now())] };
		await this.storage.commit({
			checks: [{ key: KEY, version: null }],
			sets: [{ key: KEY, value }],
		});
		const entry = await this.storage.get(KEY);
		if (entry === undefined) {
			throw new Error("the storage has lost the keys that were just stored");
		}
		return entry;
	}

	private async newGeneration(signsFrom: number): Promise<Generation> {
		const keys = await Promise.all([newKey("ES256"), newKey("RS256")]);
		return { signsFrom, sealed: this.vault.seal(secret(JSON.stringify(keys)), this.place()) };
	}

	private canOpen(generations: Generations): boolean {
		try {
			return generations.every((each) => this.opened(each).length > 0);
		} catch {
			return false;
		}
	}

	private opened({ sealed }: Generation): readonly SigningKey[] {
		return JSON.parse(this.vault.open(sealed, this.place()).reveal());
	}

	private place(): string {
		return `signing keys of ${this.brandId}`;
	}
}

/** The newest keys whose time has come. Where there are none, the clock was wrong when the first ones were made. */
function signingOf(generations: Generations, now: number): Generation {
	return generations.findLast(({ signsFrom }) => signsFrom <= now) ?? generations[0];
}

async function newKey(alg: Signature): Promise<SigningKey> {
	const { privateKey } = await (alg === "ES256"
		? promisify(generateKeyPair)("ec", { namedCurve: "P-256" })
		: promisify(generateKeyPair)("rsa", { modulusLength: 2048 }));
	return { ...privateKey.export({ format: "jwk" }), alg, use: "sig" };
}

function readGeneration(value: StorageValue): Generation | undefined {
	const { signsFrom, sealed } = fieldsOf(value);
	return isTime(signsFrom) && typeof sealed === "string" ? { signsFrom, sealed } : undefined;
}
