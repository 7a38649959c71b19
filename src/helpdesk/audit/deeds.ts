import type { StorageKey } from "../../contract/storage.ts";
import {
	ALL_PLUGIN_DATA,
	ALL_PLUGIN_SETTINGS,
	ALL_SESSIONS,
	ALL_SET_UP_TESTS,
	HAND_OFF_HELPDESKS,
	NAMESPACES,
	OPENID_CONSENTS,
	OPENID_HELPDESKS,
	OPENID_KEYS,
	OPENID_RECORDS,
} from "../namespaces.ts";

/** The sides that deeds are counted by, so that many of one side push out none of another. */
export const SHELVES = ["operators", "users", "failures"] as const;
export type Shelf = (typeof SHELVES)[number];

/**
 * How a deed gets its entry. `commit`: the deed is one commit, and the entry is part of it. `steps`: the deed is several
 * commits, and the entry is part of the first one; its end is noted. `outside`: the deed has effects outside the storage, so
 * the entry comes before all of it; its end is noted. `read`: the deed changes nothing, and the entry comes before the
 * answer.
 *
 * A deed that starts a job is done by the job, whatever its form: the entry is in the commit that stores the job.
 */
type DeedForm = "commit" | "steps" | "outside" | "read";

export interface DeedKind {
	/** A sentence without its subject, for operators. */
	readonly words: string;
	readonly form: DeedForm;
	readonly shelf: Shelf;
	/** Where the commits of the deed write. A commit of any other place, such as a count, is none of its. */
	readonly places: readonly StorageKey[];
	/** The place of the object that the deed makes, where its id is known only with the commit. Null stands for any part. */
	readonly makes?: { readonly kind: ObjectKind; readonly below: readonly (string | null)[] };
}

export type ObjectKind =
	| "user"
	| "operator"
	| "add-on"
	| "package"
	| "brand"
	| "job"
	| "letter"
	| "connected-helpdesk";

const ACCOUNTS = [...NAMESPACES.accounts, "account"];
const JOBS = [...NAMESPACES.jobs, "job"];
/** Where an add-on, its settings and its links are. */
const ADD_ONS = [NAMESPACES.pluginStates, ALL_PLUGIN_DATA, ALL_PLUGIN_SETTINGS, JOBS];
const WEBHOOK = [...NAMESPACES.alerts, "webhook"];
const HELPDESKS = [OPENID_HELPDESKS, HAND_OFF_HELPDESKS];

function byOperators(
	words: string,
	form: DeedForm,
	...places: readonly StorageKey[]
): DeedKind & { readonly shelf: "operators" } {
	return { words, form, shelf: "operators", places };
}

function byUsers(words: string, form: DeedForm, ...places: readonly StorageKey[]): DeedKind {
	return { words, form, shelf: "users", places };
}

function failure(words: string): DeedKind {
	return { words, form: "read", shelf: "failures", places: [] };
}

const NEW_USER = { kind: "user", below: ACCOUNTS } as const;
const NEW_HELPDESK = {
	kind: "connected-helpdesk",
	// The part in between is the brand.
	below: [null, "helpdesks", null, "helpdesk"],
} as const;

