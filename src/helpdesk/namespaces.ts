import type { StorageKey } from "../contract/storage.ts";

/**
 * Every place in the helpdesk's storage, named here and nowhere else. Data of every version lies under these names, so
 * none of them ever changes.
 */
export const NAMESPACES = {
	operators: ["operators"],
	/** Invitations of operators. Each expires within three days. */
	operatorInvitations: ["operator-invitations"],
	/** The last codes of operators' second factors that counted, and counts of tries. Each expires within an hour. */
	operatorCodes: ["operator-codes"],
	/** Challenges that passkeys have answered. Each expires within an hour. */
	passkeyChallenges: ["passkey-challenges"],
	/** Codes on their way to new addresses of operators, and counts of them. Each expires within an hour. */
	operatorAddressCodes: ["operator-address-codes"],
	/** The brands in storage, notes about configured ones, and how brands look. */
	brands: ["brands"],
	/** The logos of brands. Those who list the brands do not read them. */
	brandLogos: ["brand-logos"],
	/** Where the administration was at the last start. */
	administration: ["administration"],
	registration: ["registration"],
	accounts: ["accounts"],
	outbox: ["outbox"],
	/** Keys that lead to letters: earlier versions read {@link NAMESPACES.outbox} as a whole. */
	mailIndex: ["mail-index"],
	/** Texts of letters that have ended, sealed. Each expires when its letter ceases to be of use. */
	letterTexts: ["letter-texts"],
	/** The mail server that owners have set. */
	mailServer: ["mail-server"],
	passwordResets: ["password-resets"],
	/** Counts of guesses at passwords. Each expires within a minute. */
	passwordGuesses: ["password-guesses"],
	/** Registrations until the link in the letter is opened. */
	pendingRegistrations: ["pending-registrations"],
	/** Codes on their way to the addresses of logged-in users, and counts of them. Each expires within an hour. */
	addressProofs: ["address-proofs"],
	/** Counts of forms and letters. Each expires within an hour. */
	requestCounts: ["request-counts"],
	/** Reading it shows whether the storage answers. Nothing is stored here. */
	health: ["health"],
	installedPackages: ["packages", "installed"],
	reviewedPackages: ["packages", "review"],
	/** Background work: what is to do, how far it is, and which node does it. Each entry expires. */
	jobs: ["jobs"],
	/** Files of imports and exports, in parts. Each entry expires. */
	files: ["files"],
	/** The states of all plugins; {@link pluginStateOf} is the place of one. */
	pluginStates: ["plugin-state"],
	/** Who did what in the administration, at the command line and by a password. A restore keeps it as it was backed up. */
	audit: ["audit"],
	/** Where alerts about log-ins go besides e-mail, and what became of the last one. */
	alerts: ["alerts"],
	/** Alerts that somebody has still to be told. Each expires within a day. */
	alertEvents: ["alert-events"],
} as const satisfies Readonly<Record<string, StorageKey>>;

const SESSIONS = "sessions";
const PLUGIN_DATA = "plugin-data";
const PLUGIN_SETTINGS = "plugin-settings";
const SET_UP_TESTS = "set-up-tests";

/** Those of all brands; {@link sessionsOf} is the place of one. */
export const ALL_SESSIONS = [SESSIONS] as const;
/** What all plugins store themselves; {@link pluginDataOf} is the place of one. */
export const ALL_PLUGIN_DATA = [PLUGIN_DATA] as const;
/** Those of all plugins; {@link pluginSettingsOf} is the place of one. */
export const ALL_PLUGIN_SETTINGS = [PLUGIN_SETTINGS] as const;
/** Those of all plugins; {@link setUpTestsOf} is the place of one. */
export const ALL_SET_UP_TESTS = [SET_UP_TESTS] as const;

/** Sessions of one brand's portal or administration. */
export function sessionsOf(role: "portal" | "admin", brandId: string): StorageKey {
	return [...ALL_SESSIONS, role, brandId];
}

