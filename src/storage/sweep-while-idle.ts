import type { HostStorage } from "../contract/storage.ts";

const EVERY_MS = 60_000;

/**
 * What has expired is swept when something is committed. Where nobody comes after those who left in the middle of a
 * log-in, their records would stay as long: this commits nothing, once a minute.
 *
 * @returns what ends it.
 */
export function sweepWhileIdle(storage: HostStorage, everyMs = EVERY_MS): () => void {
	const timer = setInterval(() => {
		// A storage that is away comes back.
		storage.commit({}).catch(() => undefined);
	}, everyMs).unref();
	return () => clearInterval(timer);
}
