import type { Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { LoginButton } from "../../../contract/login-button.ts";
import { buttonsOf } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import type { Locale, TextKey } from "../../locale/locale.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { Markup } from "../layout.ts";
import type { AttemptPassword } from "../password-attempts.ts";
import { field, typedAddress, type VisitEnv } from "../visit.ts";
import { type AuditedPasswordParts, signInByPassword } from "./audited-passwords.ts";
import { loginPage } from "./login-pages.ts";
import { logInByPasskey, logInForm, type PasskeyParts } from "./passkey-answers.ts";
import { portalNotice } from "./portal-page.ts";
import type { PortalContext, ShowPortalPage } from "./portal-visit.ts";

/** What a visitor is told who was sent to the log-in page. */
const NOTICES: ReadonlyMap<string, TextKey> = new Map([
	["password", "reset.done"],
	["still-linked", "reset.still-linked"],
	["everywhere", "account.logged-out-everywhere"],
	["again", "login.again"],
]);

export interface LoginRouteParts extends AuditedPasswordParts, PasskeyParts {
	readonly brand: Brand;
	readonly accounts: Accounts;
	readonly addOns: AddOns;
	readonly attemptPassword: AttemptPassword;
	readonly show: ShowPortalPage;
	/** What the brand says on its log-in page; empty where it says nothing. */
	readonly wordsOn: (locale: Locale) => string;
	/** See `logOutOfPortal`. */
	readonly logOut: (c: PortalContext) => Promise<Response>;
	/** The path that the visitor goes to after the log-in. */
	readonly returnPathOf: (c: PortalContext) => string;
}

/** Logs users in with a password or a passkey, and out. */
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
	app.post("/login/passkey", async (c) => {
		const refuse = (sentence: TextKey, status: number) =>
			showLogin(c, parts, portalNotice(c.var.visit.locale, sentence, true), status);
		const account = await logInByPasskey(c, parts, refuse);
		return account instanceof Response ? account : c.redirect(parts.returnPathOf(c), 303);
	});
	app.post("/logout", async (c) => parts.logOut(c));
}

async function logIn(c: PortalContext, parts: LoginRouteParts): Promise<Response> {
	const { form, locale } = c.var.visit;
	const email = typedAddress(form);
	const password = field(form, "password") ?? "";
	const login = await parts.attemptPassword(c, email, () =>
		parts.accounts.logIn(parts.brand.id, email, password),
	);
	if (login === "too-many") {
		return showLogin(c, parts, portalNotice(locale, "error.too-many.text", true), 429);
	}
	if (login.kind !== "in") {
		return showLogin(c, parts, portalNotice(locale, `login.${login.kind}`, true), 400);
	}
	await signInByPassword(c, parts, login.account);
	return c.redirect(parts.returnPathOf(c), 303);
}

/** Shows the log-in form under a message, with the address that was typed here or at a connected helpdesk. */
export async function showLogin(
	c: PortalContext,
	parts: Pick<
		LoginRouteParts,
		"brand" | "addOns" | "userPasskeys" | "show" | "returnPathOf" | "wordsOn"
	>,
	message: Markup,
	status = 200,
): Promise<Response> {
	const { locale, csrf, form } = c.var.visit;
	const returnPath = parts.returnPathOf(c);
	const buttons = await buttonsFor(c, parts, "login", returnPath);
	const { brand } = parts;
	const email = field(form, "email") ?? c.var.waiting?.loginHint ?? "";
	const passkey = await logInForm(c, parts, returnPath);
	const view = { locale, csrf, brand, buttons, message, returnPath, email, passkey };
	const page = loginPage(view, parts.wordsOn(locale));
	return parts.show(c, page, status);
}

/** The buttons of the active plugins. */
export async function buttonsFor(
	c: PortalContext,
	{ brand, addOns }: Pick<LoginRouteParts, "brand" | "addOns">,
	page: "login" | "register",
	returnPath: string,
): Promise<readonly LoginButton[]> {
	const { tag: locale } = c.var.visit.locale;
	return buttonsOf(await addOns.all(), { brandId: brand.id, page, locale, returnPath });
}
