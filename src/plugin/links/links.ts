import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { StorageCheck, StorageCommit, StorageKey } from "../../contract/storage.ts";
import type { User } from "../../contract/users.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { requireStored } from "../stored-value.ts";
import { linkEpochKey, linkKey, linkOfUserKey } from "./link-keys.ts";
import { isStoredLink, type StoredLink, type StoredLinkOfUser } from "./stored-link.ts";

/** The data that the plugin keeps of an X account. */
export interface KnownIdentity {
	readonly id: string;
	/** The handle at the last log-in, without `@`. Empty for an imported link before its first log-in. */
	readonly handle: string;
}

/** A stored link, with the version that a commit checks. */
export interface Link extends StoredLink {
	readonly version: string;
}

/** The state of a user when a link to them was begun. The link is made only if it is the same at the end. */
export interface BegunLink {
	/** See {@link Links.epochOf}. */
	readonly epoch: string | null;
	/** The user's access epoch. Null in a helpdesk that gives none; absent in older records. */
	readonly accessEpoch?: string | null;
}

/** Conditions of a new link, and its date. */
interface Confirmation {
	/** The epoch of the user when the link was begun, see {@link Links.epochOf}. */
	readonly epoch?: string | null;
	/** The check of the brand's epoch, see `BrandEpochs.check`. */
	readonly brand?: StorageCheck;
	/** Milliseconds since the epoch; now if left out. */
	readonly linkedAt?: number;
}

/** Links of identities to users, unique per brand and identity. */
@injectable()
export class Links {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async find(brandId: string, identityId: string): Promise<Link | undefined> {
		const entry = await this.host.storage.get(linkKey(brandId, identityId));
		return entry && { ...requireStored(this.host, entry, isStoredLink), version: entry.version };
	}

	/** Finds a link with its user, who may have been deleted since. */
	async findOwned(
		brandId: string,
		identityId: string,
	): Promise<{ readonly link: Link | undefined; readonly user: User | undefined }> {
		const link = await this.find(brandId, identityId);
		return { link, user: link?.userId ? await this.host.users.find(link.userId) : undefined };
	}

	/**
	 * Reserves the identity before a user is created for it, in place of what was found. A reservation left by a crash is
	 * reused: its key always creates the same user. An identity that was unlinked gets a new key, so it never gets back
	 * the user it was unlinked from.
	 *
	 * @param brand see `BrandEpochs.check`.
	 * @returns undefined when the identity was linked to a user meanwhile, or the links of the brand were purged.
	 */
	async reserve(
		brandId: string,
		identity: KnownIdentity,
		found: Link | undefined,
		brand: StorageCheck,
	): Promise<Link | undefined> {
		if (found?.userId === null) {
			return found;
		}
		const key = linkKey(brandId, identity.id);
		const value: StoredLink = {
			userId: null,
			handle: identity.handle,
			linkedAt: this.host.clock.now(),
			creationKey: Buffer.from(this.host.random.bytes(16)).toString("base64url"),
		};
		await this.host.storage.commit({
			checks: [{ key, version: found?.version ?? null }, brand],
			sets: [{ key, value }],
			deletes: goneWith(found, identity.id),
		});
		const link = await this.find(brandId, identity.id);
		return link?.userId === null ? link : undefined;
	}

	/**
	 * Commits {@link confirmation}.
	 *
	 * @returns false when another request was faster, for this user or another one, or when an epoch has ended.
	 */
	async confirm(...link: Parameters<Links["confirmation"]>): Promise<boolean> {
		return this.host.storage.commit(this.confirmation(...link));
	}

