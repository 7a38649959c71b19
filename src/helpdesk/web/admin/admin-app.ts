import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { canonicalEmail } from "../../../contract/email-address.ts";
import { isActive } from "../../add-ons/add-on.ts";
import type { Operators } from "../../people/operators.ts";
import { refusalPage } from "../bare-pages.ts";
import { csrfField, layout, type Markup, sendPage } from "../layout.ts";
import { field, type Place, signIn, signOut, type VisitEnv, visits } from "../visit.ts";
import { type AddOnParts, addOnRoutes } from "./add-ons/add-ons-routes.ts";
import { ADMIN_PATHS, loginPage, notice, overviewPage, profilePage } from "./admin-pages.ts";
import { type IntegrationParts, integrationRoutes } from "./integrations/integrations-routes.ts";
import { type LinkRouteParts, linkRoutes } from "./links/links-routes.ts";
import { type MailboxParts, mailboxRoutes } from "./mailbox/mailbox-routes.ts";
import { type PluginCallParts, pluginCallRoutes } from "./plugin-calls/plugin-calls-routes.ts";
import { type PrivacyParts, privacyRoutes } from "./privacy/privacy-routes.ts";
import { type RegistrationParts, registrationRoutes } from "./registration/registration-routes.ts";
import { type SettingsParts, settingsRoutes } from "./settings/settings-routes.ts";
import { type SignInParts, signInRoutes } from "./sign-ins/sign-ins-routes.ts";
import { type SimulatorParts, simulatorRoutes } from "./simulator/simulator-routes.ts";
import { type SocialLoginParts, socialLoginRoutes } from "./social-login/social-login-routes.ts";
import { takesFiles } from "./uploads.ts";
import { type AdminUserParts, adminUserRoutes } from "./users/users-routes.ts";

type Shown = "show" | "doneMessage";

export interface AdminParts
	extends Omit<AddOnParts, Shown>,
		Omit<AdminUserParts, Shown>,
		Omit<IntegrationParts, Shown>,
		Omit<LinkRouteParts, Shown>,
		Omit<MailboxParts, Shown>,
		Omit<PluginCallParts, Shown>,
		Omit<PrivacyParts, Shown>,
		Omit<RegistrationParts, Shown>,
		Omit<SettingsParts, Shown>,
		Omit<SimulatorParts, Shown>,
		Omit<SocialLoginParts, Shown>,
		Omit<SignInParts, Shown> {
	readonly place: Place;
	readonly operators: Operators;
	/** Seconds to wait before a password is looked at; 0 when it may be. */
	readonly secondsToWait: (c: Context<VisitEnv>, account: string) => Promise<number>;
}

type AdminContext = Context<VisitEnv>;

const SITE = "Helpdesk administration";
const NONE = html``;
const TOO_MANY = "Too many attempts. Wait a minute and try again.";

const DONE: ReadonlyMap<string, string> = new Map([
	["activated", "{name} is active. Where keys are missing, enter them under Settings."],
	["deactivated", "{name} is deactivated. Its settings and links are kept."],
	[
		"deactivated-purged",
		"{name} is deactivated and switched off at all brands. Its keys are kept, all links are deleted.",
	],
	["uninstalled", "{name} is uninstalled. Its settings and links are kept."],
	["purged", "{name} is uninstalled. Nothing of it is stored any more."],
	["installed", "{name} is installed. It is off until you activate it."],
	["saved", "The settings are saved."],
	["submitted", "Saved. The button is on the pages of the brands switched on."],
	["switched-off-purged", "Saved. The links of the brands switched off are deleted."],
	["password", "Your password is changed."],
]);

