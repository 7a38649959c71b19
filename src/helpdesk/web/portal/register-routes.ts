import type { Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import { displayName } from "../../../contract/display-name.ts";
import { canonicalEmail } from "../../../contract/email-address.ts";
import { returnPath } from "../../../contract/return-path.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import {
	type LinkOpened,
	openRegistration,
	type RegistrationEnd,
	type RegistrationLink,
} from "../../add-ons/finish-registration.ts";
import type { TextKey } from "../../locale/locale.ts";
import type { Outbox } from "../../mail/outbox.ts";
import type { Accounts } from "../../people/accounts.ts";
import { commonPasswords } from "../../people/common-passwords.ts";
import type { PasswordRegistrations } from "../../people/password-registrations.ts";
import { problemWithPassword } from "../../people/password-rules.ts";
import { browserOf } from "../../people/pending-registrations.ts";
import type { Registration } from "../../people/registration.ts";
import type { RequestLimits } from "../../people/request-limits.ts";
import { askToWait } from "../ask-to-wait.ts";
import type { Markup } from "../layout.ts";
import type { AttemptPassword } from "../password-attempts.ts";
import { signIn } from "../signing-in.ts";
import { field, typedAddress, type VisitEnv } from "../visit.ts";
import { disconnectFields, linksToDisconnect } from "./account-pages.ts";
import { type AuditedPasswordParts, auditedRegistration } from "./audited-passwords.ts";
import { buttonsFor, type LoginRouteParts, showLogin } from "./login-routes.ts";
import type { PasskeyParts } from "./passkey-answers.ts";
import { portalNotice } from "./portal-page.ts";
import {
	linkToken,
	type PortalContext,
	type ShowPortalPage,
	visitorNetwork,
} from "./portal-visit.ts";
import {
	confirmRegistrationPage,
	enterRegistrationPage,
	MAX_NAME,
	registerPage,
	registrationClosedPage,
	registrationOverPage,
	registrationSentPage,
	tooManyFormsPage,
} from "./register-pages.ts";

export interface RegisterRouteParts
	extends PasskeyParts,
		AuditedPasswordParts,
		Pick<LoginRouteParts, "wordsOn"> {
	/** Asked before an answer that promises a letter. */
	readonly outbox: Pick<Outbox, "expectRoom">;
	readonly brand: Brand;
	readonly accounts: Accounts;
	readonly registration: Registration;
	readonly registrations: PasswordRegistrations;
	/** Hashes a password when it is its turn, as guesses are checked. It is no guess. */
	readonly hashInTurn: AttemptPassword;
	readonly requestLimits: Pick<RequestLimits, "secondsToWait">;
	/** See `doLettersReachVisitors`. Registering with a password takes a letter. */
	readonly doLettersReachVisitors: () => Promise<boolean>;
	readonly addOns: AddOns;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly logError: (error: unknown) => void;
	readonly show: ShowPortalPage;
	readonly returnPathOf: (c: PortalContext) => string;
}

const ACCOUNT = "/account";

/** Registers visitors with a password: a form, a letter, and the page that the letter leads to. */
export function registerRoutes(app: Hono<VisitEnv>, parts: RegisterRouteParts): void {
	app.get("/register", async (c) =>
		c.var.visit.subjectId === undefined
			? showRegister(c, parts, html``)
			: c.redirect(pathAfter(c, parts), 303),
	);
	app.post("/register", async (c) => register(c, parts));
	app.get("/register/confirm", async (c) => {
		const token = linkToken(c);
		const link = await openRegistration(parts, linkOpened(c, parts, token));
		return showLink(c, parts, token, link);
	});
	app.post("/register/confirm", async (c) => confirm(c, parts));
}

async function register(c: PortalContext, parts: RegisterRouteParts): Promise<Response> {
	const { brand, registrations, logError, show } = parts;
	const { form, locale, token } = c.var.visit;
	if (!(await isOpen(parts))) {
		return showRegister(c, parts, html``, 403);
	}
	const name = field(form, "name") ?? "";
	const email = canonicalEmail(typedAddress(form));
	const typed = field(form, "password") ?? "";
	const problem = await problemWith(parts, name, email, typed);
	if (problem !== undefined || email === undefined) {
		const message = portalNotice(locale, problem ?? "register.email-invalid", true);
		return showRegister(c, parts, message, 400);
	}
	const network = visitorNetwork(c, parts.trustedProxies);
	const wait = await parts.requestLimits.secondsToWait("register", network);
	if (wait > 0) {
		askToWait(c, wait);
		return showRegister(c, parts, portalNotice(locale, "error.too-many.network", true), 429);
	}
	await parts.outbox.expectRoom(0);
	const about = { brandId: brand.id, name: displayName(name), email, locale: locale.tag };
	// Counted apart from guesses and for each network, so that strangers who register an address do not stop its owner.
	const password = await parts.hashInTurn(c, `registration ${network} ${email}`, () =>
		registrations.hash(typed),
	);
	if (password === "too-many") {
		return showRegister(c, parts, portalNotice(locale, "error.too-many.text", true), 429);
	}
	const pending = {
		...{ ...about, password, browser: browserOf(token) },
		returnPath: pathAfter(c, parts),
	};
	// The look-up starts after the answer, so that the time of the answer says nothing about the address.
	setImmediate(() => void registrations.write(pending, network).catch(logError));
	return show(c, registrationSentPage(c.var.visit, email));
}

