import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../../injection.ts";

/** Networks stand for visitors: without a profile nobody is named. */
const SEVERAL = 3;
const WINDOW_MS = 10 * 60_000;
/** X ends a person's earlier token when they log in once more, so a refusal soon after a success may be their own doing. */
const AFTER_SUCCESS_MS = 60_000;

interface Seen {
	readonly networks: ReadonlyMap<string, number>;
	readonly succeededAt: number;
}

/**
 * The networks whose visitors the provider refused in the last ten minutes, without a success since, for each app. It is in
 * memory, so each node has its own and no address is stored.
 */
@injectable()
export class RefusedNetworks {
	private readonly seen = new Map<string, Seen>();

	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** Adds one. @returns whether they are enough to speak of the provider and not of a visitor. */
	areSeveral(appKey: string, network: string): boolean {
		const now = this.host.clock.now();
		const { networks = [], succeededAt = Number.NEGATIVE_INFINITY } = this.seen.get(appKey) ?? {};
		if (now - succeededAt < AFTER_SUCCESS_MS) {
			return false;
		}
		const recent = [...networks].filter(([, at]) => now - at < WINDOW_MS);
		const next = new Map([...recent, [network, now] as const].slice(-SEVERAL));
		this.seen.set(appKey, { networks: next, succeededAt });
		return next.size === SEVERAL;
	}

	/** Forgets them after a success. @returns whether there were any. */
	succeeded(appKey: string): boolean {
		const had = (this.seen.get(appKey)?.networks.size ?? 0) > 0;
		this.seen.set(appKey, { networks: new Map(), succeededAt: this.host.clock.now() });
		return had;
	}
}
