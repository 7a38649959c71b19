import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkedAccount } from "../../contract/plugin.ts";
import type { StorageKey } from "../../contract/storage.ts";
import { HOST, inject, injectable } from "../injection.ts";

/** Who an identity is at the helpdesk; `userId` is null while the user is still being made. */
export interface Link {
	readonly userId: string | null;
	readonly version: string;
}

interface StoredLink {
	readonly [name: string]: string | number | null;
	readonly userId: string | null;
	readonly handle: string;
	readonly linkedAt: number;
}

interface StoredLinkOfUser {
	readonly [name: string]: string | number;
	readonly brandId: string;
	readonly handle: string;
	readonly linkedAt: number;
}

/** Which identity belongs to which user, unique per brand and identity. */
@injectable()
export class Links {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async find(brandId: string, identityId: string): Promise<Link | undefined> {
		const entry = await this.host.storage.get(linkKey(brandId, identityId));
		return entry && { userId: (entry.value as StoredLink).userId, version: entry.version };
	}

	/**
	 * Claims the identity before a user is made for it, in place of what was found. A reservation left by a
	 * crash is taken over as it is: the user is made by a key that always gives the same one.
	 *
	 * @returns undefined when the identity was linked to a user meanwhile.
	 */
	async reserve(
		brandId: string,
		identity: { readonly id: string; readonly handle: string },
		found: Link | undefined,
	): Promise<Link | undefined> {
		if (found?.userId === null) {
			return found;
		}
		const key = linkKey(brandId, identity.id);
		const value: StoredLink = {
			userId: null,
			handle: identity.handle,
			linkedAt: this.host.clock.now(),
		};
		// A link to a user who is gone goes with its other half.
		const deletes = found?.userId ? [linkOfUserKey(found.userId, identity.id)] : [];
		await this.host.storage.commit({
			checks: [{ key, version: found?.version ?? null }],
			sets: [{ key, value }],
			deletes,
		});
		const link = await this.find(brandId, identity.id);
		return link?.userId === null ? link : undefined;
	}

	/** @returns whether the identity is linked to this user now. */
	async confirm(
		brandId: string,
		identity: { readonly id: string; readonly handle: string },
		reserved: Link,
		userId: string,
	): Promise<boolean> {
		const linkedAt = this.host.clock.now();
		const link: StoredLink = { userId, handle: identity.handle, linkedAt };
		const ofUser: StoredLinkOfUser = { brandId, handle: identity.handle, linkedAt };
		const key = linkKey(brandId, identity.id);
		const confirmed = await this.host.storage.commit({
			checks: [{ key, version: reserved.version }],
			sets: [
				{ key, value: link },
				{ key: linkOfUserKey(userId, identity.id), value: ofUser },
			],
		});
		return confirmed || (await this.find(brandId, identity.id))?.userId === userId;
	}

	/** Gives a reservation back, unless somebody else went on with it. */
	async release(brandId: string, identityId: string, reserved: Link): Promise<void> {
		const key = linkKey(brandId, identityId);
		await this.host.storage.commit({
			checks: [{ key, version: reserved.version }],
			deletes: [key],
		});
	}

	async ofUser(userId: string): Promise<LinkedAccount[]> {
		return (await this.storedOf(userId)).map(({ identityId, stored }) => ({
			identityId,
			label: `@${stored.handle}`,
			linkedAt: stored.linkedAt,
		}));
	}

	async removeAllOf(userId: string): Promise<void> {
		for (const { identityId, stored } of await this.storedOf(userId)) {
			const key = linkKey(stored.brandId, identityId);
			const link = await this.find(stored.brandId, identityId);
			const own = link?.userId === userId;
			await this.host.storage.commit({
				checks: own ? [{ key, version: link.version }] : [],
				deletes: own
					? [key, linkOfUserKey(userId, identityId)]
					: [linkOfUserKey(userId, identityId)],
			});
		}
	}

	private async storedOf(
		userId: string,
	): Promise<{ identityId: string; stored: StoredLinkOfUser }[]> {
		const found: { identityId: string; stored: StoredLinkOfUser }[] = [];
		let cursor: string | undefined;
		do {
			const page = await this.host.storage.list(
				["links-of-user", userId],
				cursor === undefined ? {} : { cursor },
			);
			for (const { key, value } of page.entries) {
				found.push({ identityId: String(key.at(-1)), stored: value as StoredLinkOfUser });
			}
			cursor = page.cursor;
		} while (cursor !== undefined);
		return found;
	}
}

function linkKey(brandId: string, identityId: string): StorageKey {
	return ["link", brandId, identityId];
}

function linkOfUserKey(userId: string, identityId: string): StorageKey {
	return ["links-of-user", userId, identityId];
}
