import type { Hono } from "hono";
import { RECOUNT } from "../../people/jobs/recount.ts";
import { refusalWords } from "../bare-pages.ts";
import type { VisitEnv } from "../visit.ts";
import { accessTo } from "./access.ts";
import type { AddOnParts } from "./add-ons/add-ons-list.ts";
import { addOnRoutes } from "./add-ons/add-ons-routes.ts";
import { adminLayout } from "./admin-layout.ts";
import { type AlertRouteParts, alertRoutes } from "./alerts/alerts-routes.ts";
import { type AuditRouteParts, auditRoutes } from "./audit/audit-routes.ts";
import { type AuditedParts, auditDeeds } from "./audited.ts";
import { brandRoutes } from "./brands/brands-routes.ts";
import type { BrandPageParts } from "./brands/shown-brand.ts";
import { connectedHelpdeskRoutes } from "./connected-helpdesks/connected-helpdesks-routes.ts";
import type { ConnectedHelpdeskParts } from "./connected-helpdesks/helpdesk-place.ts";
import { doneMessage } from "./done-message.ts";
import { type IntegrationParts, integrationRoutes } from "./integrations/integrations-routes.ts";
import type { JobOffer } from "./jobs/jobs-page.ts";
import { type JobPageParts, jobRoutes } from "./jobs/jobs-routes.ts";
import { languageRoutes } from "./language-routes.ts";
import { jobFileRoutes, type LinkJobParts, linkJobSections } from "./links/link-job-routes.ts";
import { type LinkRouteParts, linkRoutes } from "./links/links-routes.ts";
import { logInRoutes } from "./log-in/log-in-routes.ts";
import { type LetterRouteParts, letterRoutes } from "./mailbox/letter-routes.ts";
import { type MailServerParts, mailServerRoutes } from "./mailbox/mail-server-routes.ts";
import { type MailboxParts, mailboxRoutes } from "./mailbox/mailbox-routes.ts";
import { notFoundPage } from "./not-found-page.ts";
import { type OperatorAreaParts, operatorArea } from "./operator-area.ts";
import { type InvitationParts, invitationRoutes } from "./operators/invitation-routes.ts";
import { notAllowedPage } from "./operators/not-allowed-page.ts";
import { type OperatorParts, operatorRoutes } from "./operators/operators-routes.ts";
import { type OverviewRouteParts, overviewRoutes } from "./overview/overview-routes.ts";
import { type PluginCallParts, pluginCallRoutes } from "./plugin-calls/plugin-calls-routes.ts";
import { type PrivacyParts, privacyRoutes } from "./privacy/privacy-routes.ts";
import { type ProfileParts, profileRoutes } from "./profile/profile-routes.ts";
import { proveRoutes } from "./prove/prove-routes.ts";
import { type RegistrationParts, registrationRoutes } from "./registration/registration-routes.ts";
import { passkeyRoutes } from "./second-factor/passkey-routes.ts";
import {
	type SecondFactorRouteParts,
	secondFactorRoutes,
} from "./second-factor/second-factor-routes.ts";
import { type SettingsParts, settingsRoutes } from "./settings/settings-routes.ts";
import { type SignInParts, signInRoutes } from "./sign-ins/sign-ins-routes.ts";
import { type SimulatorParts, simulatorRoutes } from "./simulator/simulator-routes.ts";
import { type SocialLoginParts, socialLoginRoutes } from "./social-login/social-login-routes.ts";
import { type TrialParts, trialRoutes } from "./trial/trial-routes.ts";
import { type AdminUserParts, adminUserRoutes } from "./users/users-routes.ts";

/** The parts that every page gets from here. */
type Shown = "show" | "doneMessage";

