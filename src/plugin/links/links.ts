import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkPage } from "../../contract/link-transfer.ts";
import type { LinkedAccount } from "../../contract/plugin.ts";
import type { StorageCheck, StorageKey } from "../../contract/storage.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { pagesOf } from "../login/storage-pages.ts";

/** What is kept of an X account. */
export interface KnownIdentity {
	readonly id: string;
	/** Without `@`; as it was at the last log-in. Empty for an imported link that nobody has logged in by yet. */
	readonly handle: string;
}

/** Who an identity is at the helpdesk; `userId` is null while the user is still being made. */
export interface Link {
	readonly userId: string | null;
	readonly handle: string;
	readonly linkedAt: number;
	/** Of the user while they are being made; another one for each sign-up. */
	readonly creationKey: string | null;
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

export interface StoredLink {
	readonly [name: string]: string | number | null;
	readonly userId: string | null;
	readonly handle: string;
	readonly linkedAt: number;
	readonly creationKey: string | null;
}

export interface StoredLinkOfUser {
	readonly [name: string]: string | number;
	readonly brandId: string;
	readonly handle: string;
	readonly linkedAt: number;
}

interface IdentityOfUser {
	readonly identityId: string;
	readonly stored: StoredLinkOfUser;
}

/** Which identity belongs to which user, unique per brand and identity. */
@injectable()
export class Links {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async find(brandId: string, identityId: string): Promise<Link | undefined> {
		const entry = await this.host.storage.get(linkKey(brandId, identityId));
		return entry && { ...(entry.value as StoredLink), version: entry.version };
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
	 * Puts a user in place of what was found: nothing, a reservation, or a user who is gone.
	 *
	 * @returns false when another request was quicker, for this user or for another one, or the epoch is over.
	 */
	async confirm(
		brandId: string,
		identity: KnownIdentity,
		found: Link | undefined,
		userId: string,
		{ epoch, brand, linkedAt = this.host.clock.now() }: Confirmation = {},
	): Promise<boolean> {
		const link: StoredLink = { userId, handle: identity.handle, linkedAt, creationKey: null };
		const ofUser: StoredLinkOfUser = { brandId, handle: identity.handle, linkedAt };
		const key = linkKey(brandId, identity.id);
		return this.host.storage.commit({
			checks: [
				{ key, version: found?.version ?? null },
				...(epoch === undefined ? [] : [{ key: epochKey(userId), version: epoch }]),
				...(brand === undefined ? [] : [brand]),
			],
			sets: [
				{ key, value: link },
				{ key: linkOfUserKey(userId, identity.id), value: ofUser },
			],
			deletes: found?.userId === userId ? [] : goneWith(found, identity.id),
		});
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
		if (userId === null || link.handle === identity.handle) {
			return;
		}
		const { handle } = identity;
		const key = linkKey(brandId, identity.id);
		await this.host.storage.commit({
			checks: [{ key, version: link.version }],
			sets: [
				{ key, value: { userId, handle, linkedAt, creationKey: null } satisfies StoredLink },
				{
					key: linkOfUserKey(userId, identity.id),
					value: { brandId, handle, linkedAt } satisfies StoredLinkOfUser,
				},
			],
		});
	}

	/** @returns the label of what was unlinked; undefined when it was not the user's. */
	async remove(userId: string, identityId: string): Promise<string | undefined> {
		const found = (await this.storedOf(userId)).find((each) => each.identityId === identityId);
		if (found === undefined) {
			return undefined;
		}
		await this.detach(userId, found);
		return labelOf(found);
	}

	/** Moves what is linked to one user to another. */
	async move(userId: string, intoUserId: string): Promise<void> {
		for (const each of await this.storedOf(userId)) {
			await this.detach(userId, each, intoUserId);
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
	 * @see dropAllOf
	 */
	async epochOf(userId: string): Promise<string | null> {
		return (await this.host.storage.get(epochKey(userId)))?.version ?? null;
	}

	/** For whoever has just proven to own the account: nothing stays linked, and nothing that was begun is linked later. */
	async dropAllOf(userId: string): Promise<void> {
		const expiresAt = this.host.clock.now() + EPOCH_MS;
		await this.host.storage.commit({ sets: [{ key: epochKey(userId), value: null, expiresAt }] });
		await this.removeAllOf(userId);
	}

	async ofUser(userId: string): Promise<LinkedAccount[]> {
		return (await this.storedOf(userId)).map((each) => ({
			identityId: each.identityId,
			label: labelOf(each),
			linkedAt: each.stored.linkedAt,
		}));
	}

	/** Those of a brand that open an account, in a stable order; some pages hold fewer than others. */
	async page(brandId: string, cursor: string | undefined): Promise<LinkPage> {
		const page = await this.host.storage.list(
			["link", brandId],
			cursor === undefined ? {} : { cursor },
		);
		const links = page.entries.flatMap(({ key, value }) => {
			const { userId, handle, linkedAt } = value as StoredLink;
			return userId === null ? [] : [{ identityId: String(key.at(-1)), handle, userId, linkedAt }];
		});
		return page.cursor === undefined ? { links } : { links, cursor: page.cursor };
	}

	/** @returns what was linked to the user, and where. */
	async removeAllOf(userId: string): Promise<{ readonly brandId: string; readonly id: string }[]> {
		const found = await this.storedOf(userId);
		for (const each of found) {
			await this.detach(userId, each);
		}
		return found.map(({ identityId, stored }) => ({ brandId: stored.brandId, id: identityId }));
	}

	/** Repeats until nobody wrote in between: afterwards nothing ties the identity to the user. */
	private async detach(
		userId: string,
		{ identityId, stored }: IdentityOfUser,
		intoUserId?: string,
	): Promise<void> {
		const key = linkKey(stored.brandId, identityId);
		const ofUser = linkOfUserKey(userId, identityId);
		let done = false;
		while (!done) {
			const link = await this.find(stored.brandId, identityId);
			if (link?.userId !== userId) {
				done = await this.host.storage.commit({ deletes: [ofUser] });
				continue;
			}
			const { handle, linkedAt } = link;
			const checks = [{ key, version: link.version }];
			done = await this.host.storage.commit(
				intoUserId === undefined
					? { checks, deletes: [key, ofUser] }
					: {
							checks,
							sets: [
								{ key, value: { userId: intoUserId, handle, linkedAt, creationKey: null } },
								{ key: linkOfUserKey(intoUserId, identityId), value: stored },
							],
							deletes: [ofUser],
						},
			);
		}
	}

	private async storedOf(userId: string): Promise<IdentityOfUser[]> {
		const found: IdentityOfUser[] = [];
		for await (const entries of pagesOf(this.host.storage, ["links-of-user", userId])) {
			for (const { key, value } of entries) {
				found.push({ identityId: String(key.at(-1)), stored: value as StoredLinkOfUser });
			}
		}
		return found;
	}
}

/** A link to a user who is gone goes with its other half. */
function goneWith(found: Link | undefined, identityId: string): StorageKey[] {
	return found?.userId ? [linkOfUserKey(found.userId, identityId)] : [];
}

function labelOf({ identityId, stored }: IdentityOfUser): string {
	return stored.handle === "" ? identityId : `@${stored.handle}`;
}

/** Longer than anything that was begun can last. */
export const EPOCH_MS = 60 * 60_000;

function epochKey(userId: string): StorageKey {
	return ["link-epoch", userId];
}

export function linkKey(brandId: string, identityId: string): StorageKey {
	return ["link", brandId, identityId];
}

export function linkOfUserKey(userId: string, identityId: string): StorageKey {
	return ["links-of-user", userId, identityId];
}
