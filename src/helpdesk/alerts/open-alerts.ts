import type { Random } from "../../contract/random.ts";
import type { PublicHttp } from "../../ports/public-http.ts";
import type { Duty } from "../jobs/duties.ts";
import type { Vault } from "../settings/vault.ts";
import { AlertCalls } from "./alert-calls.ts";
import { AlertMail, type AlertMailParts } from "./alert-mail.ts";
import { WatchedBrands, type WatchedBrandsParts } from "./watched-brands.ts";
import { WebhookSettings } from "./webhook.ts";

const EVERY_MS = 60_000;

export interface AlertsParts extends WatchedBrandsParts, AlertMailParts {
	readonly addOns: WatchedBrandsParts["addOns"] & AlertMailParts["addOns"];
	readonly random: Random;
	readonly vault: Vault;
	readonly http: Pick<PublicHttp, "send" | "refusalOf">;
}

/** What watches the log-ins, and who is told when they fail. */
export interface Alerts {
	readonly watched: WatchedBrands;
	readonly webhook: WebhookSettings;
	readonly calls: AlertCalls;
	/** Says why an address is not called, as far as the address alone shows it. */
	readonly refusalOf: PublicHttp["refusalOf"];
	readonly duty: Duty;
}

export function openAlerts(parts: AlertsParts): Alerts {
	const watched = new WatchedBrands(parts);
	const webhook = new WebhookSettings(parts);
	const mail = new AlertMail(parts);
	const calls = new AlertCalls({ ...parts, webhook });
	return {
		...{ watched, webhook, calls },
		refusalOf: (url) => parts.http.refusalOf(url),
		duty: {
			name: "watch-log-ins",
			everyMs: EVERY_MS,
			run: async () => {
				const changed = await watched.judgeAll();
				// A mail server that is away must not hold up the webhook.
				const called = await calls.send();
				const written = await mail.send();
				return changed + called + written === 0
					? undefined
					: {
							key: "duty.alerts.done",
							values: { changed, letters: written, calls: called },
						};
			},
		},
	};
}
