import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { canonicalEmail } from "../../../contract/email-address.ts";
import { buttonsOf } from "../../add-ons/add-on.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { Registration } from "../../people/registration.ts";
import { type Refusal, refusalPage } from "../bare-pages.ts";
import { csrfField, layout, type Markup, pluginMarkup, sendPage } from "../layout.ts";
import { portalPath } from "../portal-path.ts";
import { field, signIn, signOut, typedAddress, type VisitEnv, visits } from "../visit.ts";
import { type AccountRouteParts, accountRoutes } from "./account-routes.ts";
import { type PluginRouteParts, pluginRoutes } from "./plugin-routes.ts";

export interface PortalParts
	extends Omit<PluginRouteParts, "show" | "refuse" | "signInUser">,
		Omit<AccountRouteParts, "show" | "returnPathOf"> {
	readonly accounts: Accounts;
	readonly registration: Registration;
}

type PortalContext = Context<VisitEnv>;

/** What the visitors of a brand see. */
export function portalApp(parts: PortalParts): Hono<VisitEnv> {
	const { brand, place, accounts, addOns, registration } = parts;
	const app = new Hono<VisitEnv>();
	app.use(visits(place, (c, refusal, locale) => refusalPage(c, refusal, brand.name, locale)));

	const show = (
		c: PortalContext,
		title: string,
		content: Markup,
		status = 200,
		referrerPolicy?: string,
	) => sendPage(c, portalPage(c, brand.name, brand, title, content), status, referrerPolicy);
	const signInUser = async (c: PortalContext, userId: string): Promise<void> => {
		const account = await accounts.find(userId);
		// Whoever was deleted in this very moment is nobody, and so is who was signed in before.
		await (account === undefined ? signOut(c, place) : signIn(c, place, account));
	};
	const refuse = (c: PortalContext, refusal: Refusal) =>
		refusalPage(c, refusal, brand.name, c.var.visit.locale);
	const returnPathOf = (c: PortalContext): string =>
		portalPath(c.req.query("returnTo") ?? field(c.var.visit.form, "return_to"), brand.baseUrl);

	accountRoutes(app, { ...parts, show, returnPathOf });

	app.get("/", (c) => {
		const { locale, subjectId } = c.var.visit;
		const text = locale.text(subjectId === undefined ? "home.text" : "home.welcome");
		const title = locale.text("home.title");
		return show(c, title, html`<h1>${title}</h1><p>${text}</p>`);
	});

	const loginPage = async (c: PortalContext, problem?: Markup, status = 200) => {
		const { locale, csrf } = c.var.visit;
		const title = locale.text("login.title");
		const returnPath = returnPathOf(c);
		const content = html`<div class="card"><h1>${title}</h1>${problem ?? ""}
<form method="post" action="/login">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}">
<label for="email">${locale.text("field.email")}</label><input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">${locale.text("field.password")}</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">${locale.text("login.submit")}</button></form>
<p><a href="/forgot">${locale.text("login.forgot")}</a></p>
${await loginButtons(c, "login", returnPath)}
<p><a href="/register">${locale.text("login.register")}</a></p></div>`;
		return show(c, title, content, status);
	};

	const registerPage = async (c: PortalContext, problem?: Markup, status = 200) => {
		const { locale, csrf, form } = c.var.visit;
		const title = locale.text("register.title");
		if ((await registration.of(brand.id)).registration === "closed") {
			const closed = html`<div class="card"><h1>${title}</h1><p>${locale.text("register.closed")}</p><p><a href="/login">${locale.text("register.login")}</a></p></div>`;
			return show(c, title, closed, status);
		}
		const content = html`<div class="card"><h1>${title}</h1>${problem ?? ""}
<form method="post" action="/register">${csrfField(csrf)}
<label for="name">${locale.text("field.name")}</label><input id="name" name="name" autocomplete="name" maxlength="80" value="${field(form, "name") ?? ""}" required>
<label for="email">${locale.text("field.email")}</label><input id="email" name="email" type="email" autocomplete="email" value="${field(form, "email") ?? ""}" required>
<label for="password">${locale.text("field.password")}</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="8" maxlength="256" required>
<button type="submit">${locale.text("register.submit")}</button></form>
${await loginButtons(c, "register", "/account")}
<p><a href="/login">${locale.text("register.login")}</a></p></div>`;
		return show(c, title, content, status);
	};

	async function loginButtons(
		c: PortalContext,
		page: "login" | "register",
		returnPath: string,
	): Promise<Markup> {
		const { locale, csrf } = c.var.visit;
		const buttons = await buttonsOf(await addOns.all(), {
			brandId: brand.id,
			page,
			locale: locale.tag,
			returnPath,
		});
		if (buttons.length === 0) {
			return html``;
		}
		return html`<p class="or">${locale.text("login.or")}</p>${buttons.map((button) => pluginMarkup(button.html, csrf))}
<p class="help">${locale.text("legal.notice")} <a href="${brand.privacyPolicyUrl}">${locale.text("legal.privacy")}</a>, <a href="${brand.termsUrl}">${locale.text("legal.terms")}</a></p>`;
	}

	const alert = (sentence: string): Markup =>
		html`<p class="notice bad" role="alert">${sentence}</p>`;

	app.get("/login", async (c) => {
		const { subjectId, locale } = c.var.visit;
		if (subjectId !== undefined) {
			return c.redirect(returnPathOf(c), 303);
		}
		const changed = c.req.query("done") === "password";
		return loginPage(
			c,
			changed ? html`<p class="notice" role="status">${locale.text("reset.done")}</p>` : undefined,
		);
	});
	app.post("/login", async (c) => {
		const { form, locale } = c.var.visit;
		const email = typedAddress(form);
		const password = field(form, "password")?.slice(0, 256) ?? "";
		if ((await parts.secondsToWait(c, email)) > 0) {
			return loginPage(c, alert(locale.text("error.too-many.text")), 429);
		}
		const login = await accounts.logIn(brand.id, email, password);
		if (login.kind !== "in") {
			return loginPage(c, alert(locale.text(`login.${login.kind}`)), 400);
		}
		await signIn(c, place, login.account);
		return c.redirect(returnPathOf(c), 303);
	});

	app.get("/register", async (c) =>
		c.var.visit.subjectId === undefined ? registerPage(c) : c.redirect("/account", 303),
	);
	app.post("/register", async (c) => {
		const { form, locale } = c.var.visit;
		const name = field(form, "name")?.trim() ?? "";
		const email = canonicalEmail(field(form, "email") ?? "");
		const password = field(form, "password") ?? "";
		if ((await registration.of(brand.id)).registration === "closed") {
			return registerPage(c, undefined, 403);
		}
		const problem =
			name === "" || name.length > 80
				? "register.name-missing"
				: password.length < 8 || password.length > 256
					? "register.password-short"
					: undefined;
		if (problem !== undefined || email === undefined) {
			return registerPage(c, alert(locale.text(problem ?? "register.email-invalid")), 400);
		}
		if ((await parts.secondsToWait(c, email)) > 0) {
			return registerPage(c, alert(locale.text("error.too-many.text")), 429);
		}
		const account = await accounts.register(
			{ brandId: brand.id, name, email, locale: locale.tag },
			password,
		);
		if (account === undefined) {
			return registerPage(c, alert(locale.text("register.email-taken")), 409);
		}
		if (account.status === "awaiting-approval") {
			return loginPage(c, alert(locale.text("login.awaiting-approval")), 202);
		}
		await signIn(c, place, account);
		return c.redirect("/account", 303);
	});

	app.post("/logout", async (c) => {
		await signOut(c, place);
		return c.redirect("/", 303);
	});

	for (const page of ["privacy", "terms"] as const) {
		app.get(`/${page}`, (c) => {
			const { locale } = c.var.visit;
			const title = locale.text(`legal.${page}`);
			return show(c, title, html`<h1>${title}</h1><p>${locale.text(`legal.${page}-text`)}</p>`);
		});
	}

	pluginRoutes(app, { ...parts, show, refuse, signInUser });
	for (const path of new Set(app.routes.map((route) => route.path))) {
		if (!path.includes("*")) {
			app.all(path, (c) => refuse(c, "method"));
		}
	}
	return app;
}

function portalPage(
	c: PortalContext,
	site: string,
	legal: { readonly privacyPolicyUrl: string; readonly termsUrl: string },
	title: string,
	content: Markup,
): Markup {
	const { locale, subjectId, csrf } = c.var.visit;
	const navigation =
		subjectId === undefined
			? html`<a href="/login">${locale.text("nav.login")}</a><a href="/register">${locale.text("nav.register")}</a>`
			: html`<a href="/account">${locale.text("nav.account")}</a><form method="post" action="/logout">${csrfField(csrf)}<button class="link" type="submit">${locale.text("nav.logout")}</button></form>`;
	const footer = html`<a href="${legal.privacyPolicyUrl}">${locale.text("legal.privacy")}</a> · <a href="${legal.termsUrl}">${locale.text("legal.terms")}</a>`;
	return layout({
		lang: locale.tag,
		title,
		site,
		home: "/",
		navigation,
		content,
		footer,
	});
}
