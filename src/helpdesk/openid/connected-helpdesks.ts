import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import type { HostStorage, StorageEntry } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { isTime, readableEntries, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import type { Vault } from "../settings/vault.ts";
import { CONNECTED_HELPDESK, type ConnectedHelpdesk } from "./connected-helpdesk.ts";

/** The most helpdesks that one brand is connected to. */
const MOST_CONNECTED = 100;

/** A log-in is noted once an hour, so that log-ins do not queue for one entry. */
const NOTED_EVERY_MS = 60 * 60_000;

const ID = /^[a-z0-9-]{1,64}$/;

const LAST_USED: StoredKind<number> = {
	name: "openid/last-used",
	read: (value) => (isTime(value) ? value : undefined),
};

/** All of a connected helpdesk but what is made for it. */
export type NewConnectedHelpdesk = Omit<ConnectedHelpdesk, "id" | "secret" | "createdAt">;

/** A helpdesk that the start configures. It stays as it is until a start configures it otherwise. */
export interface ConfiguredHelpdesk {
	readonly brandId: string;
	/** The `client_id`. */
	readonly id: string;
	readonly helpdesk: NewConnectedHelpdesk;
	/** Undefined: it proves itself without one. */
	readonly secret: Secret | undefined;
}

/** A connected helpdesk with its new client secret, which is shown once. */
export interface WithSecret {
	readonly helpdesk: ConnectedHelpdesk;
	readonly secret: Secret;
}

/** The helpdesks that one brand is connected to. */
export class ConnectedHelpdesks {
	private readonly configured: ReadonlyMap<string, ConnectedHelpdesk>;

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
		configured: readonly ConfiguredHelpdesk[] = [],
	) {
		const own = configured.filter((each) => each.brandId === brandId);
		this.configured = new Map(
			own.map(({ id, helpdesk, secret: given }) => {
				const sealed = given ? vault.seal(given, this.placeOf(id)) : this.newSecret(id).sealed;
				return [id, { ...helpdesk, id, secret: sealed, createdAt: 0 }];
			}),
		);
	}

	/** Whether the start configures it. Then nothing else changes it. */
	isConfigured(id: string): boolean {
		return this.configured.has(id);
	}

	async find(id: string): Promise<ConnectedHelpdesk | undefined> {
		const configured = this.configured.get(id);
		const entry = configured === undefined ? await this.entryOf(id) : undefined;
		return configured ?? (entry && readEntry(entry, CONNECTED_HELPDESK));
	}

	/**
	 * The configured ones, and then the stored ones, at most {@link MOST_CONNECTED}, the oldest first.
	 *
	 * @param report called in place of the one of the constructor.
	 */
	async all(report = this.report): Promise<readonly ConnectedHelpdesk[]> {
		const { entries } = await this.storage.list(["helpdesk"], { limit: MOST_CONNECTED });
		const stored = readableEntries(entries, CONNECTED_HELPDESK, report)
			.map(({ value }) => value)
			.filter(({ id }) => !this.isConfigured(id))
			.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
		return [...this.configured.values(), ...stored];
	}

	/** @returns undefined when the brand is connected to {@link MOST_CONNECTED} helpdesks already. */
	async add(helpdesk: NewConnectedHelpdesk): Promise<WithSecret | undefined> {
		if ((await this.all()).length >= MOST_CONNECTED) {
			return undefined;
		}
		const id = `${helpdesk.preset}-${Buffer.from(this.random.bytes(6)).toString("hex")}`;
		const made = this.newSecret(id);
		const value: ConnectedHelpdesk = {
			...{ ...helpdesk, id, secret: made.sealed },
			createdAt: this.clock.now(),
		};
		const key = keyOf(id);
		await this.storage.commit({ checks: [{ key, version: null }], sets: [{ key, value }] });
		return { helpdesk: value, secret: made.secret };
	}

	/**
	 * Changes a helpdesk. One with another address gets a new secret, because the old one belongs to the old address.
	 *
	 * @returns the helpdesk as it is from then on, with its secret if that is new; undefined when there is none that can be
	 * changed.
	 */
	async change(
		id: string,
		change: (helpdesk: ConnectedHelpdesk) => NewConnectedHelpdesk,
	): Promise<(Pick<WithSecret, "helpdesk"> & Partial<WithSecret>) | undefined> {
		return updateEntry(this.storage, async () => {
			const entry = await this.entryOf(id);
			if (entry === undefined) {
				return { result: undefined };
			}
			const old = readEntry(entry, CONNECTED_HELPDESK);
			const changed = change(old);
			const made = changed.address === old.address ? undefined : this.newSecret(id);
			const kept = { id, createdAt: old.createdAt, secret: made?.sealed ?? old.secret };
			const value: ConnectedHelpdesk = { ...old, ...changed, ...kept };
			return {
				commit: written(entry, value),
				result: { helpdesk: value, ...(made && { secret: made.secret }) },
			};
		});
	}

	/** Makes a new secret. The old one ends at once. @returns undefined when there is none that can be changed. */
	async renewSecret(id: string): Promise<WithSecret | undefined> {
		return updateEntry(this.storage, async () => {
			const entry = await this.entryOf(id);
			if (entry === undefined) {
				return { result: undefined };
			}
			const made = this.newSecret(id);
			const value = { ...readEntry(entry, CONNECTED_HELPDESK), secret: made.sealed };
			return { commit: written(entry, value), result: { helpdesk: value, secret: made.secret } };
		});
	}

	async remove(id: string): Promise<void> {
		if (ID.test(id) && !this.isConfigured(id)) {
			await this.storage.commit({ deletes: [keyOf(id), usedKeyOf(id)] });
		}
	}

	secretOf({ id, secret: sealed }: Pick<ConnectedHelpdesk, "id" | "secret">): Secret {
		return this.vault.open(sealed, this.placeOf(id));
	}

	/** Seals secrets with the first key where another key sealed them. Afterwards the other key is no longer needed. */
	async reseal(): Promise<void> {
		// Also those that a configured one hides: it may not be configured any more one day.
		for await (const page of pagesOf(this.storage, ["helpdesk"])) {
			for (const { key, value } of readableEntries(page, CONNECTED_HELPDESK, this.report)) {
				const place = this.placeOf(value.id);
				if (this.vault.resealed(value.secret, place) === value.secret) {
					continue;
				}
				await updateEntry(this.storage, async () => {
					const entry = await this.storage.get(key);
					if (entry === undefined) {
						return { result: undefined };
					}
					const helpdesk = readEntry(entry, CONNECTED_HELPDESK);
					const resealed = { ...helpdesk, secret: this.vault.resealed(helpdesk.secret, place) };
					return { commit: written(entry, resealed), result: undefined };
				});
			}
		}
	}

	/** Notes that somebody has logged in to it. */
	async noteUse(id: string): Promise<void> {
		const last = await this.lastUsed(id);
		const now = this.clock.now();
		if (last === undefined || now - last >= NOTED_EVERY_MS) {
			await this.storage.commit({ sets: [{ key: usedKeyOf(id), value: now }] });
		}
	}

	/** When somebody last logged in to it, give or take an hour. Milliseconds since the epoch; undefined: never. */
	async lastUsed(id: string): Promise<number | undefined> {
		const entry = await this.storage.get(usedKeyOf(id));
		return entry && readEntry(entry, LAST_USED);
	}

	private newSecret(id: string): { readonly secret: Secret; readonly sealed: string } {
		const made = secret(Buffer.from(this.random.bytes(32)).toString("base64url"));
		return { secret: made, sealed: this.vault.seal(made, this.placeOf(id)) };
	}

	private placeOf(id: string): string {
		return `client secret of ${this.brandId} ${id}`;
	}

	private async entryOf(id: string): Promise<StorageEntry | undefined> {
		return ID.test(id) && !this.isConfigured(id) ? this.storage.get(keyOf(id)) : undefined;
	}
}

function written({ key, version }: StorageEntry, value: ConnectedHelpdesk) {
	return { checks: [{ key, version }], sets: [{ key, value }] };
}

function keyOf(id: string) {
	return ["helpdesk", id];
}

function usedKeyOf(id: string) {
	return ["last-used", id];
}
