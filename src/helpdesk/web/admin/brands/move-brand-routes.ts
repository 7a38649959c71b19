import { callbackPath } from "../../../brands/brand-addresses.ts";
import type { Message } from "../../../locale/locale.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { isConfirmed } from "../asking-first.ts";
import type { OperatorApp } from "../operator-area.ts";
import { brandPaths } from "../paths.ts";
import { NO_PROBLEMS, type Problems, problemsOf, typedAddressOf } from "./brand-fields.ts";
import { type Move, moveFormPage, moveQuestionPage } from "./move-brand-page.ts";
import {
	aboutBrand,
	type BrandPageParts,
	connectedNames,
	isStored,
	type ShownBrand,
} from "./shown-brand.ts";

const { address: ADDRESS } = brandPaths(":brandId");

/** Changes the address of a stored brand: takes the new one, says what it breaks, and does it. */
export function moveBrandRoutes(app: OperatorApp, parts: BrandPageParts): void {
	const opened = (c: AdminContext, brand: ShownBrand): Promise<Response> => {
		const typed = c.req.query("url");
		return typed === undefined
			? showForm(c, parts, brand, brand.url, NO_PROBLEMS)
			: ask(c, parts, brand, typed);
	};
	app.get(ADDRESS, aboutBrand(parts, opened, isStored));
	app.post(
		ADDRESS,
		aboutBrand(parts, (c, brand) => move(c, parts, brand), isStored),
	);
}

function showForm(
	c: AdminContext,
	{ show }: BrandPageParts,
	brand: ShownBrand,
	typed: string,
	problems: Problems,
): Promise<Response> {
	const { locale } = c.var.visit;
	const page = moveFormPage({ brand, typed, problems, locale });
	const head = headOf(brand, locale.text("move-brand.title"));
	return show(c, head, page, problems.size === 0 ? 200 : 400);
}

export function headOf({ id, name }: Pick<ShownBrand, "id" | "name">, title: string) {
	return { title, trail: [{ label: name, path: brandPaths(id).brand }] };
}

/** @returns the origin, or why it cannot be the address of the brand. */
function newAddress(
	{ knownBrands }: BrandPageParts,
	brand: ShownBrand,
	typed: string,
): { readonly origin: string } | Message {
	const address = typedAddressOf(typed);
	if ("key" in address) {
		return address;
	}
	return address.origin === brand.url
		? { key: "move-brand.address.same" }
		: (knownBrands.obstacleAt({ ...brand, url: address.origin }) ?? address);
}

async function ask(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
	typed: string,
): Promise<Response> {
	const address = newAddress(parts, brand, typed);
	if ("key" in address) {
		return showForm(c, parts, brand, typed, new Map([["url", address]]));
	}
	const { origin } = address;
	const { csrf, locale } = c.var.visit;
	const addOns = (await parts.addOns.all()).filter(
		({ record: { status } }) => status !== "uninstalled",
	);
	const move: Move = {
		...{ brand, origin },
		callbacks: addOns.map(({ loaded: { manifest } }) => ({
			name: manifest.name,
			url: `${origin}${callbackPath(manifest.id)}`,
		})),
		connected: await connectedNames(parts, brand.id, locale),
	};
	const page = moveQuestionPage(move, csrf, locale);
	return parts.show(c, headOf(brand, locale.text("move-brand.title")), page);
}

async function move(c: AdminContext, parts: BrandPageParts, brand: ShownBrand): Promise<Response> {
	const typed = field(c.var.visit.form, "url") ?? "";
	const address = newAddress(parts, brand, typed);
	if ("key" in address) {
		return showForm(c, parts, brand, typed, new Map([["url", address]]));
	}
	if (!isConfirmed(c)) {
		return ask(c, parts, brand, typed);
	}
	try {
		await parts.storedBrands.change(brand.id, { url: address.origin });
	} catch (error) {
		return showForm(c, parts, brand, typed, problemsOf(error, "url"));
	}
	await parts.knownBrands.reread();
	return c.redirect(`${brandPaths(brand.id).brand}?done=moved`, 303);
}
