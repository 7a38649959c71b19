import type { StorageKey } from "../../contract/storage.ts";

/** The user of an identity at a brand. */
export function linkKey(brandId: string, identityId: string): StorageKey {
	return ["link", brandId, identityId];
}

/** The other half of a link, found by its user. */
export function linkOfUserKey(userId: string, identityId: string): StorageKey {
	return ["links-of-user", userId, identityId];
}

/** The prefix of all links of a brand. */
export function linksAt(brandId: string): StorageKey {
	return ["link", brandId];
}

/** The prefix of the halves by user, for one user or for all users. */
export function linksOfUser(userId?: string): StorageKey {
	return userId === undefined ? ["links-of-user"] : ["links-of-user", userId];
}

/** The entry is rewritten when a user proves to own the account, see `UserLinks.dropAllOf`. */
export function linkEpochKey(userId: string): StorageKey {
	return ["link-epoch", userId];
}

/** The identity in the key of a link or of its other half. */
export function identityIn(key: StorageKey): string {
	return key.at(-1) ?? "";
}
