import type { Secret } from "../../contract/secret.ts";
import type {
	HostStorage,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import type { Vault } from "../settings/vault.ts";
import type { MailServer } from "./mail-server.ts";

/** How the helpdesk speaks to a mail server that an owner has typed in. `off` only where `--allow-private` names the host. */
export const ENCRYPTIONS = ["implicit", "required", "off"] as const;
export type Encryption = (typeof ENCRYPTIONS)[number];

export type SavedMailServer = {
	/** As URLs write it, without the brackets of an IPv6 address. */
	readonly host: string;
	readonly port: number;
	readonly tls: Encryption;
	/** Empty: the helpdesk does not log in there. */
	readonly user: string;
	/** One address, with or without a name. */
	readonly from: string;
};

type Stored = SavedMailServer & {
	/** Sealed for the server and the user; null where there is none. */
	readonly password: string | null;
};

export interface FoundMailServer {
	readonly server: SavedMailServer;
	/** `unreadable`: it was saved with another key file. */
	readonly password: "set" | "none" | "unreadable";
}

const KEY: StorageKey = ["server"];
const SAVED: StoredKind<Stored> = { name: "mail-server", read: readStored };

/**
 * The mail server that owners have set. Its password never leaves it but to that server: it is sealed together with host,
 * port, encryption and user, so that no other server ever gets it, even if somebody changes the storage.
 */
export class SavedMailServers {
	/** @param storage a namespace of its own. */
	constructor(
		private readonly storage: HostStorage,
		private readonly vault: Vault,
	) {}

	/** @throws UnreadableValueError */
	async find(): Promise<FoundMailServer | undefined> {
		const stored = await this.stored();
		if (stored === undefined) {
			return undefined;
		}
		const { password, ...server } = stored;
		if (password === null) {
			return { server, password: "none" };
		}
		return { server, password: this.opened(password, server) === undefined ? "unreadable" : "set" };
	}

	/**
	 * The server with its password, to call it.
	 *
	 * @throws UnreadableValueError, or Error for a password that no key opens.
	 */
	async toCall(): Promise<MailServer | undefined> {
		const stored = await this.stored();
		return stored && this.withPassword(stored);
	}

	/**
	 * A server as {@link save} would save it, with its password, to try it.
	 *
	 * @throws UnreadableValueError, or Error for a password that no key opens.
	 */
	async toTry(
		server: SavedMailServer,
		password: Secret | undefined,
	): Promise<MailServer | "password-needed"> {
		const sealed = this.sealedFor(server, password, await this.storage.get(KEY));
		return sealed === undefined
			? "password-needed"
			: this.withPassword({ ...server, password: sealed });
	}

	/**
	 * Saves a server.
	 *
	 * @param password undefined: the one from before stays, if host, port, encryption and user stay. Otherwise it is dropped.
	 * @returns `password-needed`: nothing is saved, because the one from before is of another server or user.
	 */
	async save(
		server: SavedMailServer,
		password: Secret | undefined,
	): Promise<"saved" | "password-needed"> {
		return updateEntry<"saved" | "password-needed">(this.storage, async () => {
			const entry = await this.storage.get(KEY);
			const sealed = this.sealedFor(server, password, entry);
			if (sealed === undefined) {
				return { result: "password-needed" };
			}
			const value: Stored = { ...server, password: sealed };
			const checks = [{ key: KEY, version: entry?.version ?? null }];
			return { commit: { checks, sets: [{ key: KEY, value }] }, result: "saved" };
		});
	}

	/** Afterwards there is no mail server but one that the start names. */
	async remove(): Promise<void> {
		await this.storage.commit({ deletes: [KEY] });
	}

	/** Seals the password with the newest key. What cannot be read or opened stays as it is. */
	async reseal(): Promise<void> {
		await updateEntry(this.storage, async () => {
			const entry = await this.storage.get(KEY);
			const stored = entry && SAVED.read(entry.value);
			if (!stored?.password) {
				return { result: undefined };
			}
			const password = this.vault.resealed(stored.password, placeOf(stored));
			if (password === stored.password) {
				return { result: undefined };
			}
			const checks = [{ key: KEY, version: entry?.version ?? null }];
			const sets = [{ key: KEY, value: { ...stored, password } }];
			return { commit: { checks, sets }, result: undefined };
		});
	}

	private withPassword(stored: Stored): MailServer {
		const { password, user, ...server } = stored;
		if (password === null) {
			return { ...server, login: undefined };
		}
		return { ...server, login: { user, password: this.vault.open(password, placeOf(stored)) } };
	}

	/** @returns null for no password; undefined where one is needed. */
	private sealedFor(
		server: SavedMailServer,
		typed: Secret | undefined,
		before: Pick<StorageEntry, "value"> | undefined,
	): string | null | undefined {
		if (server.user === "") {
			return null;
		}
		if (typed !== undefined) {
			return this.vault.seal(typed, placeOf(server));
		}
		const stored = before && SAVED.read(before.value);
		const isSame = stored !== undefined && placeOf(stored) === placeOf(server);
		return isSame ? (stored.password ?? undefined) : undefined;
	}

	private async stored(): Promise<Stored | undefined> {
		const entry = await this.storage.get(KEY);
		return entry && readEntry(entry, SAVED);
	}

	private opened(password: string, server: SavedMailServer): Secret | undefined {
		try {
			return this.vault.open(password, placeOf(server));
		} catch {
			return undefined;
		}
	}
}

/** Whom a password is for. Whatever of it changes, the password is of no use. */
function placeOf({ host, port, tls, user }: SavedMailServer): string {
	return `the mail server ${JSON.stringify([host, port, tls, user])}`;
}

function readStored(value: StorageValue): Stored | undefined {
	const fields = fieldsOf(value);
	const { host, port, user, from, password } = fields;
	const tls = ENCRYPTIONS.find((each) => each === fields["tls"]);
	return typeof host === "string" &&
		typeof port === "number" &&
		tls !== undefined &&
		typeof user === "string" &&
		typeof from === "string" &&
		(password === null || typeof password === "string")
		? { ...fields, host, port, tls, user, from, password }
		: undefined;
}
