import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../../injection.ts";

/** Networks stand for visitors: without a profile nobody is named. */
const SEVERAL = 3;
const WINDOW_MS = 10 * 60_000;

/**
 * The networks whose visitors the provider refused in the last ten minutes, without a success since. It is in memory, so
 * each node has its own and no address is stored.
 */
@injectable()
export class RefusedNetworks {
	private readonly times = new Map<string, Map<string, number>>();

	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** Adds one. @returns whether they are enough to speak of the provider and not of a visitor. */
	areSeveral(brandId: string, network: string): boolean {
		const now = this.host.clock.now();
		const recent = [...(this.times.get(brandId) ?? [])].filter(([, at]) => now - at < WINDOW_MS);
		const next = new Map([...recent, [network, now] as const].slice(-SEVERAL));
		this.times.set(brandId, next);
		return next.size === SEVERAL;
	}

	/** @returns whether there were any. */
	forget(brandId: string): boolean {
		return this.times.delete(brandId);
	}
}
