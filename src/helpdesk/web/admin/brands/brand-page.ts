import { html } from "hono/html";
import { MOST_LOGO_BYTES, MOST_LOGO_PIXELS } from "../../../brands/logo-file.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { languageName } from "../admin-pages.ts";
import { labelled } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, brandPaths } from "../paths.ts";
import {
	detailFields,
	NO_PROBLEMS,
	type Problems,
	sentenceOf,
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
	readonly csrf: string;
}

/** All that can be changed about a brand, each part by a form of its own. */
export function brandPage(page: BrandPage): Markup {
	const { brand, refused, message, csrf } = page;
	const { id, name, url, kind, look, obstacle } = brand;
	const paths = brandPaths(id);
	const problems = refused?.problems ?? NO_PROBLEMS;
	const served = obstacle === undefined ? "" : notice(`Not served: ${sentenceOf(obstacle)}`, true);
	const plain = brand.isLookUnreadable
		? notice(
				"What is stored about the look of this brand cannot be read, so the brand looks plain and its look cannot be changed. Use the version of the helpdesk that stored it.",
				true,
			)
		: "";
	const lead = html`<a href="${url}" rel="noreferrer">${url}</a>`;
	return html`${pageHead(name, lead)}${message}${served}${plain}
<h2>Name, language and time zone</h2>${kind === "stored" ? detailsCard(page) : fixedCard(page)}
<h2>Colour</h2>${colourCard({ brandId: id, colour: look.colour, typed: refused?.colour, problems, csrf })}
<h2>Logo</h2>${logoCard(page)}
<h2>Texts</h2><div class="card"><p>A text on the log-in page, and the first and the last words of e-mails.</p><p><a href="${paths.texts}">Change the texts</a></p></div>
<h2>Privacy policy and terms</h2>${linksCard(page)}
<h2>Address</h2>${addressCard(page)}
${kind === "stored" ? html`<p class="actions"><a class="danger" href="${paths.retire}">Retire ${name}</a></p>` : ""}`;
}

function detailsCard({ brand, refused, csrf }: BrandPage): Markup {
	const { id, name, locale, timeZone = "UTC" } = brand;
	const typed = refused?.details ?? { name, locale, timeZone };
	const problems = refused?.details === undefined ? NO_PROBLEMS : refused.problems;
	return html`<div class="card"><form method="post" action="${brandPaths(id).brand}" data-unsaved="${refused?.details === undefined ? "" : "yes"}">${csrfField(csrf)}${detailFields(typed, { problems })}<button type="submit">Save</button></form></div>`;
}

/** What the start fixes, and why it cannot be changed here. */
function fixedCard({ brand: { id, name, locale, timeZone = "UTC" }, started }: BrandPage): Markup {
	const why =
		started.kind === "sample"
			? html`This is a sample brand. Start the helpdesk with a brand of your own in its place, for example <code>--brand 'help=Help Desk,https://help.example.com'</code>, or add one here.`
			: html`The start of the helpdesk sets these, with <code>--brand</code> or <code>--brands-file</code>, and gives the brand a port of its own. Change them there, and start again.`;
	return html`<div class="card"><dl><dt>Id</dt><dd><code>${id}</code></dd><dt>Name</dt><dd>${name}</dd><dt>Language</dt><dd>${languageName(locale)}</dd><dt>Time zone</dt><dd>${timeZone}</dd></dl><p class="help">${why}</p></div>`;
}

function logoCard({ brand, refused, csrf }: BrandPage): Markup {
	const { id, name, look } = brand;
	const { logo } = brandPaths(id);
	const help = `PNG, JPEG or WebP, at most ${MOST_LOGO_BYTES / 1024} KB and ${MOST_LOGO_PIXELS} pixels on a side. It stands on white in place of the name. SVG is not taken, because it can hold scripts.`;
	const shown =
		look.logo === null
			? html`<p>There is none: pages show the name.</p>`
			: html`<p class="brand"><img src="${logo}?v=${look.logo.sha256}" width="${look.logo.width}" height="${look.logo.height}" alt="Logo of ${name}"></p>`;
	const remove =
		look.logo === null
			? ""
			: html`<form method="post" action="${logo}">${csrfField(csrf)}<input type="hidden" name="remove" value="yes"><button class="secondary" type="submit">Remove the logo</button></form>`;
	const shownProblems = { problems: refused?.problems ?? NO_PROBLEMS };
	return html`<div class="card">${shown}<form method="post" action="${logo}" enctype="multipart/form-data" data-unsaved="">${csrfField(csrf)}${labelled(shownProblems, "logo", "New logo", help, (traits) => html`<input id="logo" name="logo" type="file" accept="image/png,image/jpeg,image/webp" required${traits}>`)}<button type="submit">Upload</button></form>${remove}</div>`;
}