/** What operators see, all of it behind their log-in. */
export function adminApp(parts: AdminParts): Hono<VisitEnv> {
	const { place, operators, addOns } = parts;
	const { integrations, socialLogin } = ADMIN_PATHS;
	const app = new Hono<VisitEnv>();
	app.use(
		"/admin/*",
		visits(place, (c, refusal, locale) => refusalPage(c, refusal, SITE, locale), takesFiles),
	);

	const developing =
		parts.recorder === undefined
			? NONE
			: html`<a href="${ADMIN_PATHS.pluginCalls}">Plugin calls</a>`;
	const show = (c: AdminContext, title: string, content: Markup, status = 200) =>
		sendPage(c, adminPage(c, title, content, developing), status);
	const doneMessage = async (c: AdminContext): Promise<Markup> => {
		const asked = c.req.query("add-on") ?? "";
		const about = asked === "" ? undefined : await addOns.find(asked);
		const { name = "It" } = about?.loaded.manifest ?? {};
		const sentence = DONE.get(c.req.query("done") ?? "")?.replace("{name}", () => name);
		const [letters] = /^\d{1,7}$/.exec(c.req.query("letters") ?? "") ?? [];
		const written =
			letters === "1" ? " 1 e-mail was written." : ` ${letters} e-mails were written.`;
		return sentence === undefined
			? NONE
			: notice(letters === undefined ? sentence : `${sentence}${written}`);
	};

	app.get("/admin/login", async (c) => show(c, "Log in", loginPage(c.var.visit.csrf, NONE)));
	app.post("/admin/login", async (c) => {
		const email = canonicalEmail(field(c.var.visit.form, "email") ?? "") ?? "";
		const password = field(c.var.visit.form, "password")?.slice(0, 256) ?? "";
		if ((await parts.secondsToWait(c, email)) > 0) {
			const problem = notice(TOO_MANY, true);
			return show(c, "Log in", loginPage(c.var.visit.csrf, problem), 429);
		}
		if (!(await operators.isPassword(email, password))) {
			const problem = notice("This address and password do not belong together.", true);
			return show(c, "Log in", loginPage(c.var.visit.csrf, problem), 400);
		}
		const sessionEpoch = (await operators.sessionEpochOf(email)) ?? 0;
		await signIn(c, place, { id: email, email, sessionEpoch });
		return c.redirect("/admin", 303);
	});

	// Whatever is added below is for operators only.
	app.use("/admin/*", async (c, next) => {
		const { subjectId } = c.var.visit;
		const isOperator = subjectId !== undefined && (await operators.has(subjectId));
		return isOperator ? next() : c.redirect("/admin/login", 303);
	});

	adminUserRoutes(app, { ...parts, show });
	registrationRoutes(app, { ...parts, show });
	mailboxRoutes(app, { ...parts, show });
	signInRoutes(app, { ...parts, show });
	pluginCallRoutes(app, { ...parts, show });

	app.get("/admin", async (c) => show(c, "Settings", overviewPage()));
	app.post("/admin/logout", async (c) => {
		await signOut(c, place);
		return c.redirect("/admin/login", 303);
	});

	const profile = (c: AdminContext, message: Markup, status = 200) => {
		const { csrf, subjectId = "" } = c.var.visit;
		return show(c, "Your profile", profilePage(csrf, subjectId, message), status);
	};
	app.get("/admin/profile", async (c) => profile(c, await doneMessage(c)));
	app.post("/admin/profile", async (c) => {
		const { form, subjectId = "" } = c.var.visit;
		const next = field(form, "new") ?? "";
		if (next.length < 12 || next.length > 256) {
			return profile(c, notice("Choose a new password of 12 to 256 characters.", true), 400);
		}
		if ((await parts.secondsToWait(c, subjectId)) > 0) {
			return profile(c, notice(TOO_MANY, true), 429);
		}
		const current = field(form, "current")?.slice(0, 256) ?? "";
		if (!(await operators.isPassword(subjectId, current))) {
			return profile(c, notice("The current password is another one.", true), 400);
		}
		const sessionEpoch = await operators.changePassword(subjectId, next);
		await signIn(c, place, { id: subjectId, email: subjectId, sessionEpoch });
		return c.redirect("/admin/profile?done=password", 303);
	});

	const pages = { ...parts, show, doneMessage };
	for (const path of [integrations, socialLogin]) {
		app.use(`${path}/:pluginId/*`, async (c, next) => {
			const addOn = await addOns.find(c.req.param("pluginId"));
			if (addOn === undefined) {
				return c.notFound();
			}
			c.set("addOn", addOn);
			return next();
		});
	}
	addOnRoutes(app, pages);
	integrationRoutes(app, pages);
	simulatorRoutes(app, pages);
	privacyRoutes(app, pages);
	// Settings and brands of a plugin can be reached only while it is active.
	for (const path of [
		`${integrations}/:pluginId`,
		`${integrations}/:pluginId/test`,
		`${socialLogin}/:pluginId`,
		`${socialLogin}/:pluginId/switch-off`,
	]) {
		app.use(path, async (c, next) =>
			isActive(c.var.addOn) ? next() : c.redirect(integrations, 303),
		);
	}

	linkRoutes(app, pages);
	settingsRoutes(app, pages);
	socialLoginRoutes(app, pages);

	for (const path of new Set(app.routes.map((route) => route.path))) {
		if (!path.includes("*")) {
			app.all(path, (c) => refusalPage(c, "method", SITE, c.var.visit.locale));
		}
	}
	return app;
}

function adminPage(c: AdminContext, title: string, content: Markup, developing: Markup): Markup {
	const { subjectId, csrf } = c.var.visit;
	const navigation =
		subjectId === undefined
			? NONE
			: html`<a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a><a href="${ADMIN_PATHS.addOns}">Add-ons</a><a href="${ADMIN_PATHS.socialLogin}">Social Login</a><a href="${ADMIN_PATHS.users}">Users</a><a href="${ADMIN_PATHS.signIns}">Sign-ins</a><a href="${ADMIN_PATHS.registration}">Registration</a><a href="${ADMIN_PATHS.mailbox}">Mailbox</a>${developing}<a href="/admin/profile">Your profile</a><form method="post" action="/admin/logout">${csrfField(csrf)}<button class="link" type="submit">Log out</button></form>`;
	const wide = subjectId !== undefined;
	return layout({ lang: "en", title, site: SITE, home: "/admin", navigation, content, wide });
}
