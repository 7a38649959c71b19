import { domainToUnicode } from "node:url";
import type { StorageKey } from "../../contract/storage.ts";
import { addressKey } from "../mail/email-key.ts";

/** The key of the entry that leads from an address to its account. */
export function emailKey(brandId: string, email: string): StorageKey {
	return ["email", brandId, addressKey(email)];
}

/** The keys that may lead to an account: older versions stored domains as they were typed, most of them in Unicode. */
export function keysToFind(wanted: string, typed: string): ReadonlySet<string> {
	const [localPart = "", domain = ""] = wanted.split("@");
	const inUnicode = `${localPart}@${domainToUnicode(domain)}`;
	return new Set([wanted, typed.trim(), inUnicode].map(addressKey));
}

/** The key of the entry that leads from a plugin's key to the account that was made for it. */
export function createdKeyOf(createdFor: string): StorageKey {
	return ["created", createdFor];
}
