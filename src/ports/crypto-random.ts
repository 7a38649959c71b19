import { randomBytes } from "node:crypto";
import type { Random } from "../contract/random.ts";

/** Node's CSPRNG. */
export const cryptoRandom: Random = { bytes: (length) => randomBytes(length) };
