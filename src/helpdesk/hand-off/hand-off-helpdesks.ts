import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { Secret } from "../../contract/secret.ts";
import type { HostStorage, StorageEntry } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { isTime, readableEntries, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import type { Vault } from "../settings/vault.ts";
import { HAND_OFF_HELPDESK, type HandOffHelpdesk } from "./hand-off-helpdesk.ts";

/** The most helpdesks that one brand hands users over to. */
const MOST_CONNECTED = 100;

/** A hand-off is noted once an hour, so that hand-offs do not queue for one entry. */
const NOTED_EVERY_MS = 60 * 60_000;

const ID = /^[a-z0-9-]{1,64}$/;

const LAST_USED: StoredKind<number> = {
	name: "hand-off/last-used",
	read: (value) => (isTime(value) ? value : undefined),
};

/** The secrets of a helpdesk. */
const SECRETS = ["secret", "apiToken"] as const;
type SecretName = (typeof SECRETS)[number];

/** All of a helpdesk but what is made for it and what is secret. */
export type NewHandOffHelpdesk = Omit<HandOffHelpdesk, "id" | "createdAt" | SecretName>;

/** What an administrator gives. Left out: it stays as it is. Null: it is dropped. */
export type GivenSecrets = { readonly [name in SecretName]?: Secret | null | undefined };

/** A helpdesk that the start configures. It stays as it is until a start configures it otherwise. */
export interface ConfiguredHandOff {
	readonly brandId: string;
	readonly id: string;
	readonly helpdesk: NewHandOffHelpdesk;
	readonly secrets: GivenSecrets;
}

type Sealed = Pick<HandOffHelpdesk, SecretName>;

/**
 * The helpdesks that one brand hands users over to. Their secrets are written and used, and never shown. Each is encrypted
 * for the address that it was given for, so that no other address ever gets what it signs or opens.
 */
export class HandOffHelpdesks {
	private readonly configured: ReadonlyMap<string, HandOffHelpdesk>;

	/**
	 * @param report called for stored ones that cannot be read and are left out of {@link all}.
	 * @param configured those that the start configures. A stored one with the id of one of them stays, and does not count.
	 */
	constructor(
		private readonly brandId: string,
		private readonly storage: HostStorage,
		private readonly vault: Vault,
		private readonly clock: Clock,
		private readonly random: Random,
		private readonly report: (what: string, error: unknown) => void,
		configured: readonly ConfiguredHandOff[] = [],
	) {
		const own = configured.filter((each) => each.brandId === brandId);
		this.configured = new Map(
			own.map(({ id, helpdesk, secrets }) => {
				const none = { secret: null, apiToken: null };
				const sealed = this.sealed({ id, address: helpdesk.address }, none, secrets);
				return [id, { ...helpdesk, ...sealed, id, createdAt: 0 }];
			}),
		);
	}

	/** Whether the start configures it. Then nothing else changes it. */
	isConfigured(id: string): boolean {
		return this.configured.has(id);
	}

	async find(id: string): Promise<HandOffHelpdesk | undefined> {
		const configured = this.configured.get(id);
		const entry = configured === undefined ? await this.entryOf(id) : undefined;
		return configured ?? (entry && readEntry(entry, HAND_OFF_HELPDESK));
	}

	/**
	 * The configured ones, and then the stored ones, at most {@link MOST_CONNECTED}, the oldest first.
	 *
	 * @param report called in place of the one of the constructor.
	 */
	async all(report = this.report): Promise<readonly HandOffHelpdesk[]> {
		const { entries } = await this.storage.list(["helpdesk"], { limit: MOST_CONNECTED });
		const stored = readableEntries(entries, HAND_OFF_HELPDESK, report)
			.map(({ value }) => value)
			.filter(({ id }) => !this.isConfigured(id))
			.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
		return [...this.configured.values(), ...stored];
	}

	/** @returns undefined when the brand is connected to {@link MOST_CONNECTED} helpdesks already. */
	async add(
		helpdesk: NewHandOffHelpdesk,
		secrets: GivenSecrets,
	): Promise<HandOffHelpdesk | undefined> {
		if ((await this.all()).length >= MOST_CONNECTED) {
			return undefined;
		}
		const id = `${helpdesk.preset}-${Buffer.from(this.random.bytes(6)).toString("hex")}`;
		const none = { secret: null, apiToken: null };
		const sealed = this.sealed({ id, address: helpdesk.address }, none, secrets);
		const value: HandOffHelpdesk = { ...helpdesk, ...sealed, id, createdAt: this.clock.now() };
		const key = keyOf(id);
		await this.storage.commit({ checks: [{ key, version: null }], sets: [{ key, value }] });
		return value;
	}

	/**
	 * Changes a helpdesk. One with another address loses the secrets that belong to the old one, but for those that are given
	 * in the same step: otherwise a new address would get what was entrusted to the old one.
	 *
	 * @returns the helpdesk as it is from then on; undefined when there is none that can be changed.
	 */
	async change(
		id: string,
		helpdesk: NewHandOffHelpdesk,
		secrets: GivenSecrets,
	): Promise<HandOffHelpdesk | undefined> {
		return updateEntry(this.storage, async () => {
			const entry = await this.entryOf(id);
			if (entry === undefined) {
				return { result: undefined };
			}
			const old = readEntry(entry, HAND_OFF_HELPDESK);
			const kept = old.address === helpdesk.address ? old : { secret: null, apiToken: null };
			const sealed = this.sealed({ id, address: helpdesk.address }, kept, secrets);
			const value = { ...old, ...helpdesk, ...sealed, id, createdAt: old.createdAt };
			return { commit: written(entry, value), result: value };
		});
	}

	async remove(id: string): Promise<void> {
		if (ID.test(id) && !this.isConfigured(id)) {
			await this.storage.commit({ deletes: [keyOf(id), usedKeyOf(id)] });
		}
	}

	/** @returns undefined when nobody has given it. @throws Error when it was encrypted with an unknown key. */
	secretOf(
		helpdesk: Pick<HandOffHelpdesk, "id" | "address" | SecretName>,
		name: SecretName,
	): Secret | undefined {
		const sealed = helpdesk[name];
		return sealed === null ? undefined : this.vault.open(sealed, this.placeOf(helpdesk, name));
	}

	/** Seals secrets with the first key where another key sealed them. Afterwards the other key is no longer needed. */
	async reseal(): Promise<void> {
		// Also those that a configured one hides: it may not be configured any more one day.
		for await (const page of pagesOf(this.storage, ["helpdesk"])) {
			for (const { key } of readableEntries(page, HAND_OFF_HELPDESK, this.report)) {
				await updateEntry(this.storage, async () => {
					const entry = await this.storage.get(key);
					const helpdesk = entry && readEntry(entry, HAND_OFF_HELPDESK);
					const resealed = helpdesk && { ...helpdesk, ...this.resealed(helpdesk) };
					return entry === undefined ||
						resealed === undefined ||
						SECRETS.every((name) => resealed[name] === helpdesk?.[name])
						? { result: undefined }
						: { commit: written(entry, resealed), result: undefined };
				});
			}
		}
	}

	/** Notes that somebody was handed over to it. */
	async noteUse(id: string): Promise<void> {
		const last = await this.lastUsed(id);
		const now = this.clock.now();
		if (last === undefined || now - last >= NOTED_EVERY_MS) {
			await this.storage.commit({ sets: [{ key: usedKeyOf(id), value: now }] });
		}
	}

	/** When somebody was last handed over to it, give or take an hour. Milliseconds since the epoch; undefined: never. */
	async lastUsed(id: string): Promise<number | undefined> {
		const entry = await this.storage.get(usedKeyOf(id));
		return entry && readEntry(entry, LAST_USED);
	}

	private sealed(
		helpdesk: Pick<HandOffHelpdesk, "id" | "address">,
		kept: Sealed,
		given: GivenSecrets,
	): Sealed {
		const one = (name: SecretName): string | null => {
			const secret = given[name];
			return secret
				? this.vault.seal(secret, this.placeOf(helpdesk, name))
				: secret === null
					? null
					: kept[name];
		};
		return { secret: one("secret"), apiToken: one("apiToken") };
	}

	private resealed(helpdesk: HandOffHelpdesk): Sealed {
		const one = (name: SecretName): string | null => {
			const sealed = helpdesk[name];
			return sealed === null ? null : this.vault.resealed(sealed, this.placeOf(helpdesk, name));
		};
		return { secret: one("secret"), apiToken: one("apiToken") };
	}

	private placeOf(
		{ id, address }: Pick<HandOffHelpdesk, "id" | "address">,
		name: SecretName,
	): string {
		return `hand-off ${name} of ${this.brandId} ${id} at ${address}`;
	}

	private async entryOf(id: string): Promise<StorageEntry | undefined> {
		return ID.test(id) && !this.isConfigured(id) ? this.storage.get(keyOf(id)) : undefined;
	}
}

function written({ key, version }: StorageEntry, value: HandOffHelpdesk) {
	return { checks: [{ key, version }], sets: [{ key, value }] };
}

function keyOf(id: string) {
	return ["helpdesk", id];
}

function usedKeyOf(id: string) {
	return ["last-used", id];
}
