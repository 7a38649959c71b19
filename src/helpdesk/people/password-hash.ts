import { randomBytes, type ScryptOptions, timingSafeEqual } from "node:crypto";
import { ScryptWorkers } from "./scrypt-workers.ts";

/** What one hash costs: scrypt's N, r and p (RFC 7914, section 2). */
export type PasswordCost = Required<Pick<ScryptOptions, "N" | "r" | "p">>;

/** One of the parameter sets that OWASP recommends for scrypt: 32 MiB, three passes. */
export const PASSWORD_COST: PasswordCost = { N: 2 ** 15, r: 8, p: 3 };

const MAX_MEMORY_BYTES = 64 * 1024 * 1024;
const BYTES = 32;
const FORM = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/;

/** Makes and checks hashes of passwords, in worker threads. */
export class PasswordHasher {
	/** @param cost of the hashes that it makes. A hash is checked at the cost that it names. */
	constructor(
		private readonly cost: PasswordCost,
		private readonly workers = new ScryptWorkers(),
	) {}

	/**
	 * A salted, memory-hard hash with its parameters: `scrypt$32768$8$3$<salt>$<hash>`.
	 *
	 * @throws PasswordsBusyError
	 */
	async hash(password: string): Promise<string> {
		const salt = randomBytes(16).toString("base64url");
		const hash = await this.derive(password, salt, this.cost);
		const { N, r, p } = this.cost;
		return ["scrypt", N, r, p, salt, hash.toString("base64url")].join("$");
	}

	/**
	 * Takes as long when there is no password, or no account, as when the password is wrong.
	 *
	 * @throws PasswordsBusyError
	 */
	async isPassword(password: string, hashed: string | undefined): Promise<boolean> {
		const [, N, r, p, salt = "", expected = ""] = FORM.exec(hashed ?? "") ?? [];
		const cost = N === undefined ? this.cost : { N: Number(N), r: Number(r), p: Number(p) };
		const hash = await this.derive(password, salt, cost);
		const wanted = Buffer.from(expected, "base64url");
		return hash.length === wanted.length && timingSafeEqual(hash, wanted);
	}

	/** Ends the worker threads. */
	close(): Promise<void> {
		return this.workers.close();
	}

	private derive(password: string, salt: string, cost: PasswordCost): Promise<Buffer> {
		return this.workers.derive({
			password: password.normalize("NFKC"),
			salt,
			bytes: BYTES,
			options: { ...cost, maxmem: MAX_MEMORY_BYTES },
		});
	}
}
