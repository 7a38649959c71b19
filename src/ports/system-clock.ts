import type { Clock } from "../contract/clock.ts";

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() };
