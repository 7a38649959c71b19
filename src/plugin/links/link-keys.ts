import type { StorageKey } from "../../contract/storage.ts";

/** Who an identity is at a brand. */
export function linkKey(brandId: string, identityId: string): StorageKey {
	return ["link", brandId, identityId];
}

/** The other half of a link: what is linked to a user. */
export function linkOfUserKey(userId: string, identityId: string): StorageKey {
	return ["links-of-user", userId, identityId];
}

/** Below it are all links of a brand. */
export function linksAt(brandId: string): StorageKey {
	return ["link", brandId];
}

/** Below it are the halves of all links of a user; of everybody without one. */
export function linksOfUser(userId?: string): StorageKey {
	return userId === undefined ? ["links-of-user"] : ["links-of-user", userId];
}

/** Changes when the user proves to own the account, see `UserLinks.dropAllOf`. */
export function linkEpochKey(userId: string): StorageKey {
	return ["link-epoch", userId];
}

/** Of the key of a link, or of its other half. */
export function identityIn(key: StorageKey): string {
	return key.at(-1) ?? "";
}
