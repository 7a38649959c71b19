import { createHash } from "node:crypto";
import { canonicalEmail } from "../../contract/email-address.ts";

/**
 * A typed address in the form in which addresses are compared. A text that is not an address by today's rules may have been
 * stored by an older version. It is found only by exactly the same spelling.
 */
export function comparedAddress(typed: string): string {
	return canonicalEmail(typed) ?? typed.trim();
}

/**
 * An e-mail address as part of a storage key. All have the same length. Older versions stored look-alikes under one key
 * (the Kelvin sign is a `k` in lower case), so that the entry found by a key may have another address.
 */
export function addressKey(email: string): string {
	return createHash("sha256").update(email.toLowerCase()).digest("base64url");
}
