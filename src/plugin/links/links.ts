import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { StorageCheck, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { requireStored } from "../stored-value.ts";
import { linkEpochKey, linkKey, linkOfUserKey } from "./link-keys.ts";
import { isStoredLink, type StoredLink, type StoredLinkOfUser } from "./stored-link.ts";

/** What is kept of an X account. */
export interface KnownIdentity {
	readonly id: string;
	/** Without `@`; as it was at the last log-in. Empty for an imported link before its first log-in. */
	readonly handle: string;
}

/** Who an identity is at the helpdesk. */
export interface Link extends StoredLink {
	readonly version: string;
}

/** On what condition a link comes about, and since when it counts. */
interface Confirmation {
	/** Of the user, from when the link was begun. */
	readonly epoch?: string | null;
	/** See `BrandEpochs.check`. */
	readonly brand?: StorageCheck;
	/** Now without it. */
	readonly linkedAt?: number;
}

/** Which identity belongs to which user, unique per brand and identity. */
@injectable()
export class Links {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async find(brandId: string, identityId: string): Promise<Link | undefined> {
		const entry = await this.host.storage.get(linkKey(brandId, identityId));
		return entry && { ...requireStored(this.host, entry, isStoredLink), version: entry.version };
	}

	/**
	 * Claims the identity before a user is made for it, in place of what was found. A reservation left by a
	 * crash is taken over as it is: the user is made by its key, which always gives the same one. An identity that was
	 * unlinked gets a new key, and with it never again the user it was taken from.
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
	 * Puts a user in place of what was found.
	 *
	 * @returns false when another request was quicker, for this user or for another one, or the epoch is over.
	 */
	async confirm(...link: Parameters<Links["confirmation"]>): Promise<boolean> {
		return this.host.storage.commit(this.confirmation(...link));
	}

	/**
	 * The commit of a confirmed link.
	 *
	 * @param found what the user takes the place of: nothing, a reservation, or a user who is gone.
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
	 * Links an identity that is nobody's to a user.
	 *
	 * @param conditions.user their epoch, from when the link was begun.
	 * @returns false when it is somebody else's, the account changed hands or the links were purged meanwhile.
	 */
	async link(
		brandId: string,
		identity: KnownIdentity,
		userId: string,
		conditions: { readonly user: string | null; readonly brand: StorageCheck },
	): Promise<boolean> {
		const found = await this.find(brandId, identity.id);
		const owner = found?.userId ? await this.host.users.find(found.userId) : undefined;
		if (owner !== undefined) {
			return owner.id === userId;
		}
		const { user: epoch, brand } = conditions;
		const linked = await this.confirm(brandId, identity, found, userId, { epoch, brand });
		return linked || (await this.find(brandId, identity.id))?.userId === userId;
	}

	/** Handles change: keeps the one of the last log-in, for display. */
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

	/** Gives a reservation back, unless somebody else went on with it. */
	async release(brandId: string, identityId: string, reserved: Link): Promise<void> {
		const key = linkKey(brandId, identityId);
		await this.host.storage.commit({
			checks: [{ key, version: reserved.version }],
			deletes: [key],
		});
	}

	/**
	 * What a link to the user has to know when it is begun: it comes about only while this is as it was.
	 *
	 * @see UserLinks.dropAllOf
	 */
	async epochOf(userId: string): Promise<string | null> {
		return (await this.host.storage.get(linkEpochKey(userId)))?.version ?? null;
	}
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

/** A link to a user who is gone goes with its other half. */
function goneWith(found: Link | undefined, identityId: string): StorageKey[] {
	return found?.userId ? [linkOfUserKey(found.userId, identityId)] : [];
}
