import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { Locale, TextKey } from "../../locale/locale.ts";
import { type BrandFace, legalLinks } from "../brand-face.ts";
import { languageForm } from "../language-form.ts";
import { csrfField, layout, type Markup, notice } from "../layout.ts";
import type { PortalContent } from "./portal-visit.ts";

/** The parts that every page needs: the language of the visitor and their browser's CSRF proof. */
export interface PageView {
	readonly locale: Locale;
	readonly csrf: string;
}

/** The parts around the content of a page. */
export interface PortalFrame extends PageView {
	/** The user who is logged in. */
	readonly subjectId: string | undefined;
	/** The path that a log-in leads on to. */
	readonly returnPath: string;
	/** Stands above the content. */
	readonly warning: Markup | undefined;
	readonly face: BrandFace;
	/** The path of this page, with its query. */
	readonly here: string;
	/** The connected helpdesk that a log-in leads on to; undefined for none. */
	readonly helpdesk: { readonly name: string } | undefined;
}

/** Takes the choice of a language. */
export const LANGUAGE = "/language";

/** A page that leads on to a path once it is done. */
type LeadingPage = "/login" | "/register" | "/forgot" | "/login/confirm" | "/account/email";

/** The address of a page that leads on to a path. The front page needs no mention. */
export function leadingTo(page: LeadingPage, returnPath: string): string {
	return returnPath === "/" ? page : `${page}?returnTo=${encodeURIComponent(returnPath)}`;
}

/** Says which helpdesk a log-in leads to. */
function connectNotice({ text }: Locale, { name }: { readonly name: string }): Markup {
	return notice(text("connect.for", { helpdesk: name }));
}

/** A whole document with the navigation and the footer of a portal. */
export function portalPage(
	{ title, content, submits = false }: PortalContent,
	brand: Pick<Brand, "name">,
	{ locale, csrf, subjectId, returnPath, warning, face, helpdesk, here }: PortalFrame,
): Markup {
	const { tag, text } = locale;
	const navigation =
		subjectId === undefined
			? html`<a href="${leadingTo("/login", returnPath)}">${text("nav.login")}</a><a href="${leadingTo("/register", returnPath)}">${text("nav.register")}</a>`
			: html`<a href="/account">${text("nav.account")}</a><form method="post" action="/logout">${csrfField(csrf)}<button class="link" type="submit">${text("nav.logout")}</button></form>`;
	const footer = html`${legalLinks(face, locale)}${languageForm({ locale, csrf, here, action: LANGUAGE })}`;
	const above = html`${warning ?? ""}${helpdesk !== undefined && subjectId === undefined ? connectNotice(locale, helpdesk) : ""}`;
	return layout({
		...{ lang: tag, title, site: brand.name, face, home: "/" },
		...{ navigation, warning: above, content, footer, submits, skip: text("nav.skip") },
	});
}

/** The first page of a portal. */
export function homePage({ text }: Locale, isSignedIn: boolean): PortalContent {
	const title = text("home.title");
	return isSignedIn
		? cardPage(title, html`<p>${text("home.welcome")}</p>`)
		: cardPage(
				title,
				html`<p>${text("home.text")}</p><p class="actions"><a class="button" href="/login">${text("nav.login")}</a><a href="/register">${text("nav.register")}</a></p>`,
			);
}

export function legalPage({ text }: Locale, page: "privacy" | "terms"): PortalContent {
	const title = text(`legal.${page}`);
	const more = page === "privacy" ? html`<p>${text("legal.privacy-helpdesks")}</p>` : "";
	return cardPage(title, html`<p>${text(`legal.${page}-text`)}</p>${more}`);
}

/** A page that is one card under its title. */
export function cardPage(title: string, content: Markup): PortalContent {
	return { title, content: html`<div class="card"><h1>${title}</h1>${content}</div>` };
}

/** A {@link notice} in the language of the visitor. */
export function portalNotice({ text }: Locale, sentence: TextKey, bad = false): Markup {
	return notice(text(sentence), bad);
}
