import { canonicalEmail } from "../../../contract/email-address.ts";
import type { DeedObject } from "../../audit/audit-entry.ts";
import type { DeedName, ObjectKind } from "../../audit/deeds.ts";
import { isBrandId } from "../../brands/brand-rules.ts";
import { isRole } from "../../people/operator-roles.ts";
import type { Operators } from "../../people/operators.ts";
import { field, typedAddress } from "../visit.ts";
import type { AdminContext } from "./admin-pages.ts";
import {
	ADMIN_PATHS,
	ANY_PLUGIN,
	addOnPaths,
	brandPaths,
	handOffAdminPaths,
	helpdeskPaths,
	integrationPaths,
	jobPaths,
	letterPaths,
	operatorPaths,
	socialLoginPaths,
} from "./paths.ts";
import { userPath } from "./users/user-words.ts";

/** The deed of a route. */
export interface RouteDeed {
	readonly name: DeedName;
	/** @returns what it is done to; undefined: nothing, or the deed makes it. */
	readonly object?: (
		c: AdminContext,
		param: (name: string) => string,
		operators: Pick<Operators, "list">,
	) => DeedObject | undefined | Promise<DeedObject | undefined>;
	/** @returns what the entry says besides, such as the new role. */
	readonly detail?: (c: AdminContext) => string | undefined;
}

/** Why a route that sends a form or a file leaves no entry. */
export interface NoDeed {
	readonly none: string;
}

const addOnPages = integrationPaths(ANY_PLUGIN);
const packages = addOnPaths(ANY_PLUGIN);
const socialLogin = socialLoginPaths(ANY_PLUGIN);
const helpdesk = helpdeskPaths(":helpdeskId");
const handOff = handOffAdminPaths(":helpdeskId");
const brand = brandPaths(":brandId");
const job = jobPaths(":id");
const user = userPath(":id");
const operator = operatorPaths(":operatorId");
const letter = letterPaths(":letterId");

function about(name: DeedName, kind: ObjectKind, param: string): RouteDeed {
	return { name, object: (_c, read) => ({ kind, id: read(param) }) };
}

const ofUser = (name: DeedName) => about(name, "user", "id");
const ofAddOn = (name: DeedName) => about(name, "add-on", "pluginId");
const ofHelpdesk = (name: DeedName) => about(name, "connected-helpdesk", "helpdeskId");
const ofLetter = (name: DeedName) => about(name, "letter", "letterId");
const ofBrand = (name: DeedName) => about(name, "brand", "brandId");
const ofJob = (name: DeedName) => about(name, "job", "id");
/** About the address that was typed. */
function ofTypedOperator(name: DeedName): RouteDeed {
	return {
		name,
		object: (c) => {
			const id = canonicalEmail(typedAddress(c.var.visit.form));
			return id === undefined ? undefined : { kind: "operator", id };
		},
	};
}

/** The role that was chosen. */
function roleIn({ var: { visit } }: AdminContext): string | undefined {
	const role = field(visit.form, "role");
	return isRole(role) ? role : undefined;
}

/** The address, because nobody knows an id any more once the operator is removed. */
const ofOperator = (name: DeedName): RouteDeed => ({
	name,
	object: async (_c, read, operators) => {
		const found = (await operators.list()).find(({ id }) => id === read("operatorId"));
		return found && { kind: "operator", id: found.email };
	},
});

/**
 * The deed of each route of the administration that changes something or gives a file away. A test reads the routes from the
 * application, so that a new one cannot be left out.
 */
