import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkedAccount } from "../../contract/plugin.ts";
import type { StorageCommit, StorageEntry } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { readStored } from "../stored-value.ts";
import { EPOCH_MS } from "./brand-epochs.ts";
import { identityIn, linkEpochKey, linkKey, linkOfUserKey, linksOfUser } from "./link-keys.ts";
import { halves, labelOf } from "./links.ts";
import { isStoredLink, isStoredLinkOfUser, type StoredLinkOfUser } from "./stored-link.ts";

/** A link, read from the half by user. */
interface LinkOfUser extends StoredLinkOfUser, StorageEntry {
	readonly identityId: string;
}

type NamedLink = Pick<LinkOfUser, "brandId" | "identityId">;

/** What became of a link that its user wants to end. */
export type UserUnlinking =
	| { readonly kind: "unlinked"; readonly label: string; readonly brandId: string }
	| { readonly kind: "not-linked" | "last-way-in" };

/** The links of a user. */
@injectable()
export class UserLinks {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async ofUser(userId: string): Promise<LinkedAccount[]> {
		return (await this.allOf(userId)).map((each) => ({
			identityId: each.identityId,
			label: labelOf({ ...each, id: each.identityId }),
			linkedAt: each.linkedAt,
		}));
	}

	/**
	 * Ends a link as its user wishes. Links of the user that were begun before are not created any more. The commit checks
	 * all links of the user, so that of two that end at once the second is the last.
	 *
	 * @param hasOtherWayIn whether the user can do without a link.
	 */
	async unlink(userId: string, identityId: string, hasOtherWayIn: boolean): Promise<UserUnlinking> {
		return updateEntry<UserUnlinking>(this.host.storage, async () => {
			const linked = await this.allOf(userId);
			const found = linked.find((each) => each.identityId === identityId);
			if (found === undefined) {
				return { result: { kind: "not-linked" } };
			}
			if (!hasOtherWayIn && linked.length === 1) {
				return { result: { kind: "last-way-in" } };
			}
			const { checks = [], deletes = [] } = await this.detachment(userId, found);
			const all = linked.map(({ key, version }) => ({ key, version }));
			return {
				commit: { checks: [...checks, ...all], sets: [this.nextEpoch(userId)], deletes },
				result: {
					kind: "unlinked",
					label: labelOf({ ...found, id: identityId }),
					brandId: found.brandId,
				},
			};
		});
	}

	/** Moves the links of one user to another. */
	async move(userId: string, intoUserId: string): Promise<void> {
		for (const each of await this.allOf(userId)) {
			await this.detach(userId, each, intoUserId);
		}
	}

	/** @returns the identities that were linked to the user, and their brands. */
	async removeAllOf(userId: string): Promise<{ readonly brandId: string; readonly id: string }[]> {
		const found = await this.allOf(userId);
		for (const each of found) {
			await this.detach(userId, each);
		}
		return found.map(({ identityId, brandId }) => ({ brandId, id: identityId }));
	}

	/** Drops all links of a user who has just proven to own the account. Links begun before are not created any more. */
	async dropAllOf(userId: string): Promise<void> {
		await this.host.storage.commit({ sets: [this.nextEpoch(userId)] });
		await this.removeAllOf(userId);
	}

	/** Ends the epoch of a user, see `Links.epochOf`. */
	private nextEpoch(userId: string): NonNullable<StorageCommit["sets"]>[number] {
		const expiresAt = this.host.clock.now() + EPOCH_MS;
		return { key: linkEpochKey(userId), value: null, expiresAt };
	}

	/** Removes the link, or moves it to another user. */
	async detach(userId: string, link: NamedLink, intoUserId?: string): Promise<void> {
		await updateEntry(this.host.storage, async () => ({
			commit: await this.detachment(userId, link, intoUserId),
			result: undefined,
		}));
	}

	private async detachment(
		userId: string,
		{ brandId, identityId }: NamedLink,
		intoUserId?: string,
	): Promise<StorageCommit> {
		const key = linkKey(brandId, identityId);
		const ofUser = linkOfUserKey(userId, identityId);
		const entry = await this.host.storage.get(key);
		const link = entry && readStored(this.host, entry, isStoredLink);
		if (entry === undefined || link?.userId !== userId) {
			return { deletes: [ofUser] };
		}
		const checks = [{ key, version: entry.version }];
		return intoUserId === undefined
			? { checks, deletes: [key, ofUser] }
			: { checks, sets: halves(brandId, identityId, intoUserId, link), deletes: [ofUser] };
	}

	private async allOf(userId: string): Promise<LinkOfUser[]> {
		const found: LinkOfUser[] = [];
		for await (const entries of pagesOf(this.host.storage, linksOfUser(userId))) {
			for (const entry of entries) {
				const stored = readStored(this.host, entry, isStoredLinkOfUser);
				if (stored !== undefined) {
					found.push({ ...entry, ...stored, identityId: identityIn(entry.key) });
				}
			}
		}
		return found;
	}
}
