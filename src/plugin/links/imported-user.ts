import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkRow } from "../../contract/link-transfer.ts";
import type { EmailOwner } from "../../contract/users.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { importedId } from "./imported-id.ts";
import { UserLinks } from "./user-links.ts";

/** The user whom a row of an import means, or why nobody gets the link. */
export type ImportedUser =
	| { readonly kind: "user"; readonly id: string }
	| {
			readonly kind:
				| "no-user"
				| "other-brand"
				| "staff"
				| "suspended"
				| "unproven"
				| "other-way-in"
				| "claimed-since"
				| "two-users";
	  };

/** The identities that a whole file gives to each user id. */
export type NamedIdentities = ReadonlyMap<string, ReadonlySet<string>>;

const MAX_USER_ID = 128;

/** Finds the user of a row: a proven one, or one whom this helpdesk's own export names. */
@injectable()
export class ImportedUsers {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(UserLinks) private readonly userLinks: UserLinks,
	) {}

	async userOf(row: LinkRow, named: NamedIdentities): Promise<ImportedUser> {
		const found = await this.provenUser(row);
		// Somebody has proven since the export that the account is theirs, which dropped its links. The identity may be a stranger's.
		if (found.kind === "user" && row.confirmed === false) {
			return { kind: "claimed-since" };
		}
		return found.kind === "unproven" ? this.exportedUser(row, named) : found;
	}

	/** Tells whether the row means this user, proven or not. If so, nothing is left to do. */
	async means({ brandId, email = "", userId = "" }: LinkRow, linkedTo: string): Promise<boolean> {
		const isOther = userId !== linkedTo && isUserId(userId);
		if (isOther && (await this.host.users.find(userId)) !== undefined) {
			return false;
		}
		const address = canonicalEmail(email);
		const owner =
			address === undefined ? undefined : await this.host.users.ownerOf(brandId, address);
		return owner?.kind === "user" ? owner.id === linkedTo : userId === linkedTo;
	}

	private async provenUser({ brandId, email = "", userId = "" }: LinkRow): Promise<ImportedUser> {
		if (email.trim() === "") {
			return this.userById(brandId, userId);
		}
		const address = canonicalEmail(email);
		if (address === undefined) {
			return { kind: "no-user" };
		}
		const owner = await this.host.users.ownerOf(brandId, address);
		if (owner.kind === "nobody") {
			return { kind: (await this.isElsewhere(brandId, address)) ? "other-brand" : "no-user" };
		}
		const user = proven(owner);
		if (user.kind === "user" && user.id !== userId && isUserId(userId)) {
			const other = await this.host.users.find(userId);
			return other === undefined ? user : { kind: "two-users" };
		}
		return user;
	}

	private async userById(brandId: string, userId: string): Promise<ImportedUser> {
		const user = isUserId(userId) ? await this.host.users.find(userId) : undefined;
		if (user === undefined) {
			return { kind: "no-user" };
		}
		if (user.brandId !== brandId) {
			return { kind: "other-brand" };
		}
		const owner = await this.host.users.ownerOf(brandId, user.email ?? "");
		const judged = proven(owner);
		// Nobody can prove an account without an address, or with somebody else's.
		return judged.kind === "user" && judged.id !== user.id ? { kind: "unproven" } : judged;
	}

	/**
	 * The user of an account that nobody has proven. Its address says nothing, because anybody may have created it. The
	 * account gets a link only from a row that this helpdesk exported: that row names the very account, by id and address,
	 * and says that it was unproven then too. Nobody else may have a way into it either, or a stranger could be waiting
	 * inside. An account made by an e-mailed ticket never gets one: it holds what the owner of the address wrote.
	 */
	private async exportedUser(row: LinkRow, named: NamedIdentities): Promise<ImportedUser> {
		const { brandId, email = "", userId = "" } = row;
		const address = canonicalEmail(email);
		if (row.confirmed !== false || address === undefined || !isUserId(userId)) {
			return { kind: "unproven" };
		}
		const owner = await this.host.users.ownerOf(brandId, address);
		if (owner.kind !== "user" || owner.id !== userId || owner.unclaimed) {
			return { kind: "unproven" };
		}
		const user = await this.host.users.find(userId);
		const known = named.get(userId);
		const linked = await this.userLinks.ofUser(userId);
		const isOpenToOthers =
			user?.hasOtherWayIn || linked.some(({ identityId }) => !known?.has(identityId));
		return isOpenToOthers ? { kind: "other-way-in" } : { kind: "user", id: userId };
	}

	private async isElsewhere(brandId: string, address: string): Promise<boolean> {
		for (const { id } of await this.host.brands.list()) {
			if (id !== brandId && (await this.host.users.ownerOf(id, address)).kind === "user") {
				return true;
			}
		}
		return false;
	}
}

export function namedIdentities(rows: readonly LinkRow[]): NamedIdentities {
	const named = new Map<string, Set<string>>();
	for (const { identityId, userId = "" } of rows) {
		const id = importedId(identityId);
		if (id.kind === "id" && userId !== "") {
			named.set(userId, (named.get(userId) ?? new Set()).add(id.identityId));
		}
	}
	return named;
}

function proven(owner: EmailOwner): ImportedUser {
	switch (owner.kind) {
		case "nobody":
			return { kind: "unproven" };
		case "staff":
			return { kind: "staff" };
		case "user":
			if (owner.suspended) {
				return { kind: "suspended" };
			}
			return owner.confirmed && !owner.unclaimed
				? { kind: "user", id: owner.id }
				: { kind: "unproven" };
	}
}

/** The host builds storage keys from ids, so they have to be valid parts of a key. */
function isUserId(userId: string): boolean {
	return userId !== "" && userId.length <= MAX_USER_ID && userId.isWellFormed();
}
