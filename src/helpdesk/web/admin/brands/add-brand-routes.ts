import { isBrandId } from "../../../brands/brand-rules.ts";
import type { Message } from "../../../locale/locale.ts";
import { pastedText } from "../../../pasted-text.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, brandPaths } from "../paths.ts";
import {
	detailProblems,
	type FieldName,
	NO_PROBLEMS,
	type Problems,
	problemsOf,
	typedAddressOf,
	typedDetails,
} from "./brand-fields.ts";
import { addBrandPage } from "./brand-page.ts";
import type { BrandPageParts } from "./shown-brand.ts";

const EMPTY = { id: "", url: "", name: "", locale: "en", timeZone: "UTC" };

/** Adds a brand, which is served at once by its host name. */
export function addBrandRoutes(app: OperatorApp, parts: BrandPageParts): void {
	app.get(ADMIN_PATHS.addBrand, async (c) => showForm(c, parts, EMPTY, NO_PROBLEMS));
	app.post(ADMIN_PATHS.addBrand, async (c) => add(c, parts));
}

function showForm(
	c: AdminContext,
	{ show }: BrandPageParts,
	typed: typeof EMPTY,
	problems: Problems,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const page = addBrandPage({ typed, problems, csrf, locale });
	const status = problems.size === 0 ? 200 : 400;
	return show(c, { title: locale.text("add-brand.title"), trail: [] }, page, status);
}

async function add(c: AdminContext, parts: BrandPageParts): Promise<Response> {
	const { knownBrands, storedBrands } = parts;
	const { form } = c.var.visit;
	const id = pastedText(field(form, "id") ?? "");
	const url = field(form, "url") ?? "";
	const details = typedDetails(form);
	const typed = { ...details, id, url };
	const address = typedAddressOf(url);
	const problems = problemsWith(parts, typed);
	if ("key" in address || problems.size > 0) {
		const about = "key" in address ? [["url", address] as const] : [];
		return showForm(c, parts, typed, new Map([...problems, ...about]));
	}
	const facts = { id, ...details, url: address.origin };
	const obstacle = knownBrands.obstacleAt(facts);
	if (obstacle !== undefined) {
		return showForm(c, parts, typed, new Map([["url", obstacle]]));
	}
	try {
		await storedBrands.add(facts);
	} catch (error) {
		return showForm(c, parts, typed, problemsOf(error, "name"));
	}
	await knownBrands.reread();
	return c.redirect(`${brandPaths(id).brand}?done=added`, 303);
}

/** What is wrong with all but the address. */
function problemsWith({ knownBrands }: BrandPageParts, typed: typeof EMPTY): Problems {
	const problems = new Map<FieldName, Message>(detailProblems(typed));
	if (!isBrandId(typed.id)) {
		problems.set("id", { key: "add-brand.id.unusable" });
	}
	if (knownBrands.isFixed(typed.id)) {
		problems.set("id", { key: "add-brand.id.taken" });
	}
	return problems;
}
