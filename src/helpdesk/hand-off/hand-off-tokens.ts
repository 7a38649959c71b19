import type { Clock } from "../../contract/clock.ts";
import { canonicalEmail } from "../../contract/email-address.ts";
import type { Random } from "../../contract/random.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import { assertedAddress } from "../openid/claims.ts";
import { subjectOf } from "../openid/subject.ts";
import type { Account } from "../people/stored-account.ts";
import type { HandOffHelpdesk } from "./hand-off-helpdesk.ts";
import type { HandedUser, HandOffClaims, HandOffPreset } from "./presets/hand-off-preset.ts";

/** As long as a token may take from here to the helpdesk. */
const LIFETIME_SECONDS = 60;

/**
 * The user as a token names them.
 *
 * @returns undefined for a user whose address the helpdesk must not hear. There is no token without an address.
 */
export function handedUser(
	account: Account,
	{ neverAsserted }: Pick<HandOffHelpdesk, "neverAsserted">,
): HandedUser | undefined {
	if (account.status !== "active") {
		return undefined;
	}
	const { name, locale } = account;
	const email = canonicalEmail(assertedAddress(account, neverAsserted) ?? "");
	return email === undefined ? undefined : { id: subjectOf(account), name, email, locale };
}

/** Makes the tokens that users are handed over with: JSON Web Tokens (RFC 7519), each of them different. */
export class HandOffTokens {
	constructor(
		private readonly clock: Clock,
		private readonly random: Random,
	) {}

	/** What a token made now says. */
	claims(preset: Pick<HandOffPreset, "claims">, user: HandedUser): HandOffClaims {
		const issuedAt = Math.floor(this.clock.now() / 1000);
		const id = Buffer.from(this.random.bytes(24)).toString("base64url");
		return preset.claims(user, { id, issuedAt, expiresAt: issuedAt + LIFETIME_SECONDS });
	}

	/** @param key the text that the helpdesk shows. Its characters are the key. */
	async make(
		preset: Pick<HandOffPreset, "claims" | "algorithm">,
		user: HandedUser,
		key: Secret,
	): Promise<Secret> {
		// Only a brand that hands somebody over needs the library.
		const { SignJWT } = await import("jose");
		const token = await new SignJWT({ ...this.claims(preset, user) })
			.setProtectedHeader({ alg: preset.algorithm, typ: "JWT" })
			.sign(new TextEncoder().encode(key.reveal()));
		return secret(token);
	}
}
