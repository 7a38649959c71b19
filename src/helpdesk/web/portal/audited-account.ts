import type { BlockList } from "node:net";
import type { DeedObject } from "../../audit/audit-entry.ts";
import type { DeedName } from "../../audit/deeds.ts";
import type { Audit } from "../../audit/open-audit.ts";
import type { Account } from "../../people/stored-account.ts";
import { type PortalContext, visitorNetwork } from "./portal-visit.ts";

export interface AuditedAccountParts {
	readonly audit: Pick<Audit, "trail">;
	readonly trustedProxies: BlockList;
}

type Answer<Parts> = (c: PortalContext, parts: Parts, account: Account) => Promise<Response>;

/** The same answer, whose deed of a user who is logged in leaves an entry. */
export function audited<Parts>(
	name: DeedName,
	answer: Answer<Parts>,
	objectOf?: (c: PortalContext) => DeedObject | undefined,
): Answer<Parts & AuditedAccountParts> {
	return (c, parts, account) =>
		parts.audit.trail.during(
			{
				name,
				actor: { kind: "user", id: account.id },
				object: objectOf?.(c),
				network: visitorNetwork(c, parts.trustedProxies),
			},
			() => answer(c, parts, account),
			({ status }) => (status >= 500 ? "failed" : status >= 400 ? "refused" : "done"),
		);
}
