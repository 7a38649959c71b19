import { randomBytes, randomFillSync } from "node:crypto";
import type { Random } from "../contract/random.ts";

const POOL_BYTES = 4096;

/** Node's CSPRNG, asked for many bytes at a time, because a call costs ten times as much as the bytes it returns. */
class PooledRandom implements Random {
	private readonly pool = Buffer.alloc(POOL_BYTES);
	private used = POOL_BYTES;

	bytes(length: number): Uint8Array {
		if (!(Number.isInteger(length) && length >= 0 && length <= POOL_BYTES)) {
			return randomBytes(length);
		}
		if (this.used + length > POOL_BYTES) {
			randomFillSync(this.pool);
			this.used = 0;
		}
		const rest = this.pool.subarray(this.used, this.used + length);
		const bytes = new Uint8Array(rest);
		// No copy of the returned bytes stays in the pool.
		rest.fill(0);
		this.used += length;
		return bytes;
	}
}

export const cryptoRandom: Random = new PooledRandom();
