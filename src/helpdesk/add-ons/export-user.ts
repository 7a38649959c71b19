import type { StorageValue } from "../../contract/storage.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { isOfOthers } from "../audit/forget-networks.ts";
import type { BrandHandOffs } from "../hand-off/open-hand-offs.ts";
import { agreementsOf } from "../openid/agreements.ts";
import type { OpenIdProviders } from "../openid/open-openid.ts";
import { subjectOf } from "../openid/subject.ts";
import type { Accounts } from "../people/accounts.ts";
import type { Account } from "../people/stored-account.ts";
import type { UserSessions } from "../people/user-sessions.ts";
import type { AddOns } from "./add-ons.ts";

/** The most entries of the audit trail by the user, and as many again about them. */
const MOST_ENTRIES = 500;

/** What the helpdesk and its add-ons keep about a user, for the user to read. */
export interface UserExport
	extends Pick<Account, "id" | "brandId" | "name" | "email" | "locale" | "status" | "confirmed"> {
	/** The connected helpdesks that the user has agreed to send data to. */
	readonly connectedHelpdesks: readonly {
		readonly name: string;
		readonly address: string;
		/** ISO 8601. */
		readonly agreedAt: string;
	}[];
	/** The newest log-ins that are stored, by browser. */
	readonly sessions: readonly {
		readonly browser: string | null;
		readonly system: string | null;
		readonly network: string | null;
		/** ISO 8601. */
		readonly since: string;
	}[];
	/** The passkeys that open the account, without their keys. */
	readonly passkeys: readonly {
		readonly browser: string | null;
		readonly system: string | null;
		/** The host name that it works at. */
		readonly madeFor: string;
		/** ISO 8601. */
		readonly addedAt: string;
		/** ISO 8601. Null: never. */
		readonly usedAt: string | null;
	}[];
	/** What the audit trail holds about the user, the newest first. Of what operators did it names no operator. */
	readonly auditTrail: readonly {
		/** ISO 8601. */
		readonly at: string;
		readonly deed: string;
		/** Where the user came from. Null also for strangers who tried the account's password: that is data about them. */
		readonly network: string | null;
	}[];
	/** What each add-on keeps, by its id; null for nothing. */
	readonly plugins: Readonly<Record<string, StorageValue>>;
}

/**
 * Exports a user's data, that of deactivated add-ons included.
 *
 * @returns undefined when there is no such user.
 * @throws Error when an add-on cannot be used or refuses.
 */
export async function exportUser(
	{
		accounts,
		addOns,
		openid,
		handOffs,
		userSessions,
		audit,
	}: {
		readonly accounts: Pick<Accounts, "find">;
		readonly addOns: AddOns;
		readonly openid: Pick<OpenIdProviders, "storedAt">;
		readonly handOffs: Pick<BrandHandOffs, "of">;
		readonly userSessions: Pick<UserSessions, "of">;
		readonly audit: { readonly log: Pick<AuditLog, "page"> };
	},
	userId: string,
): Promise<UserExport | undefined> {
	const user = await accounts.find(userId);
	if (user === undefined) {
		return undefined;
	}
	const { id, brandId, name, email, locale, status, confirmed } = user;
	const plugins: Record<string, StorageValue> = {};
	for (const { plugin, loaded } of await addOns.every()) {
		plugins[loaded.manifest.id] = await plugin.exportUserData(id);
	}
	const { helpdesks, consents } = openid.storedAt(brandId);
	const agreements = await agreementsOf(
		{ helpdesks: [helpdesks, handOffs.of(brandId).helpdesks], consents },
		subjectOf(user),
	);
	const connectedHelpdesks = agreements.map(({ name, address, at }) => ({
		...{ name, address },
		agreedAt: new Date(at).toISOString(),
	}));
	const about = { id, brandId, name, email, locale, status, confirmed };
	const sessions = (await userSessions.of(brandId, id)).map(({ device, openedAt }) => ({
		...device,
		since: new Date(openedAt).toISOString(),
	}));
	const passkeys = user.passkeys.map(({ browser, system, rpId, addedAt, usedAt }) => ({
		...{ browser, system, madeFor: rpId },
		addedAt: new Date(addedAt).toISOString(),
		usedAt: usedAt === null ? null : new Date(usedAt).toISOString(),
	}));
	const auditTrail = await trailOf(audit, id);
	return { ...about, connectedHelpdesks, sessions, passkeys, auditTrail, plugins };
}

async function trailOf(
	{ log }: { readonly log: Pick<AuditLog, "page"> },
	userId: string,
): Promise<UserExport["auditTrail"]> {
	const filters = [{ actor: userId }, { object: userId }];
	const pages = await Promise.all(
		filters.map((filter) => log.page(filter, undefined, MOST_ENTRIES)),
	);
	const found = pages.flatMap(({ entries }) => entries.map((entry) => [entry.id, entry] as const));
	return [...new Map(found).values()]
		.sort((one, other) => other.at - one.at)
		.map(({ at, deed, network, actor }) => ({
			at: new Date(at).toISOString(),
			deed,
			network: isOfOthers(actor) || deed === "user.log-in-failed" ? null : network,
		}));
}
