import { createHash } from "node:crypto";

/** An e-mail address as part of a storage key: of one length whatever somebody typed, and the same in any case. */
export function addressKey(email: string): string {
	return createHash("sha256").update(email.toLowerCase()).digest("base64url");
}