/** The path that a visitor goes to who has registered. */
function pathAfter(c: PortalContext, { returnPathOf }: RegisterRouteParts): string {
	const path = returnPathOf(c);
	return path === "/" ? ACCOUNT : path;
}

async function isOpen({
	brand,
	registration,
	doLettersReachVisitors,
}: RegisterRouteParts): Promise<boolean> {
	return (
		(await doLettersReachVisitors()) && (await registration.of(brand.id)).registration !== "closed"
	);
}

async function problemWith(
	{ brand }: RegisterRouteParts,
	name: string,
	email: string | undefined,
	password: string,
): Promise<TextKey | undefined> {
	if (isNameMissing(name)) {
		return "register.name-missing";
	}
	if (email === undefined) {
		return "register.email-invalid";
	}
	const known = [email, name, brand.name];
	const problem = problemWithPassword(password, { known, common: await commonPasswords() });
	return problem && `password.${problem}`;
}

/** Whether a person has to enter a name again, because nothing of it can be shown, or it would be cut. */
function isNameMissing(name: string): boolean {
	return displayName(name) === "" || [...name.trim()].length > MAX_NAME;
}

function linkOpened(
	{ var: { visit } }: PortalContext,
	{ brand }: RegisterRouteParts,
	token: string,
): LinkOpened {
	return { brand, token, browserToken: visit.token, signedInAs: visit.subjectId };
}

async function confirm(c: PortalContext, parts: RegisterRouteParts): Promise<Response> {
	const { form } = c.var.visit;
	const token = field(form, "token") ?? "";
	const opened = linkOpened(c, parts, token);
	const password = field(form, "password");
	const disconnected = linksToDisconnect(form);
	if (password === undefined) {
		const end = await auditedRegistration(c, parts, opened, undefined, disconnected);
		return showLink(c, parts, token, end);
	}
	const network = visitorNetwork(c, parts.trustedProxies);
	const wait = await parts.requestLimits.secondsToWait("register-confirm", network);
	if (wait > 0) {
		return showTooMany(c, parts, wait);
	}
	const name = field(form, "name") ?? "";
	if (isNameMissing(name)) {
		const link = await openRegistration(parts, opened);
		return showLink(c, parts, token, link, "register.name-missing");
	}
	const end = await auditedRegistration(c, parts, opened, { name, password }, disconnected);
	return showLink(c, parts, token, end);
}

/** Shows what a link leads to, or logs in the user whom it made. */
async function showLink(
	c: PortalContext,
	parts: RegisterRouteParts,
	token: string,
	end: RegistrationLink | RegistrationEnd,
	problem?: TextKey,
): Promise<Response> {
	const { visit } = c.var;
	const { locale } = visit;
	// The address of these pages holds the token.
	const show = (page: Parameters<ShowPortalPage>[1], status: number) =>
		parts.show(c, page, status, "no-referrer");
	switch (end.kind) {
		case "confirm":
			return show(
				confirmRegistrationPage(
					visit,
					token,
					end.pending,
					disconnectFields(end.linked, locale, false),
				),
				200,
			);
		case "enter": {
			const message = problem === undefined ? html`` : portalNotice(locale, problem, true);
			const name = field(visit.form, "name") ?? end.pending.name;
			const more = disconnectFields(end.linked, locale, false);
			const entered = { token, name, problem: message };
			const page = enterRegistrationPage(visit, entered, end.pending, more);
			return show(page, problem === undefined ? 200 : 400);
		}
		case "refused": {
			const link = await openRegistration(parts, linkOpened(c, parts, token));
			return showLink(c, parts, token, link, `password.${end.problem}`);
		}
		case "closed":
			return show(registrationClosedPage(visit), 403);
		case "gone":
		case "taken":
			await parts.refusals.note(c, "user.link-failed", end.kind);
			return show(registrationOverPage(visit, `register.${end.kind}`), 400);
		case "registered":
			if (end.account.status === "awaiting-approval") {
				return showLogin(c, parts, portalNotice(locale, "login.awaiting-approval", true), 202);
			}
			await signIn(c, parts.place, end.account);
			if (end.isStillLinked) {
				return c.redirect(`${ACCOUNT}?done=still-linked`, 303);
			}
			// The stored path is judged again: the brand's address may have changed since.
			return c.redirect(returnPath(end.returnPath ?? ACCOUNT, parts.brand.baseUrl), 303);
	}
}

async function showRegister(
	c: PortalContext,
	parts: RegisterRouteParts,
	message: Markup,
	status = 200,
): Promise<Response> {
	const { brand, registration, show } = parts;
	const { locale, csrf, form } = c.var.visit;
	if ((await registration.of(brand.id)).registration === "closed") {
		return show(c, registrationClosedPage({ locale, csrf }), status);
	}
	const page = registerPage({
		...{ locale, csrf, brand, message, hasForm: await parts.doLettersReachVisitors() },
		buttons: await buttonsFor(c, parts, "register", pathAfter(c, parts)),
		returnPath: parts.returnPathOf(c),
		name: field(form, "name") ?? "",
		email: field(form, "email") ?? "",
	});
	return show(c, page, status);
}

/** Answers a network that sent too many forms. @param wait seconds. */
export function showTooMany(
	c: PortalContext,
	{ show }: Pick<RegisterRouteParts, "show">,
	wait: number,
): Promise<Response> {
	askToWait(c, wait);
	return show(c, tooManyFormsPage(c.var.visit), 429);
}
