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
	form: DeedForm,
	...places: readonly StorageKey[]
): DeedKind & { readonly shelf: "operators" } {
	return { form, shelf: "operators", places };
}

function byUsers(form: DeedForm, ...places: readonly StorageKey[]): DeedKind {
	return { form, shelf: "users", places };
}

const FAILURE: DeedKind = { form: "read", shelf: "failures", places: [] };

const NEW_USER = { kind: "user", below: ACCOUNTS } as const;
const NEW_HELPDESK = {
	kind: "connected-helpdesk",
	// The part in between is the brand.
	below: [null, "helpdesks", null, "helpdesk"],
} as const;

/** The name of each deed is stored, so none ever changes. Texts of the administration say it in words, below `audit.deed`. */
export const DEEDS = {
	"operator.log-in": byOperators("commit", ALL_SESSIONS),
	"operator.log-in-failed": FAILURE,
	"operator.role-refused": FAILURE,
	"operator.proof-missing": FAILURE,
	"operator.form-refused": FAILURE,
	"operator.address-code-failed": FAILURE,
	"operator.invitation-failed": FAILURE,
	"operator.log-out": byOperators("commit", ALL_SESSIONS),
	"operator.end-session": byOperators("commit", ALL_SESSIONS),
	"operator.end-sessions": byOperators("commit", NAMESPACES.operators),
	"operator.prove": byOperators("commit", ALL_SESSIONS),
	"operator.invite": byOperators("commit", NAMESPACES.operatorInvitations),
	"operator.withdraw-invitation": byOperators("commit", NAMESPACES.operatorInvitations),
	"operator.accept": byOperators("commit", NAMESPACES.operators),
	"operator.change-role": byOperators("commit", NAMESPACES.operators),
	"operator.put-out": byOperators("commit", NAMESPACES.operators),
	"operator.remove": byOperators("commit", NAMESPACES.operators),
	"operator.change-own": byOperators("steps", NAMESPACES.operators),
	"operator.ask-address-code": byOperators("commit", [
		...NAMESPACES.operatorAddressCodes,
		"pending",
	]),
	"operator.change-address": byOperators("commit", NAMESPACES.operators),
	"operator.set-up-second-factor": byOperators("commit", NAMESPACES.operators),
	"operator.turn-off-second-factor": byOperators("commit", NAMESPACES.operators),
	"operator.add-passkey": byOperators("commit", NAMESPACES.operators),
	"operator.remove-passkey": byOperators("commit", NAMESPACES.operators),
	"operator.renew-recovery-codes": byOperators("commit", NAMESPACES.operators),
	"operator.use-recovery-code": byOperators("commit", NAMESPACES.operators),
	"operator.require-second-factor": byOperators("commit", NAMESPACES.operators),
	"operator.choose-alerts": byOperators("commit", NAMESPACES.operators),
	"alerts.set-webhook": byOperators("commit", WEBHOOK),
	"alerts.remove-webhook": byOperators("commit", WEBHOOK),
	"alerts.test-webhook": byOperators("outside"),
	"user.log-in": byUsers("commit", ALL_SESSIONS),
	"user.log-in-failed": FAILURE,
	"user.proof-missing": FAILURE,
	"user.form-refused": FAILURE,
	"user.address-code-failed": FAILURE,
	"user.link-failed": FAILURE,
	"user.limit-reached": FAILURE,
	"user.log-in-by-passkey": byUsers("commit", ALL_SESSIONS),
	"user.add-passkey": byUsers("commit", ACCOUNTS),
	"user.remove-passkey": byUsers("commit", ACCOUNTS),
	"user.register": {
		...byUsers("steps", ACCOUNTS, ALL_PLUGIN_DATA),
		makes: NEW_USER,
	},
	"user.reset-password": {
		...byUsers("steps", ACCOUNTS, ALL_PLUGIN_DATA),
		makes: NEW_USER,
	},
	"user.end-session": byUsers("steps", ALL_SESSIONS, OPENID_RECORDS),
	"user.end-sessions": byUsers("commit", ACCOUNTS),
	"user.log-out-everywhere": byUsers("commit", ACCOUNTS),
	"user.disconnect": byUsers("steps", ACCOUNTS, ALL_PLUGIN_DATA),
	"user.withdraw": byUsers("steps", OPENID_CONSENTS, OPENID_RECORDS),
	"user.prove-address": byUsers("commit", ACCOUNTS),
	"user.add": { ...byOperators("commit", ACCOUNTS), makes: NEW_USER },
	"user.activate": byOperators("commit", ACCOUNTS),
	"user.put-out": byOperators("commit", ACCOUNTS),
	"user.end-one-session": byOperators("steps", ALL_SESSIONS, OPENID_RECORDS),
	"user.unlink": byOperators("steps", ACCOUNTS, ALL_PLUGIN_DATA),
	"user.suspend": byOperators("commit", ACCOUNTS),
	"user.delete": byOperators("steps", JOBS),
	"user.merge": byOperators("steps", JOBS),
	"user.export": byOperators("outside"),
	"user.expire": byOperators("steps", JOBS),
	"sign-ins.export": byOperators("outside"),
	"links.export": byOperators("outside"),
	"links.prepare-export": byOperators("steps", JOBS),
	"links.import": byOperators("steps", JOBS),
	"links.delete-list": byOperators("steps", JOBS),
	"keys.change": byOperators("commit", ALL_PLUGIN_SETTINGS),
	"keys.test": byOperators("outside", ALL_SET_UP_TESTS),
	"brand.switch": byOperators("steps", ...ADD_ONS),
	"registration.change": byOperators("steps", NAMESPACES.registration),
	"brand.add": byOperators("commit", NAMESPACES.brands),
	"brand.change": byOperators("commit", NAMESPACES.brands),
	"brand.change-links": byOperators("commit", NAMESPACES.brands),
	"brand.change-look": byOperators("commit", NAMESPACES.brands),
	"brand.change-texts": byOperators("commit", NAMESPACES.brands),
	"brand.change-address": byOperators("commit", NAMESPACES.brands),
	"brand.retire": byOperators("steps", JOBS),
	"mailbox.read": byOperators("read"),
	"mailbox.resend": byOperators("commit", NAMESPACES.outbox),
	"mailbox.delete": byOperators("commit", NAMESPACES.outbox),
	"mail-server.change": byOperators("commit", NAMESPACES.mailServer),
	"mail-server.test": byOperators("outside"),
	"mail-server.remove": byOperators("commit", NAMESPACES.mailServer),
	"add-on.upload": byOperators("commit", NAMESPACES.reviewedPackages),
	"add-on.install": byOperators("outside"),
	"add-on.roll-back": byOperators("outside"),
	"add-on.discard": byOperators("steps", ...ADD_ONS),
	"add-on.remove": byOperators("commit", NAMESPACES.pluginStates),
	"add-on.activate": byOperators("outside"),
	"add-on.deactivate": byOperators("steps", ...ADD_ONS),
	"add-on.reinstall": byOperators("steps", ...ADD_ONS),
	"add-on.uninstall": byOperators("steps", ...ADD_ONS),
	"add-on.delete-data": byOperators("steps", ...ADD_ONS),
	"connected-helpdesk.add": {
		...byOperators("steps", ...HELPDESKS),
		makes: NEW_HELPDESK,
	},
	"connected-helpdesk.change": byOperators("steps", ...HELPDESKS),
	"connected-helpdesk.renew-secret": byOperators("commit", OPENID_HELPDESKS),
	"connected-helpdesk.remove": byOperators("steps", JOBS),
	"connected-helpdesk.check": byOperators("outside"),
	"job.start": byOperators("steps", JOBS),
	"job.cancel": byOperators("commit", [...NAMESPACES.jobs, "cancel"]),
	"job.again": byOperators("steps", JOBS),
	"job.download": byOperators("outside"),
	"audit.export": byOperators("outside"),
	"audit.change": byOperators("commit", [...NAMESPACES.audit, "settings"]),
	"command.brand-add": byOperators("commit", NAMESPACES.brands),
	"command.brand-change": byOperators("commit", NAMESPACES.brands),
	"command.brand-remove": byOperators("steps", NAMESPACES.brands, JOBS),
	"command.rotate-keys": byOperators("steps", OPENID_KEYS),
	"command.repair-people": byOperators("steps", JOBS),
	"command.operator": byOperators("steps", NAMESPACES.operators),
	"command.back-up": byOperators("outside"),
	"command.restore": byOperators("read"),
} as const satisfies Readonly<Record<string, DeedKind>>;

export type DeedName = keyof typeof DEEDS;

export function isDeedName(name: unknown): name is DeedName {
	return typeof name === "string" && Object.hasOwn(DEEDS, name);
}

export function kindOf(name: DeedName): DeedKind {
	return DEEDS[name];
}
