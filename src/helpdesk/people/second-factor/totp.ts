import { Secret as Key, TOTP } from "otpauth";
import type { Random } from "../../../contract/random.ts";
import { type Secret, secret } from "../../../contract/secret.ts";
import { asciiDigits } from "../../ascii-digits.ts";

/** As long as the hash that codes are made with (RFC 4226, section 4). */
const KEY_BYTES = 20;
const DIGITS = 6;
const PERIOD_SECONDS = 30;
/** How many steps a phone's clock may be wrong, and a code may be on its way (RFC 6238, section 5.2). */
const WINDOW = 1;
/** The longest text that is read as a code, in UTF-16 units. */
const MAX_TYPED = 100;

/** Makes the secret that a helpdesk shares with an authenticator app. @returns it in base32 (RFC 4648). */
export function newTotpKey(random: Random): Secret {
	const bytes = Uint8Array.from(random.bytes(KEY_BYTES));
	return secret(new Key({ buffer: bytes.buffer }).base32);
}

/**
 * Finds the step whose code somebody has typed: the present one, the one before or the one after.
 *
 * @param key in base32.
 * @param typed the digits may be in groups, and of any script.
 * @param now milliseconds since the epoch.
 * @returns undefined for a code of no such step.
 */
export function stepOfCode(key: Secret, typed: string, now: number): number | undefined {
	const totp = totpOf(key);
	const delta = totp.validate({ token: readDigits(typed), timestamp: now, window: WINDOW });
	return delta === null ? undefined : totp.counter({ timestamp: now }) + delta;
}

/** The address that authenticator apps read, alone or from a QR code. The key is in it. */
export function totpUri(
	key: Secret,
	{ issuer, account }: { readonly issuer: string; readonly account: string },
): Secret {
	return secret(totpOf(key, { issuer, label: account }).toString());
}

/** What all authenticator apps know: some ignore any other parameters. */
function totpOf(
	key: Secret,
	names: { readonly issuer?: string; readonly label?: string } = {},
): TOTP {
	return new TOTP({
		...names,
		...{ algorithm: "SHA1", digits: DIGITS, period: PERIOD_SECONDS },
		secret: Key.fromBase32(key.reveal()),
	});
}

function readDigits(typed: string): string {
	return asciiDigits(typed.slice(0, MAX_TYPED).normalize("NFKC")).replace(/\D/g, "");
}