export const DEEDS_OF_ROUTES: Readonly<Record<string, RouteDeed | NoDeed>> = {
	[`POST ${ADMIN_PATHS.logIn}`]: {
		none: "Nobody is logged in yet. The entry is in the commit of the session, see logInRoutes and auditedAttempts.",
	},
	[`POST ${ADMIN_PATHS.logInCode}`]: {
		none: "Nobody is logged in yet. The entry is in the commit of the session, see logInRoutes and auditedAttempts.",
	},
	[`POST ${ADMIN_PATHS.logOut}`]: { name: "operator.log-out" },
	[`POST ${ADMIN_PATHS.language}`]: {
		none: "It changes a cookie of the reader's browser, and stores nothing.",
	},
	[`POST ${ADMIN_PATHS.profile}`]: { name: "operator.change-own" },
	[`POST ${ADMIN_PATHS.newAddress}`]: ofTypedOperator("operator.ask-address-code"),
	[`POST ${ADMIN_PATHS.newAddressCode}`]: {
		none: "The form does not name the address. The entry is in the commit of the change, see addressRoutes.",
	},
	[`POST ${ADMIN_PATHS.endSession}`]: { name: "operator.end-session" },
	[`POST ${ADMIN_PATHS.logOutElsewhere}`]: { name: "operator.end-sessions" },
	[`POST ${ADMIN_PATHS.prove}`]: { name: "operator.prove" },
	[`POST ${ADMIN_PATHS.setUpSecondFactor}`]: { name: "operator.set-up-second-factor" },
	[`POST ${ADMIN_PATHS.turnOffSecondFactor}`]: { name: "operator.turn-off-second-factor" },
	[`POST ${ADMIN_PATHS.addPasskey}`]: { name: "operator.add-passkey" },
	[`POST ${ADMIN_PATHS.removePasskey}`]: { name: "operator.remove-passkey" },
	[`POST ${ADMIN_PATHS.recoveryCodes}`]: { name: "operator.renew-recovery-codes" },
	[`POST ${ADMIN_PATHS.requireSecondFactor}`]: { name: "operator.require-second-factor" },
	[`POST ${ADMIN_PATHS.operators}`]: { ...ofTypedOperator("operator.invite"), detail: roleIn },
	[`POST ${ADMIN_PATHS.withdrawInvitation}`]: ofTypedOperator("operator.withdraw-invitation"),
	[`POST ${operator.role}`]: { ...ofOperator("operator.change-role"), detail: roleIn },
	[`POST ${operator.logOut}`]: ofOperator("operator.put-out"),
	[`POST ${operator.remove}`]: ofOperator("operator.remove"),
	[`POST ${ADMIN_PATHS.invitation}`]: {
		none: "Nobody is logged in yet. The entry is in the commit of the operator, see invitationRoutes.",
	},
	[`POST ${ADMIN_PATHS.users}/add`]: { name: "user.add" },
	[`POST ${ADMIN_PATHS.approveSelected}`]: {
		none: "Each user has an entry of their own, in the commit of the change. See selectedRoutes.",
	},
	[`POST ${ADMIN_PATHS.suspendSelected}`]: {
		none: "Each user has an entry of their own, in the commit of the change. See selectedRoutes.",
	},
	[`POST ${ADMIN_PATHS.exportSelected}`]: {
		none: "Each user has an entry of their own, before their part of the file. See selectedRoutes.",
	},
	[`POST ${user}/sessions/end`]: ofUser("user.end-one-session"),
	[`POST ${user}/unlink`]: ofUser("user.unlink"),
	[`POST ${user}/active`]: ofUser("user.activate"),
	[`POST ${user}/suspended`]: ofUser("user.suspend"),
	[`POST ${user}/log-out`]: ofUser("user.put-out"),
	[`POST ${user}/delete`]: ofUser("user.delete"),
	[`POST ${user}/merge`]: ofUser("user.merge"),
	[`GET ${user}/export`]: ofUser("user.export"),
	[`GET ${ADMIN_PATHS.signInsExport}`]: { name: "sign-ins.export" },
	[`GET ${addOnPages.linksExport}`]: ofAddOn("links.export"),
	[`POST ${addOnPages.exportJob}`]: ofAddOn("links.prepare-export"),
	[`POST ${addOnPages.links}`]: ofAddOn("links.import"),
	[`POST ${addOnPages.deleteFile}`]: ofAddOn("links.delete-list"),
	[`POST ${addOnPages.settings}`]: ofAddOn("keys.change"),
	[`POST ${addOnPages.test}`]: ofAddOn("keys.test"),
	[`POST ${addOnPages.activate}`]: ofAddOn("add-on.activate"),
	[`POST ${addOnPages.install}`]: ofAddOn("add-on.reinstall"),
	[`POST ${addOnPages.deactivate}`]: ofAddOn("add-on.deactivate"),
	[`POST ${addOnPages.uninstall}`]: ofAddOn("add-on.uninstall"),
	[`POST ${addOnPages.deleteKept}`]: ofAddOn("add-on.delete-data"),
	[`POST ${ADMIN_PATHS.uploadAddOn}`]: { name: "add-on.upload" },
	[`POST ${ADMIN_PATHS.chooseAddOn}`]: { name: "add-on.upload" },
	[`POST ${ADMIN_PATHS.installAddOn}`]: {
		name: "add-on.install",
		object: (c) => {
			const id = field(c.var.visit.form, "sha256") ?? "";
			return /^[0-9a-f]{64}$/.test(id) ? { kind: "package", id } : undefined;
		},
	},
	[`POST ${packages.rollBack}`]: ofAddOn("add-on.roll-back"),
	[`POST ${packages.discard}`]: ofAddOn("add-on.discard"),
	[`POST ${packages.remove}`]: ofAddOn("add-on.remove"),
	[`POST ${socialLogin.manage}`]: ofAddOn("brand.switch"),
	[`POST ${socialLogin.switchOff}`]: ofAddOn("brand.switch"),
	[`POST ${ADMIN_PATHS.addBrand}`]: {
		name: "brand.add",
		object: (c) => {
			const id = (field(c.var.visit.form, "id") ?? "").trim();
			return isBrandId(id) ? { kind: "brand", id } : undefined;
		},
	},
	[`POST ${brand.brand}`]: ofBrand("brand.change"),
	[`POST ${brand.links}`]: ofBrand("brand.change-links"),
	[`POST ${brand.colour}`]: ofBrand("brand.change-look"),
	[`POST ${brand.logo}`]: ofBrand("brand.change-look"),
	[`POST ${brand.texts}`]: ofBrand("brand.change-texts"),
	[`POST ${brand.previewTexts}`]: { none: "It shows what was typed, and stores nothing." },
	[`POST ${brand.address}`]: ofBrand("brand.change-address"),
	[`POST ${brand.retire}`]: ofBrand("brand.retire"),
	[`POST ${ADMIN_PATHS.registration}`]: { name: "registration.change" },
	[`GET ${ADMIN_PATHS.mailbox}`]: { name: "mailbox.read" },
	[`GET ${letter.letter}`]: ofLetter("mailbox.read"),
	[`POST ${letter.resend}`]: ofLetter("mailbox.resend"),
	[`POST ${letter.remove}`]: ofLetter("mailbox.delete"),
	[`POST ${ADMIN_PATHS.mailServer}`]: { name: "mail-server.change" },
	[`POST ${ADMIN_PATHS.testMailServer}`]: { name: "mail-server.test" },
	[`POST ${ADMIN_PATHS.removeMailServer}`]: { name: "mail-server.remove" },
	[`POST ${ADMIN_PATHS.addHelpdesk}`]: { name: "connected-helpdesk.add" },
	[`POST ${ADMIN_PATHS.addHandOff}`]: { name: "connected-helpdesk.add" },
	[`POST ${helpdesk.helpdesk}`]: ofHelpdesk("connected-helpdesk.change"),
	[`POST ${helpdesk.secret}`]: ofHelpdesk("connected-helpdesk.renew-secret"),
	[`POST ${helpdesk.remove}`]: ofHelpdesk("connected-helpdesk.remove"),
	[`POST ${handOff.helpdesk}`]: ofHelpdesk("connected-helpdesk.change"),
	[`POST ${handOff.check}`]: ofHelpdesk("connected-helpdesk.check"),
	[`POST ${handOff.remove}`]: ofHelpdesk("connected-helpdesk.remove"),
	[`POST ${ADMIN_PATHS.jobs}`]: { name: "job.start" },
	[`POST ${job.cancel}`]: ofJob("job.cancel"),
	[`POST ${job.again}`]: ofJob("job.again"),
	[`GET ${job.file}`]: ofJob("job.download"),
	[`POST ${ADMIN_PATHS.chooseAlerts}`]: { name: "operator.choose-alerts" },
	[`POST ${ADMIN_PATHS.webhook}`]: { name: "alerts.set-webhook" },
	[`POST ${ADMIN_PATHS.removeWebhook}`]: { name: "alerts.remove-webhook" },
	[`POST ${ADMIN_PATHS.testWebhook}`]: { name: "alerts.test-webhook" },
	[`POST ${ADMIN_PATHS.audit}`]: { name: "audit.change" },
	[`GET ${ADMIN_PATHS.auditExport}`]: { name: "audit.export" },
};
