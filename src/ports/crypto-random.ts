import { randomBytes, randomFillSync } from "node:crypto";
import type { Random } from "../contract/random.ts";

const POOL_BYTES = 4096;

/** Node's CSPRNG, asked for many bytes at a time, because a call costs ten times as much as the bytes it returns. */
class PooledRandom implements Random {
	private readonly pool = new Uint8Array(POOL_BYTES);
	private used = POOL_BYTES;

	bytes(length: number): Uint8Array {
		if (!(Number.isInteger(length) && length >= 0 && length <= POOL_BYTES)) {
			return randomBytes(length);
		}
		if (this.used + length > POOL_BYTES) {
			randomFillSync(this.pool);
			this.used = 0;
		}
		const end = this.used + length;
		const bytes = this.pool.slice(this.used, end);
		// No copy of the returned bytes stays in the pool.
		this.pool.fill(0, this.used, end);
		this.used = end;
		return bytes;
	}
}

export const cryptoRandom: Random = new PooledRandom();