/** The name of each deed is stored, so none ever changes. */
export const DEEDS = {
	"operator.log-in": byOperators("Logged in to the administration", "commit", ALL_SESSIONS),
	"operator.log-in-failed": failure("Did not log in to the administration"),
	"operator.role-refused": failure("Asked for what their role does not allow"),
	"operator.proof-missing": failure("An operator was asked to prove again who they are"),
	"operator.form-refused": failure("A form of the administration was refused"),
	"operator.address-code-failed": failure("Did not change their e-mail address"),
	"operator.invitation-failed": failure("Did not accept an invitation"),
	"operator.log-out": byOperators("Logged out of the administration", "commit", ALL_SESSIONS),
	"operator.end-session": byOperators(
		"Ended a session of their own in the administration",
		"commit",
		ALL_SESSIONS,
	),
	"operator.end-sessions": byOperators(
		"Logged out of the administration everywhere else",
		"commit",
		NAMESPACES.operators,
	),
	"operator.prove": byOperators("Proved again who they are", "commit", ALL_SESSIONS),
	"operator.invite": byOperators("Invited an operator", "commit", NAMESPACES.operatorInvitations),
	"operator.withdraw-invitation": byOperators(
		"Withdrew an invitation",
		"commit",
		NAMESPACES.operatorInvitations,
	),
	"operator.accept": byOperators("Accepted an invitation", "commit", NAMESPACES.operators),
	"operator.change-role": byOperators("Changed a role", "commit", NAMESPACES.operators),
	"operator.put-out": byOperators(
		"Logged an operator out everywhere",
		"commit",
		NAMESPACES.operators,
	),
	"operator.remove": byOperators("Removed an operator", "commit", NAMESPACES.operators),
	"operator.change-own": byOperators("Changed their own password", "steps", NAMESPACES.operators),
	"operator.ask-address-code": byOperators(
		"Asked for a code to change their e-mail address",
		"commit",
		[...NAMESPACES.operatorAddressCodes, "pending"],
	),
	"operator.change-address": byOperators(
		"Changed their e-mail address",
		"commit",
		NAMESPACES.operators,
	),
	"operator.set-up-second-factor": byOperators(
		"Set up a second factor",
		"commit",
		NAMESPACES.operators,
	),
	"operator.turn-off-second-factor": byOperators(
		"Turned off their second factor",
		"commit",
		NAMESPACES.operators,
	),
	"operator.add-passkey": byOperators(
		"Added a passkey for the administration",
		"commit",
		NAMESPACES.operators,
	),
	"operator.remove-passkey": byOperators(
		"Removed a passkey for the administration",
		"commit",
		NAMESPACES.operators,
	),
	"operator.renew-recovery-codes": byOperators(
		"Made new recovery codes",
		"commit",
		NAMESPACES.operators,
	),
	"operator.use-recovery-code": byOperators("Used a recovery code", "commit", NAMESPACES.operators),
	"operator.require-second-factor": byOperators(
		"Changed who needs a second factor",
		"commit",
		NAMESPACES.operators,
	),
	"operator.choose-alerts": byOperators(
		"Chose whether they get alerts",
		"commit",
		NAMESPACES.operators,
	),
	"alerts.set-webhook": byOperators("Changed where alerts are sent", "commit", WEBHOOK),
	"alerts.remove-webhook": byOperators("Removed the webhook of alerts", "commit", WEBHOOK),
	"alerts.test-webhook": byOperators("Tested the webhook of alerts", "outside"),
	"user.log-in": byUsers("Logged in with a password", "commit", ALL_SESSIONS),
	"user.log-in-failed": failure("Did not log in with a password or a passkey"),
	"user.proof-missing": failure("A user was asked to prove again who they are"),
	"user.form-refused": failure("A form of a portal was refused"),
	"user.address-code-failed": failure("Did not prove an e-mail address"),
	"user.link-failed": failure("Opened a link from an e-mail that no longer works"),
	"user.limit-reached": failure("Had to wait after too many requests"),
	"user.log-in-by-passkey": byUsers("Logged in with a passkey", "commit", ALL_SESSIONS),
	"user.add-passkey": byUsers("Added a passkey", "commit", ACCOUNTS),
	"user.remove-passkey": byUsers("Removed a passkey", "commit", ACCOUNTS),
	"user.register": {
		...byUsers("Registered with a password", "steps", ACCOUNTS, ALL_PLUGIN_DATA),
		makes: NEW_USER,
	},
	"user.reset-password": {
		...byUsers("Set a password by a link in an e-mail", "steps", ACCOUNTS, ALL_PLUGIN_DATA),
		makes: NEW_USER,
	},
	"user.end-session": byUsers(
		"Ended a session of their own",
		"steps",
		ALL_SESSIONS,
		OPENID_RECORDS,
	),
	"user.end-sessions": byUsers("Logged out everywhere else", "commit", ACCOUNTS),
	"user.log-out-everywhere": byUsers("Logged out everywhere", "commit", ACCOUNTS),
	"user.disconnect": byUsers("Disconnected a linked account", "steps", ACCOUNTS, ALL_PLUGIN_DATA),
	"user.withdraw": byUsers(
		"Withdrew the agreement with a connected helpdesk",
		"steps",
		OPENID_CONSENTS,
		OPENID_RECORDS,
	),
	"user.prove-address": byUsers("Proved an e-mail address by a code", "commit", ACCOUNTS),
	"user.add": { ...byOperators("Added a user", "commit", ACCOUNTS), makes: NEW_USER },
	"user.activate": byOperators("Let a user log in", "commit", ACCOUNTS),
	"user.put-out": byOperators("Logged a user out everywhere", "commit", ACCOUNTS),
	"user.end-one-session": byOperators(
		"Ended a session of a user",
		"steps",
		ALL_SESSIONS,
		OPENID_RECORDS,
	),
	"user.unlink": byOperators(
		"Disconnected a linked account of a user",
		"steps",
		ACCOUNTS,
		ALL_PLUGIN_DATA,
	),
	"user.suspend": byOperators("Suspended a user", "commit", ACCOUNTS),
	"user.delete": byOperators("Deleted a user", "steps", JOBS),
	"user.merge": byOperators("Merged a user into another", "steps", JOBS),
	"user.export": byOperators("Downloaded the data of a user", "outside"),
	"user.expire": byOperators("Deleted unused accounts", "steps", JOBS),
	"sign-ins.export": byOperators("Downloaded the sign-ins", "outside"),
	"links.export": byOperators("Downloaded links", "outside"),
	"links.prepare-export": byOperators("Prepared a file of links", "steps", JOBS),
	"links.import": byOperators("Tried or imported links", "steps", JOBS),
	"links.delete-list": byOperators("Deleted a list of links", "steps", JOBS),
	"keys.change": byOperators("Changed settings or keys", "commit", ALL_PLUGIN_SETTINGS),
	"keys.test": byOperators("Tested the set-up", "outside", ALL_SET_UP_TESTS),
	"brand.switch": byOperators("Switched an add-on on or off at brands", "steps", ...ADD_ONS),
	"registration.change": byOperators("Changed who may register", "steps", NAMESPACES.registration),
	"brand.add": byOperators("Added a brand in the administration", "commit", NAMESPACES.brands),
	"brand.change": byOperators(
		"Changed the name, language or time zone of a brand",
		"commit",
		NAMESPACES.brands,
	),
	"brand.change-links": byOperators("Changed the links of a brand", "commit", NAMESPACES.brands),
	"brand.change-look": byOperators("Changed how a brand looks", "commit", NAMESPACES.brands),
	"brand.change-texts": byOperators("Changed what a brand says", "commit", NAMESPACES.brands),
	"brand.change-address": byOperators(
		"Changed the address of a brand",
		"commit",
		NAMESPACES.brands,
	),
	"brand.retire": byOperators("Retired a brand", "steps", JOBS),
	"mailbox.read": byOperators("Read outgoing e-mail", "read"),
	"mailbox.resend": byOperators("Sent an e-mail again", "commit", NAMESPACES.outbox),
	"mailbox.delete": byOperators("Deleted an outgoing e-mail", "commit", NAMESPACES.outbox),
	"mail-server.change": byOperators("Changed the mail server", "commit", NAMESPACES.mailServer),
	"mail-server.test": byOperators("Sent a test e-mail", "outside"),
	"mail-server.remove": byOperators("Removed the mail server", "commit", NAMESPACES.mailServer),
	"add-on.upload": byOperators("Chose an add-on to review", "commit", NAMESPACES.reviewedPackages),
	"add-on.install": byOperators("Installed or upgraded an add-on", "outside"),
	"add-on.roll-back": byOperators("Rolled an add-on back", "outside"),
	"add-on.discard": byOperators("Discarded a broken add-on", "steps", ...ADD_ONS),
	"add-on.remove": byOperators("Removed an add-on", "commit", NAMESPACES.pluginStates),
	"add-on.activate": byOperators("Activated an add-on", "outside"),
	"add-on.deactivate": byOperators("Deactivated an add-on", "steps", ...ADD_ONS),
	"add-on.reinstall": byOperators("Installed an add-on again", "steps", ...ADD_ONS),
	"add-on.uninstall": byOperators("Uninstalled an add-on", "steps", ...ADD_ONS),
	"add-on.delete-data": byOperators("Deleted the kept data of an add-on", "steps", ...ADD_ONS),
	"connected-helpdesk.add": {
		...byOperators("Connected a helpdesk", "steps", ...HELPDESKS),
		makes: NEW_HELPDESK,
	},
	"connected-helpdesk.change": byOperators("Changed a connected helpdesk", "steps", ...HELPDESKS),
	"connected-helpdesk.renew-secret": byOperators(
		"Renewed the secret of a connected helpdesk",
		"commit",
		OPENID_HELPDESKS,
	),
	"connected-helpdesk.remove": byOperators("Removed a connected helpdesk", "steps", JOBS),
	"connected-helpdesk.check": byOperators("Checked a connected helpdesk", "outside"),
	"job.start": byOperators("Started a job", "steps", JOBS),
	"job.cancel": byOperators("Cancelled a job", "commit", [...NAMESPACES.jobs, "cancel"]),
	"job.again": byOperators("Started a failed job again", "steps", JOBS),
	"job.download": byOperators("Downloaded the file of a job", "outside"),
	"audit.export": byOperators("Downloaded the audit trail", "outside"),
	"audit.change": byOperators("Changed how long the audit trail is kept", "commit", [
		...NAMESPACES.audit,
		"settings",
	]),
	"command.brand-add": byOperators("Added a brand", "commit", NAMESPACES.brands),
	"command.brand-change": byOperators("Changed a brand", "commit", NAMESPACES.brands),
	"command.brand-remove": byOperators("Removed a brand", "steps", NAMESPACES.brands, JOBS),
	"command.rotate-keys": byOperators("Made new signing keys", "steps", OPENID_KEYS),
	"command.repair-people": byOperators("Counted all people again", "steps", JOBS),
	"command.operator": byOperators(
		"Changed operators at the command line",
		"steps",
		NAMESPACES.operators,
	),
	"command.back-up": byOperators("Took a backup", "outside"),
	"command.restore": byOperators("Restored a backup", "read"),
} as const satisfies Readonly<Record<string, DeedKind>>;

export type DeedName = keyof typeof DEEDS;

export function isDeedName(name: unknown): name is DeedName {
	return typeof name === "string" && Object.hasOwn(DEEDS, name);
}

export function kindOf(name: DeedName): DeedKind {
	return DEEDS[name];
}
