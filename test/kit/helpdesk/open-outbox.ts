import type { Clock } from "../../../src/contract/clock.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { Deliver } from "../../../src/helpdesk/mail/letter-delivery.ts";
import { Outbox } from "../../../src/helpdesk/mail/outbox.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";

/**
 * An outbox.
 *
 * @param deliver undefined: there is no mail server.
 * @param most the most letters that are kept.
 */
export function outboxIn(
	storage: HostStorage,
	clock: Clock,
	deliver: Deliver | undefined,
	report: (what: string, error: unknown) => void,
	most?: number,
): Outbox {
	return new Outbox({
		...{ storage, clock, report },
		route: async () => deliver,
		vault: new Vault([new Uint8Array(32)]),
		...(most !== undefined && { most }),
	});
}
