import type { Role } from "../../people/operator-roles.ts";
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
	recipePath,
	reviewPath,
	socialLoginPaths,
	userPaths,
} from "./paths.ts";

/** Who may use a route of the administration. */
export interface Access {
	/** The least role. */
	readonly least: Role;
	/**
	 * When it needs a proof of the operator that is at most ten minutes old: a stolen session cookie is not enough.
	 * `with-second-factor`: only of operators who have one, because the form asks for the password, and for no code.
	 */
	readonly proof: "always" | "with-second-factor" | "never";
}

const p = ADMIN_PATHS;
const integration = integrationPaths(ANY_PLUGIN);
const addOn = addOnPaths(ANY_PLUGIN);
const helpdesk = helpdeskPaths(":helpdeskId");
const handOff = handOffAdminPaths(":helpdeskId");
const brand = brandPaths(":brandId");
const social = socialLoginPaths(ANY_PLUGIN);
const job = jobPaths(":id");
const user = userPaths(":id");
const operator = operatorPaths(":operatorId");
const letter = letterPaths(":letterId");

/** Each route by its method and path, under what it needs. A route that is not here is for nobody. */
const ROUTES: readonly (readonly [
	least: Role,
	proof: Access["proof"],
	routes: readonly string[],
])[] = [
	[
		"support",
		"never",
		[
			`GET ${p.overview}`,
			`POST ${p.logOut}`,
			`POST ${p.language}`,
			`GET ${p.profile}`,
			// The code takes the proof of its asking along: it works for ten minutes, under the same token of the session.
			`POST ${p.newAddressCode}`,
			`POST ${p.chooseAlerts}`,
			`GET ${p.prove}`,
			`POST ${p.prove}`,
			`GET ${p.users}`,
			`GET ${user.user}`,
			`GET ${user.sessions}`,
			`GET ${user.helpdesks}`,
			`GET ${p.signIns}`,
			`GET ${p.signInAttempt}`,
		],
	],
	["support", "with-second-factor", [`POST ${p.profile}`]],
	[
		"support",
		"always",
		[
			`POST ${p.endSession}`,
			`POST ${p.logOutElsewhere}`,
			`POST ${p.newAddress}`,
			`GET ${p.setUpSecondFactor}`,
			`POST ${p.setUpSecondFactor}`,
			`POST ${p.turnOffSecondFactor}`,
			`POST ${p.recoveryCodes}`,
			`POST ${p.addPasskey}`,
			`POST ${p.removePasskey}`,
		],
	],
	[
		"administrator",
		"never",
		[
			`POST ${p.addUser}`,
			`POST ${user.active}`,
			`POST ${user.suspended}`,
			`POST ${user.logOut}`,
			`POST ${p.approveSelected}`,
			`POST ${p.suspendSelected}`,
			`GET ${user.logOut}`,
			`POST ${user.endSession}`,
			`GET ${user.unlink}`,
			`GET ${user.delete}`,
			`GET ${user.merge}`,
			`GET ${p.registration}`,
			`GET ${p.mailbox}`,
			`GET ${letter.letter}`,
			`POST ${letter.resend}`,
			`GET ${letter.remove}`,
			`GET ${p.alerts}`,
			`GET ${p.jobs}`,
			`POST ${p.jobs}`,
			`GET ${job.job}`,
			`POST ${job.cancel}`,
			`GET ${p.pluginCalls}`,
			`GET ${p.addOns}`,
			`GET ${p.integrations}`,
			`GET ${integration.settings}`,
			`POST ${integration.test}`,
			`POST ${integration.activate}`,
			`GET ${integration.deactivate}`,
			`GET ${integration.uninstall}`,
			`GET ${integration.deleteKept}`,
			`GET ${integration.simulator}`,
			`GET ${integration.tryLogin}`,
			`GET ${integration.privacy}`,
			`GET ${integration.links}`,
			`GET ${p.brands}`,
			`GET ${brand.brand}`,
			`GET ${brand.logo}`,
			`GET ${brand.texts}`,
			`POST ${brand.previewTexts}`,
			`GET ${p.socialLogin}`,
			`GET ${social.manage}`,
			`GET ${social.switchOff}`,
			`GET ${p.connectedHelpdesks}`,
			`GET ${p.addHelpdesk}`,
			`GET ${p.testedHelpdesk}`,
			`GET ${recipePath(":presetId")}`,
			`GET ${helpdesk.helpdesk}`,
			`GET ${helpdesk.test}`,
			`GET ${helpdesk.remove}`,
			`GET ${p.addHandOff}`,
			`GET ${handOff.helpdesk}`,
			`POST ${handOff.check}`,
			`GET ${handOff.remove}`,
		],
	],
	[
		"administrator",
		"always",
		[
			`POST ${user.delete}`,
			`POST ${user.unlink}`,
			`POST ${p.exportSelected}`,
			`GET ${user.export}`,
			`POST ${user.merge}`,
			`GET ${p.signInsExport}`,
			`GET ${job.file}`,
			// Both may delete people.
			`POST ${job.again}`,
			`POST ${p.registration}`,
			// An e-mail that is gone warns nobody, and nothing shows that it was written.
			`POST ${letter.remove}`,
			`GET ${integration.linksExport}`,
			`POST ${integration.exportJob}`,
			`POST ${integration.links}`,
			`POST ${integration.deleteFile}`,
			`POST ${integration.settings}`,
			`POST ${integration.deactivate}`,
			`POST ${integration.uninstall}`,
			`POST ${integration.deleteKept}`,
			`POST ${brand.brand}`,
			`POST ${brand.links}`,
			`POST ${brand.colour}`,
			`POST ${brand.logo}`,
			`POST ${brand.texts}`,
			`POST ${social.manage}`,
			`POST ${social.switchOff}`,
			`POST ${p.addHelpdesk}`,
			`POST ${helpdesk.helpdesk}`,
			`POST ${helpdesk.secret}`,
			`POST ${helpdesk.remove}`,
			`POST ${p.addHandOff}`,
			`POST ${handOff.helpdesk}`,
			`POST ${handOff.remove}`,
		],
	],
	// The code of an add-on can do whatever the helpdesk can, so that those who choose it can do as much. At the address of a
	// brand links to set passwords arrive, and a brand takes all of its people along.
	[
		"owner",
		"never",
		[
			`GET ${p.audit}`,
			`POST ${p.uploadAddOn}`,
			`POST ${p.chooseAddOn}`,
			`POST ${p.testWebhook}`,
			`GET ${reviewPath(":sha256")}`,
			`GET ${p.addBrand}`,
			`GET ${brand.address}`,
			`GET ${brand.retire}`,
			`GET ${p.operators}`,
			`GET ${operator.operator}`,
			`GET ${p.mailServer}`,
			`GET ${p.removeMailServer}`,
		],
	],
	[
		"owner",
		"always",
		[
			`POST ${p.audit}`,
			`GET ${p.auditExport}`,
			`POST ${p.installAddOn}`,
			`POST ${integration.install}`,
			`POST ${addOn.rollBack}`,
			`POST ${addOn.discard}`,
			`POST ${addOn.remove}`,
			`POST ${p.addBrand}`,
			`POST ${brand.address}`,
			`POST ${brand.retire}`,
			`POST ${p.operators}`,
			`POST ${p.withdrawInvitation}`,
			`POST ${p.webhook}`,
			`POST ${p.removeWebhook}`,
			`POST ${p.requireSecondFactor}`,
			`POST ${operator.role}`,
			`POST ${operator.logOut}`,
			`POST ${operator.remove}`,
			// The mail server gets every code and every link from here on.
			`POST ${p.mailServer}`,
			`POST ${p.testMailServer}`,
			`POST ${p.removeMailServer}`,
		],
	],
];

/** The one table of who sees and changes what in the administration. */
export const ACCESS: ReadonlyMap<string, Access> = new Map(
	ROUTES.flatMap(([least, proof, routes]) =>
		routes.map((route) => [route, { least, proof }] as const),
	),
);

const PATTERNS = [...ACCESS].map(([route, access]) => {
	const [method = "", path = ""] = route.split(" ");
	return [{ method, parts: path.split("/") }, access] as const;
});

/** What a form or a link of a page needs. @returns undefined for an address that is none of a route in the table. */
export function accessAt(method: string, address: string): Access | undefined {
	const parts = address.split("/");
	const [, access] =
		PATTERNS.find(
			([pattern]) =>
				pattern.method === method &&
				pattern.parts.length === parts.length &&
				pattern.parts.every((part, index) => part.startsWith(":") || part === parts[index]),
		) ?? [];
	return accessTo(method, address) ?? access;
}

/** @returns undefined for a route that is for nobody. */
export function accessTo(method: string, path: string): Access | undefined {
	return ACCESS.get(`${method} ${path}`);
}
