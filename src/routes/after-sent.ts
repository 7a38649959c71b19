import type { ServerResponse } from "node:http";
import { finished } from "node:stream";

/** Runs work once when an answer was sent, or when nobody is left to read it. The work never rejects. */
export function afterSent(res: ServerResponse, work: () => Promise<void>): void {
	finished(res, () => void work());
}
