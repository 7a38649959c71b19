import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { isRole, type Role } from "./operator-roles.ts";
import type { Operators } from "./operators.ts";

/** How long an invitation can be accepted. Milliseconds. */
const LIVES_MS = 3 * 24 * 60 * 60_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export type Invitation = {
	readonly email: string;
	readonly role: Role;
	/** The address of the owner who invited. */
	readonly by: string;
};

const INVITATION: StoredKind<Invitation> = { name: "operator-invitations", read: readInvitation };

/**
 * Invitations to operate the helpdesk. Each is a link with a token of 256 bits, works once and for three days, and only
 * as long as the one who invited is an owner.
 */
export class OperatorInvitations {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
		private readonly operators: Operators,
	) {}

	/** @returns the token for the link. */
	async invite(invitation: Invitation): Promise<string> {
		const token = Buffer.from(this.random.bytes(32)).toString("base64url");
		const expiresAt = this.clock.now() + LIVES_MS;
		await this.storage.commit({ sets: [{ key: keyOf(token), value: invitation, expiresAt }] });
		return token;
	}

	/** @returns undefined for a token that is made up, used or over. */
	async find(token: string): Promise<Invitation | undefined> {
		const entry = TOKEN.test(token) ? await this.storage.get(keyOf(token)) : undefined;
		const invitation = entry && readEntry(entry, INVITATION);
		const inviter = invitation && (await this.operators.roleOf(invitation.by));
		return inviter === "owner" ? invitation : undefined;
	}

	/**
	 * Makes an operator of the reader of the link. A second click finds the invitation used.
	 *
	 * @returns their address; undefined for an invitation that cannot be accepted.
	 */
	async accept(token: string, password: string): Promise<string | undefined> {
		const invitation = await this.find(token);
		const taken = invitation && (await this.storage.take(keyOf(token)));
		if (invitation === undefined || taken === undefined) {
			return undefined;
		}
		const { email, role } = invitation;
		const added = await this.operators.add(email, role, password);
		return typeof added === "string" ? undefined : email;
	}
}

function keyOf(token: string): StorageKey {
	return [createHash("sha256").update(token).digest("base64url")];
}

function readInvitation(value: StorageValue): Invitation | undefined {
	const { email, role, by } = fieldsOf(value);
	return typeof email === "string" && typeof by === "string" && isRole(role)
		? { email, role, by }
		: undefined;
}
