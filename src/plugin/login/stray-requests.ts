import { countAttempt } from "../../contract/count-attempt.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import { digest } from "../digest.ts";

/** Enough for the people of a network whose browsers lose the cookie, as those in apps do. */
const MOST = 20;
const WINDOW_MS = 60 * 60_000;

/**
 * Counts a request that belongs to no log-in of its browser. Anybody can send any number of them, so only the first of a
 * network are recorded. A network that cannot be counted, because its requests come all at once or the storage is away,
 * counts as one with too many: a visitor loses nothing but a code to quote.
 *
 * @returns whether the request is recorded.
 */
export async function isRecorded(
	host: Pick<HelpdeskHost, "storage" | "clock">,
	{ clientNetwork, clientAddress }: LoginRequest,
): Promise<boolean> {
	const key = ["strays", digest(clientNetwork ?? clientAddress)];
	try {
		return (await countAttempt(host, { key, most: MOST, windowMs: WINDOW_MS })) === 0;
	} catch {
		return false;
	}
}
