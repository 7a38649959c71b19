import { Hono } from "hono";
import { returnPath } from "../../../contract/return-path.ts";
import type { Recognition } from "../../../routes/route-answer.ts";
import { formRefusalPage, type Refusal, refusalPage } from "../bare-pages.ts";
import { aboutHandOff } from "../hand-off/about-hand-off.ts";
import { type HandOffRouteParts, handOffRoutes } from "../hand-off/hand-off-routes.ts";
import { logOutOfPortal } from "../hand-off/portal-log-out.ts";
import { hostWarning } from "../host-warning.ts";
import { LANGUAGE_FIELD } from "../language-form.ts";
import { sendPage } from "../layout.ts";
import { aboutRequest, type ConnectRouteParts, connectRoutes } from "../openid/connect-routes.ts";
import { rememberLanguage } from "../reader-locale.ts";
import { field, type VisitEnv, visits } from "../visit.ts";
import { type AccountRouteParts, accountRoutes } from "./account-routes.ts";
import { type EmailRouteParts, emailRoutes } from "./email-routes.ts";
import { type LoginRouteParts, loginRoutes } from "./login-routes.ts";
import { type NotedParts, noteRefusals } from "./note-refusals.ts";
import { type PasswordRouteParts, passwordRoutes } from "./password-routes.ts";
import { type PluginRouteParts, pluginRoutes, startStraight } from "./plugin-routes.ts";
import { homePage, LANGUAGE, legalPage, type PortalFrame, portalPage } from "./portal-page.ts";
import { signInRecognised } from "./portal-sign-in.ts";
import type { PortalContext, ShowPortalPage } from "./portal-visit.ts";
import { type RegisterRouteParts, registerRoutes } from "./register-routes.ts";
import { type TrialRouteParts, trialRoutes } from "./trial-routes.ts";

/** The parts that the portal itself gives its routes. */
type Given = "show" | "returnPathOf" | "refuse" | "signInUser" | "startStraight" | "logOut";

export interface PortalParts
	extends NotedParts,
		Pick<PortalFrame, "face">,
		Omit<AccountRouteParts, Given>,
		Omit<ConnectRouteParts, Given>,
		Omit<EmailRouteParts, Given>,
		Omit<HandOffRouteParts, Given>,
		Omit<LoginRouteParts, Given>,
		Omit<PasswordRouteParts, Given>,
		Omit<PluginRouteParts, Given>,
		Omit<TrialRouteParts, Given>,
		Omit<RegisterRouteParts, Given> {}

/** The pages for the visitors of a brand. */
export function portalApp(parts: PortalParts): Hono<VisitEnv> {
	const { brand, place } = parts;
	const app = new Hono<VisitEnv>();
	app.use(
		visits(place, async (c, refusal, locale) => {
			await parts.refusals.noteForm(c, refusal);
			return formRefusalPage(c, refusal, brand.name, `${brand.baseUrl}/`, locale);
		}),
	);
	app.use(noteRefusals(parts));

	app.use(aboutRequest(parts));
	app.use(aboutHandOff(parts));
	const returnPathOf = (c: PortalContext): string =>
		returnPath(c.req.query("returnTo") ?? field(c.var.visit.form, "return_to"), brand.baseUrl);
	const show: ShowPortalPage = (c, page, status, referrerPolicy) =>
		sendPage(
			c,
			portalPage(page, brand, {
				...c.var.visit,
				returnPath: returnPathOf(c),
				warning: hostWarning(c, c.var.visit.locale),
				here: hereOf(c, returnPathOf(c)),
				face: parts.face,
				helpdesk: c.var.waiting?.helpdesk ?? c.var.handOff,
			}),
			status,
			referrerPolicy,
		);
	const refuse = (c: PortalContext, refusal: Refusal) =>
		refusalPage(c, refusal, brand.name, c.var.visit.locale);
	const signInUser = (c: PortalContext, recognition: Recognition) =>
		signInRecognised(c, parts, recognition);
	const routes = { ...parts, show, refuse, returnPathOf, signInUser };
	const given = {
		...routes,
		startStraight: (c: PortalContext, path: string) => startStraight(c, routes, path),
		logOut: (c: PortalContext) => logOutOfPortal(c, routes),
	};

	accountRoutes(app, given);
	emailRoutes(app, given);
	passwordRoutes(app, given);
	app.get("/", (c) => {
		const { locale, subjectId } = c.var.visit;
		return show(c, homePage(locale, subjectId !== undefined));
	});
	loginRoutes(app, given);
	registerRoutes(app, given);
	for (const page of ["privacy", "terms"] as const) {
		app.get(`/${page}`, (c) => show(c, legalPage(c.var.visit.locale, page)));
	}
	app.post(LANGUAGE, (c) => {
		rememberLanguage(c, place, field(c.var.visit.form, LANGUAGE_FIELD) ?? "");
		return c.redirect(returnPathOf(c), 303);
	});
	pluginRoutes(app, given);
	trialRoutes(app, given);
	connectRoutes(app, given);
	handOffRoutes(app, given);

	for (const path of new Set(app.routes.map((route) => route.path))) {
		if (!path.includes("*")) {
			app.all(path, (c) => refuse(c, "method"));
		}
	}
	return app;
}

/**
 * The path of this page, for a choice of the language. What a form or a provider led to cannot be opened again: the choice
 * leads to the page before it.
 */
function hereOf(c: PortalContext, returnsTo: string): string {
	const { path } = c.req;
	if (path.startsWith("/login/") && path !== "/login/confirm") {
		return "/login";
	}
	const [token, ticket] = [c.req.query("token"), c.req.query("ticket")];
	const query = new URLSearchParams({
		...(returnsTo !== "/" && { returnTo: returnsTo }),
		...(token !== undefined && { token }),
		...(ticket !== undefined && { ticket }),
	}).toString();
	return c.req.method !== "GET" ? "/" : query === "" ? path : `${path}?${query}`;
}
