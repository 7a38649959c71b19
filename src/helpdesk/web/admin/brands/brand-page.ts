import { html } from "hono/html";
import { MOST_LOGO_BYTES, MOST_LOGO_PIXELS } from "../../../brands/logo-file.ts";
import { languageName } from "../../../locale/language-name.ts";
import type { Locale } from "../../../locale/locale.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { labelled } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, brandPaths } from "../paths.ts";
import {
	detailFields,
	NO_PROBLEMS,
	type Problems,
	type SaidProblems,
	saidProblems,
	type TypedDetails,
	urlField,
} from "./brand-fields.ts";
import { colourCard } from "./colour-card.ts";
import type { ShownBrand, StartedBrands } from "./shown-brand.ts";

/** What was typed into one of the forms, after a refusal. The other forms show what is stored. */
export interface RefusedForm {
	readonly problems: Problems;
	readonly details?: TypedDetails;
	readonly links?: { readonly privacyPolicyUrl: string; readonly termsUrl: string };
	readonly colour?: string;
}

interface BrandPage {
	readonly brand: ShownBrand;
	readonly started: StartedBrands;
	readonly refused: RefusedForm | undefined;
	readonly message: Markup;
	readonly locale: Locale;
	readonly csrf: string;
}

/** All that can be changed about a brand, each part by a form of its own. */
export function brandPage(page: BrandPage): Markup {
	const { brand, message, csrf, locale } = page;
	const { id, name, url, kind, look, obstacle } = brand;
	const { text, say } = locale;
	const paths = brandPaths(id);
	const problems = problemsIn(page);
	const served =
		obstacle === undefined ? "" : notice(text("brand.not-served", { reason: say(obstacle) }), true);
	const plain = brand.isLookUnreadable ? notice(text("brand.look-unreadable"), true) : "";
	const lead = html`<a href="${url}" rel="noreferrer">${url}</a>`;
	const colour = { brandId: id, colour: look.colour, typed: page.refused?.colour };
	return html`${pageHead(name, lead)}${message}${served}${plain}
<h2>${text("brand.details.title")}</h2>${kind === "stored" ? detailsCard(page) : fixedCard(page)}
<h2>${text("brand.colour.title")}</h2>${colourCard({ ...colour, problems, locale, csrf })}
<h2>${text("brand.logo.title")}</h2>${logoCard(page)}
<h2>${text("brand.texts.title")}</h2><div class="card"><p>${text("brand.texts.text")}</p><p><a href="${paths.texts}">${text("brand.texts.change")}</a></p></div>
<h2>${text("brand.links.title")}</h2>${linksCard(page)}
<h2>${text("brand.address.title")}</h2>${addressCard(page)}
${kind === "stored" ? html`<p class="actions"><a class="danger" href="${paths.retire}">${text("brand.retire", { brand: name })}</a></p>` : ""}`;
}

function problemsIn({ refused, locale }: BrandPage): SaidProblems {
	return saidProblems(refused?.problems ?? NO_PROBLEMS, locale);
}

function detailsCard(page: BrandPage): Markup {
	const { brand, refused, locale, csrf } = page;
	const { id, name, timeZone = "UTC" } = brand;
	const typed = refused?.details ?? { name, locale: brand.locale, timeZone };
	const problems = refused?.details === undefined ? new Map() : problemsIn(page);
	return html`<div class="card"><form method="post" action="${brandPaths(id).brand}" data-unsaved="${refused?.details === undefined ? "" : "yes"}">${csrfField(csrf)}${detailFields(typed, { problems }, locale)}<button type="submit">${locale.text("brand.save")}</button></form></div>`;
}

/** What the start fixes, and why it cannot be changed here. */
function fixedCard({ brand, started, locale }: BrandPage): Markup {
	const { id, name, timeZone = "UTC" } = brand;
	const { text, markup } = locale;
	const why =
		started.kind === "sample"
			? markup("brand.fixed.sample", {
					flag: html`<code>--brand 'help=Help Desk,https://help.example.com'</code>`,
				})
			: markup("brand.fixed.configured", {
					flag: html`<code>--brand</code>`,
					fileFlag: html`<code>--brands-file</code>`,
				});
	return html`<div class="card"><dl><dt>${text("brand.fixed.id")}</dt><dd><code>${id}</code></dd><dt>${text("brand.name")}</dt><dd>${name}</dd><dt>${text("brand.language")}</dt><dd>${languageName(brand.locale, locale.tag)}</dd><dt>${text("brand.time-zone")}</dt><dd>${timeZone}</dd></dl><p class="help">${why}</p></div>`;
}

