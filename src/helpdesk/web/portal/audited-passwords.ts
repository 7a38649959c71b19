import type { BlockList } from "node:net";
import {
	type EnteredAgain,
	type FinishRegistrationParts,
	finishRegistration,
	type LinkOpened,
	type RegistrationEnd,
} from "../../add-ons/finish-registration.ts";
import {
	accountToReset,
	type PasswordResetEnd,
	type PasswordResetParts,
	resetPassword,
} from "../../add-ons/reset-password.ts";
import { type DeedObject, type NewDeed, NOBODY } from "../../audit/audit-entry.ts";
import type { Audit } from "../../audit/open-audit.ts";
import type { Account } from "../../people/stored-account.ts";
import type { RefusalNotes } from "../refusal-notes.ts";
import { signIn } from "../signing-in.ts";
import type { Place } from "../visit.ts";
import { type PortalContext, visitorNetwork } from "./portal-visit.ts";

export interface AuditedPasswordParts {
	readonly audit: Pick<Audit, "trail">;
	readonly place: Place;
	readonly refusals: RefusalNotes;
	readonly trustedProxies: BlockList;
}

/** Logs a user in who has proven the account by its password. The entry is in the commit of the session. */
export function signInByPassword(
	c: PortalContext,
	{ audit, place, trustedProxies }: AuditedPasswordParts,
	account: Account,
): Promise<void> {
	const deed: NewDeed = {
		name: "user.log-in",
		actor: { kind: "user", id: account.id },
		network: visitorNetwork(c, trustedProxies),
	};
	return audit.trail.during(deed, () => signIn(c, place, account));
}

/** Sets a password by a link, as `resetPassword` does, and leaves an entry. */
export async function auditedReset(
	c: PortalContext,
	parts: AuditedPasswordParts & PasswordResetParts,
	reset: Parameters<typeof resetPassword>[1],
): Promise<PasswordResetEnd> {
	const account = await accountToReset(parts, reset.brand.id, reset.token);
	const deed = deedOf(c, parts, "user.reset-password", account?.id);
	return parts.audit.trail.during(
		deed,
		() => resetPassword(parts, reset),
		({ kind }) => (kind === "set" ? "done" : "refused"),
	);
}

/** Finishes a registration, as `finishRegistration` does, and leaves an entry. */
export async function auditedRegistration(
	c: PortalContext,
	parts: AuditedPasswordParts & FinishRegistrationParts,
	opened: LinkOpened,
	entered: EnteredAgain | undefined,
	disconnected: Parameters<typeof finishRegistration>[3],
): Promise<RegistrationEnd> {
	const pending = await parts.registrations.find(opened.brand.id, opened.token);
	const owner = pending && (await parts.accounts.byEmail(pending.brandId, pending.email));
	return parts.audit.trail.during(
		deedOf(c, parts, "user.register", owner?.id),
		() => finishRegistration(parts, opened, entered, disconnected),
		({ kind }) => (kind === "registered" ? "done" : "refused"),
	);
}

/** @param userId undefined: the deed makes the user. */
function deedOf(
	c: PortalContext,
	{ trustedProxies }: Pick<AuditedPasswordParts, "trustedProxies">,
	name: NewDeed["name"],
	userId: string | undefined,
): NewDeed {
	const object: DeedObject | undefined =
		userId === undefined ? undefined : { kind: "user", id: userId };
	return { name, actor: NOBODY, object, network: visitorNetwork(c, trustedProxies) };
}
