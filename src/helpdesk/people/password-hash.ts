import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

// One of the parameter sets that OWASP recommends for scrypt: 32 MiB, three passes.
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const OPTIONS: ScryptOptions = { ...COST, maxmem: 64 * 1024 * 1024 };
const BYTES = 32;

/** A salted, memory-hard hash with its parameters: `scrypt$32768$8$3$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
	const salt = randomBytes(16);
	const hash = await derive(password, salt);
	const { N, r, p } = COST;
	return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/** Takes as long when there is no password, or no account, as when the password is wrong. */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
	const [, , , , salt = "", expected = ""] = hashed?.split("$") ?? [];
	const hash = await derive(password, Buffer.from(salt, "base64url"));
	const wanted = Buffer.from(expected, "base64url");
	return hash.length === wanted.length && timingSafeEqual(hash, wanted);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		scrypt(password.normalize("NFKC"), salt, BYTES, OPTIONS, (error, key) =>
			error ? reject(error) : resolve(key),
		);
	});
}
