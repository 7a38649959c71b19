import { html, raw } from "hono/html";
import type { KoaContextWithOIDC } from "oidc-provider";
import type { Brand } from "../../../contract/brands.ts";
import { parseUrl } from "../../../contract/parse-url.ts";
import type { Locale } from "../../locale/locale.ts";
import type { ProviderPages } from "../../openid/make-provider.ts";
import { type BrandFace, legalLinks } from "../brand-face.ts";
import { layout, type Markup, notice } from "../layout.ts";
import { chosenLocale, languageCookie, type ReadPlace } from "../reader-locale.ts";
import { pageHeaders } from "../security-headers.ts";

/** The pages that a brand's provider answers with: for what it refuses, and for a log-out that a helpdesk asks for. */
export function openIdPages(brand: Brand, face: BrandFace, place: ReadPlace): ProviderPages {
	const page = async (
		c: KoaContextWithOIDC,
		content: (locale: Locale) => { readonly title: string; readonly body: Markup },
	): Promise<string> => {
		const languages = c.oidc?.params?.["ui_locales"];
		const asked = typeof languages === "string" ? languages.replaceAll(" ", ",") : undefined;
		const chosen = asked === undefined ? c.cookies.get(languageCookie(place)) : undefined;
		const locale = chosenLocale(chosen, asked ?? c.get("accept-language"), place);
		const { title, body } = content(locale);
		c.set(Object.fromEntries(await pageHeaders(targetsOf(c))));
		c.set({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
		const markup = layout({
			...{ lang: locale.tag, title, site: brand.name, face, home: "/", navigation: html`` },
			content: html`<div class="card"><h1>${title}</h1>${body}</div>`,
			footer: legalLinks(face, locale),
		});
		return String(await markup);
	};
	return {
		error: (c, { error, error_description: why }) =>
			page(c, ({ text }) => ({
				title: text("openid.error.title"),
				body: html`${notice(text("openid.error.text"), true)}<p>${text("openid.error.operator")}</p><p class="trace-code"><bdi lang="en" dir="ltr"><code>${error}</code>: ${why ?? ""}</bdi></p>`,
			})),
		over: (c) =>
			page(c, ({ text }) => ({
				title: text("connect.expired.title"),
				body: notice(text("connect.expired.text"), true),
			})),
		logOut: (c, form) =>
			page(c, ({ text }) => ({
				title: text("openid.log-out.title"),
				body: html`<p>${loggedOutBy(text, c.oidc.client?.clientName)}</p>${raw(form)}<p class="actions"><button type="submit" form="op.logoutForm" name="logout" value="yes">${text("nav.logout")}</button> <button class="secondary" type="submit" form="op.logoutForm">${text("openid.log-out.stay")}</button></p>`,
			})),
		loggedOut: (c, isStillIn) =>
			page(c, ({ text }) => ({
				title: text(isStillIn ? "openid.still-in.title" : "openid.logged-out.title"),
				body: isStillIn
					? html`<p>${text("openid.still-in.text")}</p><p><a href="/account">${text("nav.account")}</a></p>`
					: html`<p>${text("openid.logged-out.text")}</p><p><a href="/login">${text("nav.login")}</a></p>`,
			})),
	};
}

/** @param name of the helpdesk; undefined when the request does not say which one it is. */
function loggedOutBy(text: Locale["text"], name: string | undefined): string {
	return name === undefined
		? text("openid.log-out.text")
		: text("openid.log-out.text-of", { helpdesk: name });
}

/** Where the log-out form leads besides the brand: Chromium applies `form-action` to the redirect after a POST as well. */
function targetsOf(c: KoaContextWithOIDC): readonly string[] {
	const uri = c.oidc?.params?.["post_logout_redirect_uri"];
	const url = typeof uri === "string" && c.oidc.client !== undefined ? parseUrl(uri) : undefined;
	return url === undefined ? [] : [url.origin];
}
