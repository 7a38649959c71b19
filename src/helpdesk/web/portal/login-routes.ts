import type { Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import { canonicalEmail } from "../../../contract/email-address.ts";
import type { LoginButton } from "../../../contract/login-button.ts";
import { buttonsOf } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import type { PortalText } from "../../locale/portal-locale.ts";
import type { Accounts } from "../../people/accounts.ts";
import { isPasswordLength, MAX_PASSWORD } from "../../people/password-length.ts";
import type { Registration } from "../../people/registration.ts";
import type { Markup } from "../layout.ts";
import type { AttemptPassword } from "../password-attempts.ts";
import { field, type Place, signIn, signOut, typedAddress, type VisitEnv } from "../visit.ts";
import { loginPage, registerPage, registrationClosedPage } from "./login-pages.ts";
import { portalNotice } from "./portal-page.ts";
import type { PortalContext, ShowPortalPage } from "./portal-visit.ts";

const MAX_NAME = 80;

/** What a visitor is told who was sent to the log-in page. */
const NOTICES: ReadonlyMap<string, PortalText> = new Map([
	["password", "reset.done"],
	["still-linked", "reset.still-linked"],
	["everywhere", "account.logged-out-everywhere"],
	["again", "login.again"],
]);

export interface LoginRouteParts {
	readonly brand: Brand;
	readonly place: Place;
	readonly accounts: Accounts;
	readonly registration: Registration;
	readonly addOns: AddOns;
	readonly attemptPassword: AttemptPassword;
	readonly show: ShowPortalPage;
	/** The path that the visitor goes to after the log-in. */
	readonly returnPathOf: (c: PortalContext) => string;
}

/** Logs users in with a password and out, and registers them. */
export function loginRoutes(app: Hono<VisitEnv>, parts: LoginRouteParts): void {
	app.get("/login", async (c) => {
		const { subjectId, locale } = c.var.visit;
		if (subjectId !== undefined) {
			return c.redirect(parts.returnPathOf(c), 303);
		}
		const done = NOTICES.get(c.req.query("done") ?? "");
		return showLogin(c, parts, done === undefined ? html`` : portalNotice(locale, done));
	});
	app.post("/login", async (c) => logIn(c, parts));
	app.get("/register", async (c) =>
		c.var.visit.subjectId === undefined
			? showRegister(c, parts, html``)
			: c.redirect("/account", 303),
	);
	app.post("/register", async (c) => register(c, parts));
	app.post("/logout", async (c) => {
		await signOut(c, parts.place);
		return c.redirect("/", 303);
	});
}

async function logIn(c: PortalContext, parts: LoginRouteParts): Promise<Response> {
	const { form, locale } = c.var.visit;
	const email = typedAddress(form);
	const password = field(form, "password")?.slice(0, MAX_PASSWORD) ?? "";
	const login = await parts.attemptPassword(c, email, () =>
		parts.accounts.logIn(parts.brand.id, email, password),
	);
	if (login === "too-many") {
		return showLogin(c, parts, portalNotice(locale, "error.too-many.text", true), 429);
	}
	if (login.kind !== "in") {
		return showLogin(c, parts, portalNotice(locale, `login.${login.kind}`, true), 400);
	}
	await signIn(c, parts.place, login.account);
	return c.redirect(parts.returnPathOf(c), 303);
}

async function register(c: PortalContext, parts: LoginRouteParts): Promise<Response> {
	const { brand, accounts, registration } = parts;
	const { form, locale } = c.var.visit;
	const name = field(form, "name")?.trim() ?? "";
	const email = canonicalEmail(field(form, "email") ?? "");
	const password = field(form, "password") ?? "";
	if ((await registration.of(brand.id)).registration === "closed") {
		return showRegister(c, parts, html``, 403);
	}
	const problem = problemWith(name, password);
	if (problem !== undefined || email === undefined) {
		const message = portalNotice(locale, problem ?? "register.email-invalid", true);
		return showRegister(c, parts, message, 400);
	}
	const user = { brandId: brand.id, name, email, locale: locale.tag };
	const account = await parts.attemptPassword(c, email, () => accounts.register(user, password));
	if (account === "too-many") {
		return showRegister(c, parts, portalNotice(locale, "error.too-many.text", true), 429);
	}
	if (account === undefined) {
		return showRegister(c, parts, portalNotice(locale, "register.email-taken", true), 409);
	}
	if (account.status === "awaiting-approval") {
		return showLogin(c, parts, portalNotice(locale, "login.awaiting-approval", true), 202);
	}
	await signIn(c, parts.place, account);
	return c.redirect("/account", 303);
}

function problemWith(name: string, password: string): PortalText | undefined {
	if (name === "" || name.length > MAX_NAME) {
		return "register.name-missing";
	}
	return isPasswordLength(password) ? undefined : "register.password-short";
}

async function showLogin(
	c: PortalContext,
	parts: LoginRouteParts,
	message: Markup,
	status = 200,
): Promise<Response> {
	const { locale, csrf } = c.var.visit;
	const returnPath = parts.returnPathOf(c);
	const buttons = await buttonsFor(c, parts, "login", returnPath);
	const { brand } = parts;
	return parts.show(c, loginPage({ locale, csrf, brand, buttons, message, returnPath }), status);
}

async function showRegister(
	c: PortalContext,
	parts: LoginRouteParts,
	message: Markup,
	status = 200,
): Promise<Response> {
	const { brand, registration, show } = parts;
	const { locale, csrf, form } = c.var.visit;
	if ((await registration.of(brand.id)).registration === "closed") {
		return show(c, registrationClosedPage({ locale, csrf }), status);
	}
	const page = registerPage({
		locale,
		csrf,
		brand,
		buttons: await buttonsFor(c, parts, "register", "/account"),
		message,
		name: field(form, "name") ?? "",
		email: field(form, "email") ?? "",
	});
	return show(c, page, status);
}

async function buttonsFor(
	c: PortalContext,
	{ brand, addOns }: LoginRouteParts,
	page: "login" | "register",
	returnPath: string,
): Promise<readonly LoginButton[]> {
	const { tag: locale } = c.var.visit.locale;
	return buttonsOf(await addOns.all(), { brandId: brand.id, page, locale, returnPath });
}
