import type { HostStorage } from "../contract/storage.ts";
import { MS_BETWEEN_SWEEPS } from "./sweeping.ts";

/**
 * Commits nothing, once a minute. Storages sweep with commits, so that without this an expired record would stay until
 * the next visitor comes.
 *
 * @returns a function that ends it.
 */
export function sweepWhileIdle(storage: HostStorage, everyMs = MS_BETWEEN_SWEEPS): () => void {
	const timer = setInterval(() => {
		// While the storage does not answer, there is nothing to do.
		storage.commit({}).catch(() => undefined);
	}, everyMs).unref();
	return () => clearInterval(timer);
}
