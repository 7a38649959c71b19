import { createHash } from "node:crypto";
import { canonicalEmail } from "../../contract/email-address.ts";

/**
 * What somebody typed, as it is compared: canonical. What is no address by today's rules may have been stored by an
 * older version; that one is found by the very spelling that was typed then, and by no other.
 */
export function comparedAddress(typed: string): string {
	return canonicalEmail(typed) ?? typed.trim();
}

/**
 * An e-mail address as part of a storage key, of one length whatever somebody typed. Older versions stored look-alikes
 * under one key (the Kelvin sign is a `k` in lower case): what is found by it may be another address.
 */
export function addressKey(email: string): string {
	return createHash("sha256").update(email.toLowerCase()).digest("base64url");
}
