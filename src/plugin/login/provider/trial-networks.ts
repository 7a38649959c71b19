import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../../injection.ts";

const MOST = 1000;

/**
 * The networks that have tried OAuth 2.0 again lately, so that none of them uses up the trials of the others by log-ins
 * that it never finishes. It is in memory, so each node has its own and no address is stored.
 */
@injectable()
export class TrialNetworks {
	private readonly times = new Map<string, number>();

	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	has(network: string, withinMs: number): boolean {
		const at = this.times.get(network);
		return at !== undefined && this.host.clock.now() - at < withinMs;
	}

	add(network: string): void {
		this.times.delete(network);
		this.times.set(network, this.host.clock.now());
		for (const oldest of [...this.times.keys()].slice(0, -MOST)) {
			this.times.delete(oldest);
		}
	}
}