function linksCard({ brand: { id, look }, refused, csrf }: BrandPage): Markup {
	const typed = refused?.links ?? {
		privacyPolicyUrl: look.privacyPolicyUrl ?? "",
		termsUrl: look.termsUrl ?? "",
	};
	const shown = { problems: refused?.problems ?? NO_PROBLEMS };
	const help = "Leave it empty for the page of the helpdesk.";
	return html`<div class="card"><form method="post" action="${brandPaths(id).links}" data-unsaved="${refused?.links === undefined ? "" : "yes"}">${csrfField(csrf)}${urlField(shown, "privacyPolicyUrl", "Privacy policy", help, typed.privacyPolicyUrl)}${urlField(shown, "termsUrl", "Terms", help, typed.termsUrl)}<button type="submit">Save</button></form></div>`;
}

function addressCard({ brand: { id, url, kind }, started }: BrandPage): Markup {
	if (kind !== "stored") {
		const flag = kind === "sample" ? `--base-url ${id}=URL` : "--brand or --brands-file";
		return html`<div class="card"><p>${url}</p><p class="help">The start of the helpdesk sets it, with <code>${flag}</code>, because the brand listens on a port of its own. Change it there, and start again.</p></div>`;
	}
	return html`<div class="card"><p>${url}</p>${proxyHint(url, started)}<p class="actions"><a href="${brandPaths(id).address}">Change the address</a></p></div>`;
}

/** What the person who runs the server does once, so that a brand without a port of its own is reached. */
function proxyHint(url: string, { listening }: StartedBrands): Markup {
	const { host, hostname, protocol } = new URL(url);
	if (protocol === "http:") {
		return html`<p class="help">The port of the first brand serves it, by the host name.</p>`;
	}
	const target = listening ?? "http://127.0.0.1:8080";
	return html`<p>The port of the first brand serves it, by the host name. Let DNS lead ${hostname} to your proxy, and let the proxy pass requests for ${host} on there with the host name of the browser. For nginx:</p><pre class="recipe">server {
  listen 443 ssl;
  server_name ${hostname};
  location / {
    proxy_pass ${target};
    proxy_set_header Host $host;
  }
}</pre><p class="help">Give nginx a certificate for ${hostname}. If the proxy cannot keep the host name, let it send <code>X-Forwarded-Host</code>, and start the helpdesk with <code>--trust-proxy</code>.</p>`;
}

/** The page that adds a brand. */
export function addBrandPage(page: {
	readonly typed: TypedDetails & { readonly id: string; readonly url: string };
	readonly problems: Problems;
	readonly csrf: string;
}): Markup {
	const { typed, problems, csrf } = page;
	const refusal =
		problems.size === 0 ? "" : notice("Not added. Fix the fields marked below.", true);
	const lead = "Its portal opens at once. Point its host name at the port of the first brand.";
	const idHelp =
		"1 to 32 characters: a-z, 0-9 and -, a letter first, such as shop. It cannot be changed later, and no other brand can have it.";
	return html`${pageHead("Add a brand", lead)}${refusal}<div class="card"><form method="post" action="${ADMIN_PATHS.addBrand}">${csrfField(csrf)}
${labelled(page, "id", "Id", idHelp, (traits) => html`<input id="id" name="id" value="${typed.id}" maxlength="32" autocomplete="off" autocapitalize="none" spellcheck="false" required${traits}>`)}
${urlField(page, "url", "Address", "What visitors see in their browser: https and a host name of its own, no path.", typed.url)}
${detailFields(typed, page)}<div class="actions answer"><button type="submit">Add</button><a href="${ADMIN_PATHS.brands}">Cancel</a></div></form></div>`;
}