function logoCard(page: BrandPage): Markup {
	const { brand, csrf, locale } = page;
	const { id, name, look } = brand;
	const { text } = locale;
	const { logo } = brandPaths(id);
	const help = text("brand.logo.help", {
		kilobytes: MOST_LOGO_BYTES / 1024,
		pixels: MOST_LOGO_PIXELS,
	});
	const shown =
		look.logo === null
			? html`<p>${text("brand.logo.none")}</p>`
			: html`<p class="brand"><img src="${logo}?v=${look.logo.sha256}" width="${look.logo.width}" height="${look.logo.height}" alt="${text("brand.logo.alt", { brand: name })}"></p>`;
	const remove =
		look.logo === null
			? ""
			: html`<form method="post" action="${logo}">${csrfField(csrf)}<input type="hidden" name="remove" value="yes"><button class="secondary" type="submit">${text("brand.logo.remove")}</button></form>`;
	const problems = { problems: problemsIn(page) };
	return html`<div class="card">${shown}<form method="post" action="${logo}" enctype="multipart/form-data" data-unsaved="">${csrfField(csrf)}${labelled(problems, "logo", text("brand.logo.label"), help, (traits) => html`<input id="logo" name="logo" type="file" accept="image/png,image/jpeg,image/webp" required${traits}>`)}<button type="submit">${text("brand.logo.upload")}</button></form>${remove}</div>`;
}

function linksCard(page: BrandPage): Markup {
	const { brand, refused, csrf, locale } = page;
	const { id, look } = brand;
	const { text } = locale;
	const typed = refused?.links ?? {
		privacyPolicyUrl: look.privacyPolicyUrl ?? "",
		termsUrl: look.termsUrl ?? "",
	};
	const shown = { problems: problemsIn(page) };
	const help = text("brand.links.help");
	return html`<div class="card"><form method="post" action="${brandPaths(id).links}" data-unsaved="${refused?.links === undefined ? "" : "yes"}">${csrfField(csrf)}${urlField(shown, "privacyPolicyUrl", text("brand.links.privacy"), help, typed.privacyPolicyUrl)}${urlField(shown, "termsUrl", text("brand.links.terms"), help, typed.termsUrl)}<button type="submit">${text("brand.save")}</button></form></div>`;
}

function addressCard({ brand: { id, url, kind }, started, locale }: BrandPage): Markup {
	const { text, markup } = locale;
	if (kind === "stored") {
		return html`<div class="card"><p>${url}</p>${proxyHint(url, started, locale)}<p class="actions"><a href="${brandPaths(id).address}">${text("brand.address.change")}</a></p></div>`;
	}
	const why =
		kind === "sample"
			? markup("brand.address.fixed.sample", { flag: html`<code>--base-url ${id}=URL</code>` })
			: markup("brand.address.fixed.configured", {
					flag: html`<code>--brand</code>`,
					fileFlag: html`<code>--brands-file</code>`,
				});
	return html`<div class="card"><p>${url}</p><p class="help">${why}</p></div>`;
}

/** What the person who runs the server does once, so that a brand without a port of its own is reached. */
function proxyHint(url: string, { listening }: StartedBrands, { text, markup }: Locale): Markup {
	const { host, hostname, protocol } = new URL(url);
	if (protocol === "http:") {
		return html`<p class="help">${text("brand.address.on-port")}</p>`;
	}
	const target = listening ?? "http://127.0.0.1:8080";
	const help = markup("brand.address.proxy.help", {
		hostname,
		header: html`<code>X-Forwarded-Host</code>`,
		flag: html`<code>--trust-proxy</code>`,
	});
	return html`<p>${text("brand.address.proxy", { hostname, host })}</p><pre class="recipe">server {
  listen 443 ssl;
  server_name ${hostname};
  location / {
    proxy_pass ${target};
    proxy_set_header Host $host;
  }
}</pre><p class="help">${help}</p>`;
}

/** The page that adds a brand. */
export function addBrandPage(page: {
	readonly typed: TypedDetails & { readonly id: string; readonly url: string };
	readonly problems: Problems;
	readonly locale: Locale;
	readonly csrf: string;
}): Markup {
	const { typed, locale, csrf } = page;
	const { text } = locale;
	const shown = { problems: saidProblems(page.problems, locale) };
	const refusal = page.problems.size === 0 ? "" : notice(text("add-brand.refused"), true);
	return html`${pageHead(text("add-brand.title"), text("add-brand.lead"))}${refusal}<div class="card"><form method="post" action="${ADMIN_PATHS.addBrand}">${csrfField(csrf)}
${labelled(shown, "id", text("add-brand.id"), text("add-brand.id.help"), (traits) => html`<input id="id" name="id" value="${typed.id}" maxlength="32" autocomplete="off" autocapitalize="none" spellcheck="false" required${traits}>`)}
${urlField(shown, "url", text("add-brand.address"), text("add-brand.address.help"), typed.url)}
${detailFields(typed, shown, locale)}<div class="actions answer"><button type="submit">${text("add-brand.submit")}</button><a href="${ADMIN_PATHS.brands}">${text("add-brand.cancel")}</a></div></form></div>`;
}