const OPENID = "openid";
/** Those of all brands; {@link openidRecordsOf} is the place of one. */
export const OPENID_RECORDS = [OPENID, "records"] as const;
/** Those of all brands; {@link openidKeysOf} is the place of one. */
export const OPENID_KEYS = [OPENID, "keys"] as const;
/** Those of all brands; {@link connectedHelpdesksOf} is the place of one. */
export const OPENID_HELPDESKS = [OPENID, "helpdesks"] as const;

/** The requests, codes, tokens, grants and sessions of a brand's OpenID Provider. Each of them expires. */
export function openidRecordsOf(brandId: string): StorageKey {
	return [...OPENID_RECORDS, brandId];
}

/** The messages to connected helpdesks that sessions have ended. Each of them expires. */
export const OPENID_LOG_OUTS = [OPENID, "log-outs"] as const;

const OPENID_TESTS = [OPENID, "tests"] as const;

/** Tests of connected helpdesks that operators have begun. Each expires within an hour. */
export function helpdeskTests(): StorageKey {
	return OPENID_TESTS;
}

/** The keys that a brand's OpenID Provider signs with. */
export function openidKeysOf(brandId: string): StorageKey {
	return [...OPENID_KEYS, brandId];
}

/** The helpdesks that a brand's users log in to through its OpenID Provider. */
export function connectedHelpdesksOf(brandId: string): StorageKey {
	return [...OPENID_HELPDESKS, brandId];
}

/** Those of all brands; {@link consentsOf} is the place of one. */
export const OPENID_CONSENTS = [OPENID, "consents"] as const;

/** Which users of a brand have agreed that their data goes to which connected helpdesk. */
export function consentsOf(brandId: string): StorageKey {
	return [...OPENID_CONSENTS, brandId];
}

/** Those of all brands; {@link handOffHelpdesksOf} is the place of one. */
export const HAND_OFF_HELPDESKS = ["hand-off", "helpdesks"] as const;

/** The helpdesks that a brand hands its users over to by a signed token. */
export function handOffHelpdesksOf(brandId: string): StorageKey {
	return [...HAND_OFF_HELPDESKS, brandId];
}

/** Whether a plugin is installed and active, and in which version. */
export function pluginStateOf(pluginId: string): StorageKey {
	return [...NAMESPACES.pluginStates, pluginId];
}

/** What a plugin stores itself. */
export function pluginDataOf(pluginId: string): StorageKey {
	return [...ALL_PLUGIN_DATA, pluginId];
}

export function pluginSettingsOf(pluginId: string): StorageKey {
	return [...ALL_PLUGIN_SETTINGS, pluginId];
}

/** The last test of each brand's set-up. */
export function setUpTestsOf(pluginId: string): StorageKey {
	return [...ALL_SET_UP_TESTS, pluginId];
}

/** The sign-in ledger. */
export function signInsOf(pluginId: string): StorageKey {
	return ["sign-ins", pluginId];
}

/** All that the helpdesk deletes when a plugin is uninstalled with its data. */
export function deletedWith(pluginId: string): readonly StorageKey[] {
	return [pluginDataOf, pluginSettingsOf, setUpTestsOf, signInsOf].map((place) => place(pluginId));
}

/**
 * A restore leaves out the entries below these that expire: sessions, invitations, used codes and new addresses of operators,
 * used challenges of passkeys, texts of letters that have ended, links to set a password or finish registering, codes that prove an address, a plugin's log-ins,
 * forms and codes, counts of guesses, forms and letters, what the OpenID Providers have granted, background work with its files, and alerts on their way. They may have ended or been used since the backup.
 */
export const NOT_RESTORED: readonly StorageKey[] = [
	ALL_SESSIONS,
	NAMESPACES.operatorInvitations,
	NAMESPACES.operatorCodes,
	NAMESPACES.passkeyChallenges,
	NAMESPACES.operatorAddressCodes,
	NAMESPACES.letterTexts,
	NAMESPACES.passwordResets,
	NAMESPACES.passwordGuesses,
	NAMESPACES.pendingRegistrations,
	NAMESPACES.addressProofs,
	NAMESPACES.requestCounts,
	ALL_PLUGIN_DATA,
	OPENID_RECORDS,
	OPENID_LOG_OUTS,
	OPENID_TESTS,
	NAMESPACES.jobs,
	NAMESPACES.files,
	NAMESPACES.alertEvents,
];
