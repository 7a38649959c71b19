import { createHash, timingSafeEqual } from "node:crypto";
import type { HelpdeskHost, Secret } from "x-login/contract";
import { fieldsOf, type Read, readStored } from "./stored-value.ts";

const MAX_GUESSES = 10;
const WINDOW_MS = 15 * 60_000;
const MAX_ROUNDS = 20;

/** Limits the wrong words from one IP address. */
export class Guesses {
	constructor(private readonly host: HelpdeskHost) {}

	/**
	 * A commit counts the guess before the words are compared, so that simultaneous guesses count like successive ones.
	 * A right guess is subtracted again.
	 */
	async guess(
		brandId: string,
		clientAddress: string,
		typed: string,
		word: Secret,
	): Promise<"right" | "wrong" | "too-many"> {
		if (!(await this.count(brandId, clientAddress, 1))) {
			return "too-many";
		}
		if (!isSame(typed, word)) {
			return "wrong";
		}
		await this.count(brandId, clientAddress, -1);
		return "right";
	}

	private async count(brandId: string, clientAddress: string, change: 1 | -1): Promise<boolean> {
		const { storage, clock } = this.host;
		const key = ["guesses", brandId, digestOf(clientAddress).toString("base64url")];
		for (let round = 0; round < MAX_ROUNDS; round += 1) {
			const entry = await storage.get(key);
			const { count, until } =
				entry === undefined
					? { count: 0, until: clock.now() + WINDOW_MS }
					: readStored(entry, readCount);
			if (change > 0 && count >= MAX_GUESSES) {
				return false;
			}
			const committed = await storage.commit({
				checks: [{ key, version: entry?.version ?? null }],
				sets: [{ key, value: { count: Math.max(0, count + change), until }, expiresAt: until }],
			});
			if (committed) {
				return true;
			}
		}
		return false;
	}
}

const readCount: Read<{ readonly count: number; readonly until: number }> = (value) => {
	const { count, until } = fieldsOf(value);
	return typeof count === "number" && typeof until === "number" ? { count, until } : undefined;
};

/** The time of the comparison does not depend on the words. */
function isSame(typed: string, word: Secret): boolean {
	return timingSafeEqual(digestOf(typed), digestOf(word.reveal()));
}

function digestOf(text: string): Buffer {
	return createHash("sha256").update(text.normalize("NFKC")).digest();
}
