import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { addressKey } from "../mail/email-key.ts";
import { isRole, type Role } from "./operator-roles.ts";
import type { Operators } from "./operators.ts";

/** How long an invitation can be accepted. Milliseconds. */
export const INVITATION_LIVES_MS = 3 * 24 * 60 * 60_000;
/** How many open invitations a page of them has. */
const ON_A_PAGE = 25;
/** The key of the invited address, and what nobody can guess. */
const TOKEN = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

export type Invitation = {
	readonly email: string;
	readonly role: Role;
	/** The address of the owner who invited. */
	readonly by: string;
};

type StoredInvitation = Invitation & {
	/** The hash of the token. */
	readonly token: string;
	/** The lasting id of the owner who invited: their address may change meanwhile. */
	readonly byId: string;
};

interface FoundInvitation {
	readonly key: StorageKey;
	readonly version: string;
	readonly invitation: Invitation;
}

const INVITATION: StoredKind<StoredInvitation> = {
	name: "operator-invitations",
	read: readInvitation,
};

/**
 * Invitations to operate the helpdesk. Each is a link with a token of 256 bits, works once and for three days, and only
 * as long as the one who invited is an owner. An address has one at most, so that nobody keeps a second link to come back by.
 */
export class OperatorInvitations {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
		private readonly operators: Operators,
	) {}

	/** An earlier invitation to the address no longer works. @returns the token for the link. */
	async invite({ email, role, by }: Invitation): Promise<string> {
		const secret = Buffer.from(this.random.bytes(32)).toString("base64url");
		const token = `${addressKey(email)}.${secret}`;
		// An owner who was removed meanwhile has none, and the invitation is worth nothing.
		const byId = (await this.operators.lastingIdOf(by)) ?? "";
		const value: StoredInvitation = { email, role, by, byId, token: hashOf(token) };
		const expiresAt = this.clock.now() + INVITATION_LIVES_MS;
		await this.storage.commit({ sets: [{ key: invitationKey(email), value, expiresAt }] });
		return token;
	}

	/** @returns undefined for a token that is made up, used, withdrawn or over. */
	async find(token: string): Promise<Invitation | undefined> {
		return (await this.foundBy(token))?.invitation;
	}

	/**
	 * Makes an operator of the reader of the link. A second click finds the invitation used.
	 *
	 * @returns their address; undefined for an invitation that cannot be accepted.
	 */
	async accept(token: string, password: string): Promise<string | undefined> {
		const found = await this.foundBy(token);
		if (found === undefined) {
			return undefined;
		}
		const { key, version, invitation } = found;
		if (!(await this.storage.commit({ checks: [{ key, version }], deletes: [key] }))) {
			return undefined;
		}
		const { email, role } = invitation;
		const added = await this.operators.add(email, role, password);
		return typeof added === "string" ? undefined : email;
	}

	/**
	 * Some of the invitations that nobody has accepted yet, in no order. One that cannot be read cannot be accepted either, and
	 * is left out.
	 *
	 * @param cursor of the page before.
	 * @throws TypeError for a text that is no cursor.
	 */
	async page(
		cursor?: string,
	): Promise<{ readonly invitations: readonly Invitation[]; readonly next: string | undefined }> {
		const { entries, cursor: next } = await this.storage.list([], {
			limit: ON_A_PAGE,
			...(cursor !== undefined && { cursor }),
		});
		return { invitations: entries.flatMap(({ value }) => readInvitation(value) ?? []), next };
	}

	/** Makes the invitation to an address worth nothing. */
	async withdraw(email: string): Promise<void> {
		await this.storage.commit({ deletes: [invitationKey(email)] });
	}

	private async foundBy(token: string): Promise<FoundInvitation | undefined> {
		const [, address = ""] = TOKEN.exec(token) ?? [];
		const key = [address];
		const entry = address === "" ? undefined : await this.storage.get(key);
		const stored = entry && readEntry(entry, INVITATION);
		if (entry === undefined || stored?.token !== hashOf(token)) {
			return undefined;
		}
		const { email, role, by } = stored;
		return (await this.operators.isOwner(stored.byId))
			? { key, version: entry.version, invitation: { email, role, by } }
			: undefined;
	}
}

/** Where the invitation to an address is. */
export function invitationKey(email: string): StorageKey {
	return [addressKey(email)];
}

function hashOf(token: string): string {
	return createHash("sha256").update(token).digest("base64url");
}

function readInvitation(value: StorageValue): StoredInvitation | undefined {
	const { email, role, by, byId, token } = fieldsOf(value);
	return typeof email === "string" &&
		typeof by === "string" &&
		typeof byId === "string" &&
		typeof token === "string" &&
		isRole(role)
		? { email, role, by, byId, token }
		: undefined;
}
