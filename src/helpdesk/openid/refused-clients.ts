import type { Provider } from "oidc-provider";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";

const HOUR_MS = 60 * 60_000;

/**
 * Says in the log that a connected helpdesk could not prove that it is itself (RFC 6749, section 5.2), most likely because an
 * administrator has pasted its secret wrongly. Strangers can cause this, too, so of a helpdesk's failures within an hour the
 * first, the tenth, the hundredth and so on have a line.
 */
export class RefusedClients {
	private hour = 0;
	private readonly counts = new Map<string, number>();

	constructor(
		private readonly brandId: string,
		private readonly clock: Clock,
		private readonly log: (event: PluginEvent) => void,
	) {}

	/** Counts what the token endpoint of a provider refuses. A client that there is not has no count, and no line. */
	watch(provider: Pick<Provider, "on">): void {
		provider.on("grant.error", ({ oidc: { client } }, { error, error_detail: why = "" }) => {
			if (error === "invalid_client" && client !== undefined) {
				this.count(client.clientId, why);
			}
		});
	}

	/** @param why what was wrong, without the secret. */
	private count(clientId: string, why: string): void {
		const hour = Math.floor(this.clock.now() / HOUR_MS);
		if (hour !== this.hour) {
			this.hour = hour;
			this.counts.clear();
		}
		const count = (this.counts.get(clientId) ?? 0) + 1;
		this.counts.set(clientId, count);
		if (Number.isInteger(Math.log10(count))) {
			this.log({
				name: "openid.client-refused",
				level: "warn",
				message:
					"a connected helpdesk could not prove that it is itself, so nobody is logged in there; compare its client ID and secret with those in Connected helpdesks",
				brandId: this.brandId,
				fields: { helpdesk: clientId, why, count },
			});
		}
	}
}