export interface AdminParts
	extends Omit<AddOnParts, Shown>,
		Omit<AdminUserParts, Shown>,
		Omit<AlertRouteParts, Shown>,
		Omit<AuditRouteParts, Shown>,
		AuditedParts,
		Pick<OperatorAreaParts, "refusals">,
		Omit<BrandPageParts, Shown>,
		Omit<ConnectedHelpdeskParts, Shown>,
		Omit<IntegrationParts, Shown>,
		Omit<JobPageParts, Shown | "sections" | "offers">,
		Omit<LinkJobParts, Shown | "jobs" | "addOns">,
		Omit<LinkRouteParts, Shown>,
		Omit<InvitationParts, Shown>,
		Omit<MailboxParts, Shown>,
		Omit<LetterRouteParts, Shown>,
		Omit<MailServerParts, Shown>,
		Omit<OperatorParts, Shown>,
		Omit<PluginCallParts, Shown>,
		Omit<PrivacyParts, Shown>,
		Omit<ProfileParts, Shown>,
		Omit<RegistrationParts, Shown>,
		Omit<SecondFactorRouteParts, Shown>,
		Omit<SettingsParts, Shown>,
		Omit<SimulatorParts, Shown>,
		Omit<SocialLoginParts, Shown>,
		Omit<TrialParts, Shown>,
		Omit<OverviewRouteParts, Shown>,
		Omit<SignInParts, Shown> {}

/** The jobs that no page but their list starts. */
const OFFERS: readonly JobOffer[] = [
	{
		...{ type: RECOUNT, params: null, label: "jobs.recount.label" },
		help: "jobs.recount.help",
	},
];

/** The administration. All of it is behind the operators' log-in. */
export function adminApp(parts: AdminParts): Hono<VisitEnv> {
	return operatorArea(adminArea(parts));
}

/** The pages of the administration, for {@link operatorArea} to guard. */
export function adminArea(parts: AdminParts): OperatorAreaParts {
	const { place, operators, secondFactorRule, addOns, now, refusals } = parts;
	const show = adminLayout(parts.recorder !== undefined);
	const shown = { ...parts, show, doneMessage: doneMessage(addOns) };
	return {
		place,
		...{ operators, secondFactorRule, addOns, now, accessTo, refusals },
		refuse: async (c, { least }) => {
			const { locale } = c.var.visit;
			const page = notAllowedPage(least, c.var.operator?.role ?? "support", locale);
			return show(c, locale.text("frame.not-allowed.title"), page, 403);
		},
		failed: async (c, refusal) => {
			const { title, content, status } = refusalWords(refusal, c.var.visit.locale);
			return show(c, title, content, status);
		},
		notFound: async (c) => {
			const { locale } = c.var.visit;
			return show(c, locale.text("frame.not-found.title"), notFoundPage(locale), 404);
		},
		publicPages: (app) => {
			logInRoutes(app, shown);
			invitationRoutes(app, shown);
			languageRoutes(app, shown);
		},
		pages: [
			(app) => auditDeeds(app, shown),
			(app) => overviewRoutes(app, shown),
			(app) => profileRoutes(app, shown),
			(app) => proveRoutes(app, shown),
			(app) => secondFactorRoutes(app, shown),
			(app) => passkeyRoutes(app, shown),
			(app) => operatorRoutes(app, shown),
			(app) => adminUserRoutes(app, shown),
			(app) => registrationRoutes(app, shown),
			(app) => mailboxRoutes(app, shown),
			(app) => letterRoutes(app, shown),
			(app) => mailServerRoutes(app, shown),
			(app) => auditRoutes(app, shown),
			(app) => alertRoutes(app, shown),
			(app) => signInRoutes(app, shown),
			(app) => jobRoutes(app, { ...shown, sections: linkJobSections(shown), offers: OFFERS }),
			(app) => pluginCallRoutes(app, shown),
			(app) => addOnRoutes(app, shown),
			(app) => integrationRoutes(app, shown),
			(app) => connectedHelpdeskRoutes(app, shown),
			(app) => brandRoutes(app, shown),
			(app) => simulatorRoutes(app, shown),
			(app) => trialRoutes(app, shown),
			(app) => privacyRoutes(app, shown),
			(app) => linkRoutes(app, shown),
			(app) => jobFileRoutes(app, shown),
			(app) => settingsRoutes(app, shown),
			(app) => socialLoginRoutes(app, shown),
		],
	};
}
