import { TESTED_PATH } from "../../openid/open-openid.ts";

/** The URL paths of the administration. Other programs rely on them, so a path never changes. */
export const ADMIN_PATHS = {
	overview: "/admin",
	logIn: "/admin/login",
	logInCode: "/admin/login/code",
	logOut: "/admin/logout",
	language: "/admin/language",
	profile: "/admin/profile",
	newAddress: "/admin/profile/address",
	newAddressCode: "/admin/profile/address/code",
	prove: "/admin/prove",
	setUpSecondFactor: "/admin/profile/second-factor/set-up",
	turnOffSecondFactor: "/admin/profile/second-factor/off",
	addPasskey: "/admin/profile/second-factor/passkeys/add",
	removePasskey: "/admin/profile/second-factor/passkeys/remove",
	recoveryCodes: "/admin/profile/second-factor/recovery-codes",
	operators: "/admin/operators",
	requireSecondFactor: "/admin/operators/second-factor",
	withdrawInvitation: "/admin/operators/invitations/withdraw",
	invitation: "/admin/invitation",
	endSession: "/admin/profile/sessions/end",
	logOutElsewhere: "/admin/profile/sessions/end-others",
	integrations: "/admin/settings/general/integrations",
	addOns: "/admin/settings/general/add-ons",
	uploadAddOn: "/admin/settings/general/add-ons/upload",
	chooseAddOn: "/admin/settings/general/add-ons/choose",
	installAddOn: "/admin/settings/general/add-ons/install",
	connectedHelpdesks: "/admin/settings/general/connected-helpdesks",
	addHelpdesk: "/admin/settings/general/connected-helpdesks/add",
	addHandOff: "/admin/settings/general/connected-helpdesks/add-hand-off",
	testedHelpdesk: TESTED_PATH,
	brands: "/admin/settings/general/brands",
	addBrand: "/admin/settings/general/brands/add",
	alerts: "/admin/settings/general/alerts",
	webhook: "/admin/settings/general/alerts/webhook",
	removeWebhook: "/admin/settings/general/alerts/webhook/remove",
	testWebhook: "/admin/settings/general/alerts/webhook/test",
	chooseAlerts: "/admin/profile/alerts",
	socialLogin: "/admin/settings/users/social-login",
	registration: "/admin/settings/users/registration",
	users: "/admin/users",
	addUser: "/admin/users/add",
	approveSelected: "/admin/users/selected/approve",
	suspendSelected: "/admin/users/selected/suspend",
	exportSelected: "/admin/users/selected/download",
	signIns: "/admin/sign-ins",
	signInsExport: "/admin/sign-ins/export",
	signInAttempt: "/admin/sign-ins/attempt",
	mailbox: "/admin/mailbox",
	mailServer: "/admin/mailbox/server",
	testMailServer: "/admin/mailbox/server/test",
	removeMailServer: "/admin/mailbox/server/remove",
	jobs: "/admin/jobs",
	audit: "/admin/audit",
	auditExport: "/admin/audit/export",
	pluginCalls: "/admin/plugin-calls",
} as const;

/** Stands for any plugin's id in the pattern of a route. */
export const ANY_PLUGIN = ":pluginId";

/** The pages of one integration. */
export function integrationPaths<Id extends string>(pluginId: Id) {
	const settings = `${ADMIN_PATHS.integrations}/${pluginId}` as const;
	return {
		settings,
		test: `${settings}/test`,
		activate: `${settings}/activate`,
		deactivate: `${settings}/deactivate`,
		install: `${settings}/install`,
		uninstall: `${settings}/uninstall`,
		deleteKept: `${settings}/delete-kept`,
		simulator: `${settings}/simulator`,
		tryLogin: `${settings}/try`,
		privacy: `${settings}/privacy`,
		links: `${settings}/links`,
		linksExport: `${settings}/links.csv`,
		exportJob: `${settings}/links/export`,
		deleteFile: `${settings}/links/delete`,
	} as const;
}

