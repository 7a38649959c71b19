import { displayName } from "../../contract/display-name.ts";
import type { StorageKey, StorageValue } from "../../contract/storage.ts";
import type { User, UserStatus } from "../../contract/users.ts";
import { fieldsOf, isTextOrNull, isTime, type StoredKind } from "../../storage/stored-value.ts";
import { languageTag } from "../locale/locale.ts";
import { readPasskeys, type StoredPasskey } from "./passkeys/stored-passkey.ts";

export interface Account extends User {
	readonly confirmed: boolean;
	/** An e-mailed ticket made it, and nobody ever logged in to it. */
	readonly unclaimed: boolean;
	readonly hasPassword: boolean;
	/** Counts up when all sessions of the account end. */
	readonly sessionEpoch: number;
	/**
	 * When a way to log in was last taken from the account, because it was claimed or something was disconnected. A log-in
	 * that began until then may have read a link that is gone now. Milliseconds since the epoch; 0: never.
	 */
	readonly wayInEndedAt: number;
	/** How often the account has passed from somebody who may have set it up to the owner of its address. */
	readonly claimCount: number;
	/** Milliseconds since the epoch. Undefined: it was made before version 0.4.0. */
	readonly createdAt: number | undefined;
	/** See {@link StoredAccount.links}. */
	readonly links: readonly AccountLink[] | undefined;
	readonly passkeys: readonly StoredPasskey[];
}

/** An account at a provider that a user can log in with, as the helpdesk knows it. The add-on's own data decides. */
export type AccountLink = {
	readonly addOn: string;
	/** Of the identity, such as `x:2244994945`. */
	readonly id: string;
	/** Such as a handle. Safe to show. */
	readonly label: string;
};

export type StoredAccount = {
	readonly brandId: string;
	readonly name: string;
	/** Empty for a person without an address. */
	readonly email: string;
	readonly locale: string;
	/** Hashed. */
	readonly password: string | null;
	readonly phone: string | null;
	readonly confirmed: boolean;
	readonly unclaimed: boolean;
	readonly status: UserStatus;
	readonly sessionEpoch: number;
	/** See {@link Account.wayInEndedAt}. Records of version 0.2.0 have none. */
	readonly wayInEndedAt?: number;
	/** See {@link Account.claimCount}. Left out: 0. */
	readonly claimCount?: number;
	/** See {@link Account.createdAt}. */
	readonly createdAt?: number;
	/** What is linked to the account, see `keptLinks`. Left out: not known yet. */
	readonly links?: readonly AccountLink[];
	/** Left out: none. */
	readonly passkeys?: readonly StoredPasskey[];
	/** Which keys of the index the account has, see `indexPart`. Left out: it has none. */
	readonly indexed?: string;
	/** The last part of the key that maps a plugin's key to this account; null for an account that no plugin made. */
	readonly createdFor: string | null;
};

export const STATUSES: readonly UserStatus[] = [
	"active",
	"suspended",
	"awaiting-approval",
	"incomplete",
];

export const STORED_ACCOUNT: StoredKind<StoredAccount> = {
	name: "accounts/account",
	read: readAccount,
};

/** @param userId left out: the accounts of all users. */
export function accountKey(...userId: [] | [string]): StorageKey {
	return ["account", ...userId];
}

export function accountOf(id: string, stored: StoredAccount): Account {
	const { brandId, email, locale, status, confirmed, unclaimed, sessionEpoch } = stored;
	const hasPassword = stored.password !== null;
	const passkeys = stored.passkeys ?? [];
	return {
		id,
		brandId,
		// Versions before 0.3.0 stored names as they were typed.
		name: displayName(stored.name),
		email: email === "" ? null : email,
		// Versions before 0.3.0 stored a browser's tag as it was sent, such as `en-x`.
		locale: languageTag(locale) ?? "en",
		status,
		confirmed,
		unclaimed,
		hasPassword,
		hasOtherWayIn: hasWayIn(stored),
		sessionEpoch,
		accessEpoch: String(sessionEpoch),
		wayInEndedAt: stored.wayInEndedAt ?? 0,
		claimCount: stored.claimCount ?? 0,
		createdAt: stored.createdAt,
		links: stored.links,
		passkeys,
	};
}

/** Whether the user can log in without an account at a provider. */
export function hasWayIn({ password, passkeys = [] }: StoredAccount): boolean {
	return password !== null || passkeys.length > 0;
}

/**
 * An account whose owner has just proven to read mail at its address. Its password and its sessions end, because somebody
 * else may have set it up.
 */
export function provenAccount(stored: StoredAccount): StoredAccount {
	const sessionEpoch = stored.sessionEpoch + 1;
	return { ...stored, confirmed: true, unclaimed: false, password: null, sessionEpoch };
}

/**
 * A proven account that passes to another person. Nobody takes them for the one who had it before, whose passkeys no longer
 * open it.
 */
export function claimedAccount(stored: StoredAccount): StoredAccount {
	const { passkeys: _, ...kept } = provenAccount(stored);
	return { ...kept, claimCount: (stored.claimCount ?? 0) + 1 };
}

/** Keeps fields that a later version added. */
function readAccount(value: StorageValue): StoredAccount | undefined {
	const fields = fieldsOf(value);
	const { brandId, name, email, locale, password, confirmed, unclaimed } = fields;
	const { phone = null, sessionEpoch = 0, wayInEndedAt = 0 } = fields;
	const { claimCount = 0, createdFor = null } = fields;
	const facts = readFacts(fields);
	const status = STATUSES.find((each) => each === fields["status"]);
	if (
		typeof brandId !== "string" ||
		typeof name !== "string" ||
		typeof email !== "string" ||
		typeof locale !== "string" ||
		!isTextOrNull(password) ||
		!isTextOrNull(phone) ||
		typeof confirmed !== "boolean" ||
		typeof unclaimed !== "boolean" ||
		status === undefined ||
		typeof sessionEpoch !== "number" ||
		typeof wayInEndedAt !== "number" ||
		typeof claimCount !== "number" ||
		facts === undefined ||
		!isTextOrNull(createdFor)
	) {
		return undefined;
	}
	const about = { brandId, name, email, locale, password, phone, createdFor };
	const counted = { sessionEpoch, wayInEndedAt, claimCount };
	return { ...fields, ...about, ...counted, ...facts, confirmed, unclaimed, status };
}

/** The fields that earlier versions did not store. */
function readFacts({
	createdAt,
	links,
	indexed,
	passkeys,
}: Readonly<Record<string, StorageValue>>):
	| Pick<StoredAccount, "createdAt" | "links" | "indexed" | "passkeys">
	| undefined {
	const known = links === undefined ? [] : readLinks(links);
	const keys = passkeys === undefined ? [] : readPasskeys(passkeys);
	if (
		!(createdAt === undefined || isTime(createdAt)) ||
		!(indexed === undefined || typeof indexed === "string") ||
		known === undefined ||
		keys === undefined
	) {
		return undefined;
	}
	return {
		...(createdAt !== undefined && { createdAt }),
		...(links !== undefined && { links: known }),
		...(indexed !== undefined && { indexed }),
		...(passkeys !== undefined && { passkeys: keys }),
	};
}

function readLinks(value: StorageValue): readonly AccountLink[] | undefined {
	if (!Array.isArray(value)) {
		return undefined;
	}
	const links: AccountLink[] = [];
	for (const each of value) {
		const { addOn, id, label } = fieldsOf(each);
		if (typeof addOn !== "string" || typeof id !== "string" || typeof label !== "string") {
			return undefined;
		}
		links.push({ addOn, id, label });
	}
	return links;
}
