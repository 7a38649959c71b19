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

/** Makes a key for a signature. */
export type MakeSigningKey = (alg: Signature) => Promise<SigningKey>;

type Generation = {
	/** Milliseconds since the epoch. */
	readonly signsFrom: number;
	/** One key for each signature, as JSON, encrypted. */
	readonly sealed: string;
};

type OneOrMore<Each> = readonly [Each, ...Each[]];

type Generations = OneOrMore<Generation>;

interface OpenedGeneration extends Pick<Generation, "signsFrom"> {
	readonly generation: Generation;
	readonly keys: readonly SigningKey[];
}

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

/** Stored keys were sealed with a key that the key file does not have. The message says what to do. */
export class SealedKeysError extends Error {
	override readonly name = "SealedKeysError";

	constructor(brandId: string, options: ErrorOptions) {
		super(
			`the signing keys of the brand ${brandId} cannot be decrypted, because they were saved with another key file. Name that key file with --key-file, or add its line to this one`,
			options,
		);
	}
}

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
	/** The version of the stored keys whose problem was reported. */
	private reported: string | undefined;

	/** @param report called once for stored keys of which {@link current} leaves some out. */
	constructor(
		private readonly brandId: string,
		private readonly storage: HostStorage,
		private readonly vault: Vault,
		private readonly clock: Clock,
		private readonly report: (what: string, error: unknown) => void,
		private readonly make: MakeSigningKey = makeSigningKey,
	) {}

	/**
	 * Leaves out keys that cannot be decrypted, as long as there are others.
	 *
	 * @throws SealedKeysError when there are no others.
	 */
	async current(): Promise<SigningKeySet> {
		const entry = (await this.storage.get(KEY)) ?? (await this.made());
		const generations = readEntry(entry, GENERATIONS);
		const [first, ...others] = this.openedOf(generations, entry.version);
		const signing = signingOf([first, ...others], this.clock.now());
		const published = [first, ...others].filter((each) => each !== signing);
		return {
			keys: [signing, ...published].flatMap(({ keys }) => keys),
			version: `${entry.version} ${generations.indexOf(signing.generation)}`,
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
	 * @returns when the new keys sign, in milliseconds since the epoch; undefined when there are no keys yet.
	 * @throws SealedKeysError when keys cannot be decrypted: new ones would be sealed with a key that the nodes do not have.
	 */
	async rotate(): Promise<number | undefined> {
		const signsFrom = this.clock.now() + PUBLISHED_BEFORE_MS;
		const added = await this.newGeneration(signsFrom);
		return updateEntry(this.storage, async () => {
			const entry = await this.storage.get(KEY);
			if (entry === undefined) {
				return { result: undefined };
			}
			const generations = readEntry(entry, GENERATIONS);
			for (const each of generations) {
				this.opened(each);
			}
			const signing = signingOf(generations, this.clock.now());
			return {
				commit: {
					checks: [{ key: KEY, version: entry.version }],
					sets: [{ key: KEY, value: { generations: [signing, added] } }],
				},
				result: signsFrom,
			};
		});
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
		const keys = await Promise.all([this.make("ES256"), this.make("RS256")]);
		return { signsFrom, sealed: this.vault.seal(secret(JSON.stringify(keys)), this.place()) };
	}

	private canOpen(generations: Generations): boolean {
		try {
			return generations.every((each) => this.opened(each).length > 0);
		} catch {
			return false;
		}
	}

	/** Those that can be decrypted. */
	private openedOf(generations: Generations, version: string): OneOrMore<OpenedGeneration> {
		const problems: unknown[] = [];
		const [first, ...others] = generations.flatMap((generation) => {
			try {
				const { signsFrom } = generation;
				return [{ generation, signsFrom, keys: this.opened(generation) }];
			} catch (error) {
				problems.push(error);
				return [];
			}
		});
		if (first === undefined) {
			throw problems[0];
		}
		if (problems.length > 0 && this.reported !== version) {
			this.reported = version;
			this.report("some signing keys are left out", problems[0]);
		}
		return [first, ...others];
	}

	private opened({ sealed }: Generation): readonly SigningKey[] {
		try {
			return JSON.parse(this.vault.open(sealed, this.place()).reveal());
		} catch (error) {
			throw new SealedKeysError(this.brandId, { cause: error });
		}
	}

	private place(): string {
		return `signing keys of ${this.brandId}`;
	}
}

/** The newest keys whose time has come. Where there are none, the clock was wrong when the first ones were made. */
function signingOf<Each extends Pick<Generation, "signsFrom">>(
	generations: OneOrMore<Each>,
	now: number,
): Each {
	return generations.findLast(({ signsFrom }) => signsFrom <= now) ?? generations[0];
}

export async function makeSigningKey(alg: Signature): Promise<SigningKey> {
	const { privateKey } = await (alg === "ES256"
		? promisify(generateKeyPair)("ec", { namedCurve: "P-256" })
		: promisify(generateKeyPair)("rsa", { modulusLength: 2048 }));
	return { ...privateKey.export({ format: "jwk" }), alg, use: "sig" };
}

function readGeneration(value: StorageValue): Generation | undefined {
	const { signsFrom, sealed } = fieldsOf(value);
	return isTime(signsFrom) && typeof sealed === "string" ? { signsFrom, sealed } : undefined;
}