/** The paths of an operator's actions on one add-on's packages. */
export function addOnPaths<Id extends string>(pluginId: Id) {
	const addOn = `${ADMIN_PATHS.addOns}/${pluginId}` as const;
	return {
		rollBack: `${addOn}/roll-back`,
		discard: `${addOn}/discard`,
		remove: `${addOn}/remove`,
	} as const;
}

/** The review of a package that was chosen. */
export function reviewPath<Sha256 extends string>(sha256: Sha256) {
	return `${ADMIN_PATHS.addOns}/review/${sha256}` as const;
}

/** The pages of one connected helpdesk. */
export function helpdeskPaths<Id extends string>(helpdeskId: Id) {
	const helpdesk = `${ADMIN_PATHS.connectedHelpdesks}/helpdesk/${helpdeskId}` as const;
	return {
		helpdesk,
		secret: `${helpdesk}/secret`,
		test: `${helpdesk}/test`,
		remove: `${helpdesk}/remove`,
	} as const;
}

/** The recipe of a kind of helpdesk. */
export function recipePath<PresetId extends string>(presetId: PresetId) {
	return `${ADMIN_PATHS.connectedHelpdesks}/recipes/${presetId}` as const;
}

/** The pages of one brand. */
export function brandPaths<Id extends string>(brandId: Id) {
	const brand = `${ADMIN_PATHS.brands}/brand/${brandId}` as const;
	return {
		brand,
		links: `${brand}/links`,
		colour: `${brand}/colour`,
		logo: `${brand}/logo`,
		texts: `${brand}/texts`,
		previewTexts: `${brand}/texts/preview`,
		address: `${brand}/address`,
		retire: `${brand}/retire`,
	} as const;
}

/** The pages of one helpdesk that takes a signed token. */
export function handOffAdminPaths<Id extends string>(helpdeskId: Id) {
	const helpdesk = `${ADMIN_PATHS.connectedHelpdesks}/hand-off/${helpdeskId}` as const;
	return { helpdesk, check: `${helpdesk}/check`, remove: `${helpdesk}/remove` } as const;
}

/** The brands of one integration. */
export function socialLoginPaths<Id extends string>(pluginId: Id) {
	const manage = `${ADMIN_PATHS.socialLogin}/${pluginId}` as const;
	return { manage, switchOff: `${manage}/switch-off` } as const;
}

/** The pages of one outgoing e-mail. */
export function letterPaths<Id extends string>(id: Id) {
	const letter = `${ADMIN_PATHS.mailbox}/letters/${id}` as const;
	return { letter, resend: `${letter}/resend`, remove: `${letter}/delete` } as const;
}

/** The pages of one job. */
export function jobPaths<Id extends string>(id: Id) {
	const job = `${ADMIN_PATHS.jobs}/${id}` as const;
	return { job, cancel: `${job}/cancel`, again: `${job}/again`, file: `${job}/file` } as const;
}

/** The pages of one user. */
export function userPaths<Id extends string>(id: Id) {
	const user = `${ADMIN_PATHS.users}/${id}` as const;
	return {
		user,
		active: `${user}/active`,
		suspended: `${user}/suspended`,
		logOut: `${user}/log-out`,
		sessions: `${user}/sessions`,
		endSession: `${user}/sessions/end`,
		helpdesks: `${user}/helpdesks`,
		unlink: `${user}/unlink`,
		delete: `${user}/delete`,
		export: `${user}/export`,
		merge: `${user}/merge`,
	} as const;
}

/** The pages of one operator. */
export function operatorPaths<Id extends string>(id: Id) {
	const operator = `${ADMIN_PATHS.operators}/${id}` as const;
	return {
		operator,
		role: `${operator}/role`,
		logOut: `${operator}/log-out`,
		remove: `${operator}/remove`,
	} as const;
}

/** A page as it is for one brand. */
export function atBrand(path: string, brandId: string): string {
	return `${path}?brand=${encodeURIComponent(brandId)}`;
}
