import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import { parseUrl } from "../../../../contract/parse-url.ts";
import { typedColour } from "../../../brands/brand-colour.ts";
import { linkProblem } from "../../../brands/brand-look.ts";
import { readLogoFile } from "../../../brands/logo-file.ts";
import type { Message, TextKey } from "../../../locale/locale.ts";
import { pastedText } from "../../../pasted-text.ts";
import { notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { rowsAfter } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, brandPaths } from "../paths.ts";
import { addBrandRoutes } from "./add-brand-routes.ts";
import {
	detailProblems,
	type FieldName,
	type Problems,
	problemsOf,
	typedDetails,
} from "./brand-fields.ts";
import { brandPage, type RefusedForm } from "./brand-page.ts";
import { brandsListPage } from "./brands-list-page.ts";
import { EXAMPLE_COLOUR } from "./colour-card.ts";
import { moveBrandRoutes } from "./move-brand-routes.ts";
import { retireBrandRoutes } from "./retire-brand-routes.ts";
import { aboutBrand, type BrandPageParts, type ShownBrand, shownBrands } from "./shown-brand.ts";
import { brandTextRoutes } from "./texts-routes.ts";

const DONE: ReadonlyMap<string, TextKey> = new Map([
	["saved", "brand.done.saved"],
	["added", "brand.done.added"],
	["moved", "brand.done.moved"],
]);

const { brand: BRAND, links: LINKS, colour: COLOUR, logo: LOGO } = brandPaths(":brandId");

/** The brands of the helpdesk: lists them, adds one, and changes and retires each. */
export function brandRoutes(app: OperatorApp, parts: BrandPageParts): void {
	app.get(ADMIN_PATHS.brands, async (c) => {
		const listed = rowsAfter(await shownBrands(parts), ({ id }) => id, c.req.query("after"));
		const { locale } = c.var.visit;
		const page = brandsListPage(listed, doneNotice(c), locale);
		return parts.show(c, locale.text("brands.title"), page);
	});
	addBrandRoutes(app, parts);
	app.get(
		BRAND,
		aboutBrand(parts, (c, brand) => showBrand(c, parts, brand)),
	);
	app.post(
		BRAND,
		aboutBrand(parts, (c, brand) => saveDetails(c, parts, brand)),
	);
	app.post(
		LINKS,
		aboutBrand(parts, (c, brand) => saveLinks(c, parts, brand)),
	);
	app.post(
		COLOUR,
		aboutBrand(parts, (c, brand) => saveColour(c, parts, brand)),
	);
	app.get(LOGO, async (c) => sendLogo(c, parts));
	app.post(
		LOGO,
		aboutBrand(parts, (c, brand) => saveLogo(c, parts, brand)),
	);
	brandTextRoutes(app, parts);
	moveBrandRoutes(app, parts);
	retireBrandRoutes(app, parts);
}

function doneNotice(c: AdminContext) {
	const done = DONE.get(c.req.query("done") ?? "");
	return done === undefined ? html`` : notice(c.var.visit.locale.text(done));
}

function showBrand(
	c: AdminContext,
	{ show, startedBrands }: BrandPageParts,
	brand: ShownBrand,
	refused?: RefusedForm,
): Promise<Response> {
	const { locale, csrf } = c.var.visit;
	const message =
		refused === undefined ? doneNotice(c) : notice(locale.text("brand.refused"), true);
	const page = brandPage({ brand, started: startedBrands, refused, message, locale, csrf });
	return show(c, { title: brand.name, trail: [] }, page, refused === undefined ? 200 : 400);
}

/** Does a change and shows the brand, or what a rule has against it. */
async function saved(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
	change: () => Promise<unknown>,
	refused: (problems: Problems) => RefusedForm,
	otherwise: FieldName,
): Promise<Response> {
	try {
		await change();
	} catch (error) {
		return showBrand(c, parts, brand, refused(problemsOf(error, otherwise)));
	}
	await parts.knownBrands.reread();
	return c.redirect(`${brandPaths(brand.id).brand}?done=saved`, 303);
}

async function saveDetails(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
): Promise<Response> {
	if (brand.kind !== "stored") {
		return c.notFound();
	}
	const details = typedDetails(c.var.visit.form);
	const problems = detailProblems(details, brand);
	return problems.size > 0
		? showBrand(c, parts, brand, { problems, details })
		: saved(
				c,
				parts,
				brand,
				() => parts.storedBrands.change(brand.id, details),
				(found) => ({ problems: found, details }),
				"name",
			);
}

async function saveLinks(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
): Promise<Response> {
	const { form } = c.var.visit;
	const links = {
		privacyPolicyUrl: typedLink(form, "privacyPolicyUrl"),
		termsUrl: typedLink(form, "termsUrl"),
	};
	const problems = new Map<FieldName, Message>();
	for (const name of ["privacyPolicyUrl", "termsUrl"] as const) {
		const problem = links[name] === "" ? undefined : linkProblem(links[name]);
		if (problem !== undefined) {
			problems.set(name, problem);
		}
	}
	const refused = (found: Problems): RefusedForm => ({ problems: found, links });
	const change = {
		privacyPolicyUrl: keptLink(links.privacyPolicyUrl),
		termsUrl: keptLink(links.termsUrl),
	};
	return problems.size > 0
		? showBrand(c, parts, brand, refused(problems))
		: saved(
				c,
				parts,
				brand,
				() => parts.looks.change(brand.id, change),
				refused,
				"privacyPolicyUrl",
			);
}

/** As browsers write it. */
function keptLink(typed: string): string | null {
	return parseUrl(typed)?.href ?? null;
}

function typedLink(form: readonly FormField[], name: string): string {
	return pastedText(field(form, name) ?? "");
}

async function saveColour(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
): Promise<Response> {
	const typed = pastedText(field(c.var.visit.form, "colour") ?? "");
	const colour = typed === "" ? null : typedColour(typed);
	const refused = (problems: Problems): RefusedForm => ({ problems, colour: typed });
	const unusable: Message = { key: "brand.colour.unusable", values: { example: EXAMPLE_COLOUR } };
	return colour === undefined
		? showBrand(c, parts, brand, refused(new Map([["colour", unusable]])))
		: saved(c, parts, brand, () => parts.looks.change(brand.id, { colour }), refused, "colour");
}

async function saveLogo(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
): Promise<Response> {
	const { form, files } = c.var.visit;
	const { looks } = parts;
	const refused = (problems: Problems): RefusedForm => ({ problems });
	if (field(form, "remove") === "yes") {
		return saved(c, parts, brand, () => looks.removeLogo(brand.id), refused, "logo");
	}
	const file = files.get("logo");
	const bytes = new Uint8Array((await file?.arrayBuffer()) ?? []);
	const none: Message = { key: "brand.logo.missing" };
	const logo = bytes.length === 0 ? none : readLogoFile(bytes);
	return "key" in logo
		? showBrand(c, parts, brand, refused(new Map([["logo", logo]])))
		: saved(c, parts, brand, () => looks.setLogo(brand.id, logo, bytes), refused, "logo");
}

/** The logo for the page of the brand, because a page of the administration loads nothing from a portal. */
async function sendLogo(c: AdminContext, { looks }: BrandPageParts): Promise<Response> {
	const logo = await looks.logoOf(c.req.param("brandId") ?? "");
	return logo === undefined
		? c.notFound()
		: c.body(new Uint8Array(logo.bytes), 200, {
				...{ "content-type": logo.type, "cache-control": "no-store" },
			});
}
