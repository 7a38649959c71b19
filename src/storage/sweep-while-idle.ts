import type { HostStorage } from "../contract/storage.ts";
import { MS_BETWEEN_SWEEPS } from "./sweeping.ts";

/**
 * Makes an empty commit once a minute. Storages sweep with commits: without this, an expired record would stay until
 * the next visitor comes.
 *
 * @returns a function that ends it.
 */
export function sweepWhileIdle(storage: HostStorage, everyMs = MS_BETWEEN_SWEEPS): () => void {
	const timer = setInterval(() => {
		// There is nothing to do while the storage does not answer.
		storage.commit({}).catch(() => undefined);
	}, everyMs).unref();
	return () => clearInterval(timer);
}
