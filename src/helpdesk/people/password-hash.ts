import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/** What one hash costs: scrypt's N, r and p (RFC 7914, section 2). */
export type PasswordCost = Required<Pick<ScryptOptions, "N" | "r" | "p">>;

/** One of the parameter sets that OWASP recommends for scrypt: 32 MiB, three passes. */
export const PASSWORD_COST: PasswordCost = { N: 2 ** 15, r: 8, p: 3 };

const MAX_MEMORY_BYTES = 64 * 1024 * 1024;
const BYTES = 32;
const FORM = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/;

/** Makes and checks hashes of passwords. */
export class PasswordHasher {
	/** @param cost of the hashes that it makes. A hash is checked at the cost that it names. */
	constructor(private readonly cost: PasswordCost) {}

	/** A salted, memory-hard hash with its parameters: `scrypt$32768$8$3$<salt>$<hash>`. */
	async hash(password: string): Promise<string> {
		const salt = randomBytes(16);
		const hash = await derive(password, salt, this.cost);
		const { N, r, p } = this.cost;
		return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");
	}

	/** Takes as long when there is no password, or no account, as when the password is wrong. */
	async isPassword(password: string, hashed: string | undefined): Promise<boolean> {
		const [, N, r, p, salt = "", expected = ""] = FORM.exec(hashed ?? "") ?? [];
		const cost = N === undefined ? this.cost : { N: Number(N), r: Number(r), p: Number(p) };
		const hash = await derive(password, Buffer.from(salt, "base64url"), cost);
		const wanted = Buffer.from(expected, "base64url");
		return hash.length === wanted.length && timingSafeEqual(hash, wanted);
	}
}

function derive(password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const options = { ...cost, maxmem: MAX_MEMORY_BYTES };
		scrypt(password.normalize("NFKC"), salt, BYTES, options, (error, key) =>
			error ? reject(error) : resolve(key),
		);
	});
}