	/**
	 * Builds the commit of a confirmed link.
	 *
	 * @param found what the user replaces: nothing, a reservation, or a deleted user.
	 */
	confirmation(
		brandId: string,
		identity: KnownIdentity,
		found: Link | undefined,
		userId: string,
		{ epoch, brand, linkedAt = this.host.clock.now() }: Confirmation = {},
	): StorageCommit {
		const { handle } = identity;
		const key = linkKey(brandId, identity.id);
		return {
			checks: [
				{ key, version: found?.version ?? null },
				...(epoch === undefined ? [] : [{ key: linkEpochKey(userId), version: epoch }]),
				...(brand === undefined ? [] : [brand]),
			],
			sets: halves(brandId, identity.id, userId, { handle, linkedAt }),
			deletes: found?.userId === userId ? [] : goneWith(found, identity.id),
		};
	}

	/**
	 * Links an identity to a user if it belongs to nobody.
	 *
	 * @param conditions.user their epoch when the link was begun.
	 * @returns undefined when the account changed hands, its user unlinked, or the links of the brand were purged meanwhile.
	 */
	async link(
		brandId: string,
		identity: KnownIdentity,
		userId: string,
		conditions: { readonly user: string | null; readonly brand: StorageCheck },
	): Promise<"linked" | "already-linked" | "elsewhere" | undefined> {
		const { link: found, user: owner } = await this.findOwned(brandId, identity.id);
		const { user: epoch, brand } = conditions;
		if (
			owner === undefined &&
			(await this.confirm(brandId, identity, found, userId, { epoch, brand }))
		) {
			return "linked";
		}
		const ownerId = owner?.id ?? (await this.find(brandId, identity.id))?.userId;
		if (ownerId === userId) {
			return "already-linked";
		}
		return ownerId ? "elsewhere" : undefined;
	}

	/** Stores the handle of the last log-in, for display. */
	async refresh(brandId: string, identity: KnownIdentity, link: Link): Promise<void> {
		const { userId, linkedAt } = link;
		const { id, handle } = identity;
		if (userId !== null && link.handle !== handle) {
			await this.host.storage.commit({
				checks: [{ key: linkKey(brandId, id), version: link.version }],
				sets: halves(brandId, id, userId, { handle, linkedAt }),
			});
		}
	}

	/** Removes a reservation, unless another request has used it. */
	async release(brandId: string, identityId: string, reserved: Link): Promise<void> {
		const key = linkKey(brandId, identityId);
		await this.host.storage.commit({
			checks: [{ key, version: reserved.version }],
			deletes: [key],
		});
	}

	/** Notes the state of a user before a link to them. Undefined: the user is not known yet. */
	async begin(userId: string | undefined): Promise<Required<BegunLink>> {
		if (userId === undefined) {
			return { epoch: null, accessEpoch: null };
		}
		const user = await this.host.users.find(userId);
		return { epoch: await this.epochOf(userId), accessEpoch: user?.accessEpoch ?? null };
	}

	/**
	 * The epoch of the user. An attempt to link keeps it from its start, and creates the link only if it is unchanged.
	 *
	 * @see UserLinks.dropAllOf
	 */
	async epochOf(userId: string): Promise<string | null> {
		return (await this.host.storage.get(linkEpochKey(userId)))?.version ?? null;
	}
}

/** How the owner knows the X account. */
export function labelOf({ id, handle }: KnownIdentity): string {
	return handle === "" ? id : `@${handle}`;
}

/** Both halves of a link, ready to be stored. */
export function halves(
	brandId: string,
	identityId: string,
	userId: string,
	{ handle, linkedAt }: Pick<StoredLink, "handle" | "linkedAt">,
): NonNullable<StorageCommit["sets"]> {
	const link: StoredLink = { userId, handle, linkedAt, creationKey: null };
	const ofUser: StoredLinkOfUser = { brandId, handle, linkedAt };
	return [
		{ key: linkKey(brandId, identityId), value: link },
		{ key: linkOfUserKey(userId, identityId), value: ofUser },
	];
}

/** The other half of a link to a deleted user. */
function goneWith(found: Link | undefined, identityId: string): StorageKey[] {
	return found?.userId ? [linkOfUserKey(found.userId, identityId)] : [];
}
