import { RETIRE_BRAND } from "../../../add-ons/jobs/retire-brand.ts";
import type { Message } from "../../../locale/locale.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { withQuery } from "../list-pager.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS, brandPaths, jobPaths } from "../paths.ts";
import { NO_PROBLEMS, type Problems } from "./brand-fields.ts";
import { headOf } from "./move-brand-routes.ts";
import { type BrandCounted, retirePage } from "./retire-brand-page.ts";
import {
	aboutBrand,
	type BrandPageParts,
	connectedNames,
	isStored,
	type ShownBrand,
} from "./shown-brand.ts";

const { retire: RETIRE } = brandPaths(":brandId");

/** Asks before a stored brand is retired with its people, and starts the job that does it. */
export function retireBrandRoutes(app: OperatorApp, parts: BrandPageParts): void {
	app.get(
		RETIRE,
		aboutBrand(parts, (c, brand) => ask(c, parts, brand, NO_PROBLEMS), isStored),
	);
	app.post(
		RETIRE,
		aboutBrand(parts, (c, brand) => retire(c, parts, brand), isStored),
	);
}

async function ask(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
	problems: Problems,
): Promise<Response> {
	const { locale, csrf } = c.var.visit;
	const page = retirePage({
		...{ brand, problems, locale, csrf },
		people: await countedAt(parts, brand.id),
		connected: await connectedNames(parts, brand.id, locale),
	});
	const status = problems.size === 0 ? 200 : 400;
	const title = locale.text("retire-brand.title", { brand: brand.name });
	return parts.show(c, headOf(brand, title), page, status);
}

async function countedAt(
	{ counts, addOns }: BrandPageParts,
	brandId: string,
): Promise<BrandCounted | undefined> {
	const count = await counts.at(brandId);
	const installed = await addOns.all();
	return count.isReady
		? {
				all: count.of("all"),
				linked: installed
					.map(({ loaded: { manifest } }) => ({
						name: manifest.name,
						people: count.of(`linked:${manifest.id}`),
					}))
					.filter(({ people }) => people > 0),
			}
		: undefined;
}

async function retire(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
): Promise<Response> {
	const typed = (field(c.var.visit.form, "sure") ?? "").trim();
	if (typed !== brand.id) {
		const wrong: Message = { key: "retire-brand.confirm.wrong", values: { id: brand.id } };
		return ask(c, parts, brand, new Map([["sure", wrong]]));
	}
	// Their buttons would lead nowhere. The page says so, and offers nothing.
	if ((await connectedNames(parts, brand.id, c.var.visit.locale)).length > 0) {
		const connected: Message = { key: "retire-brand.confirm.connected" };
		return ask(c, parts, brand, new Map([["sure", connected]]));
	}
	// Nobody waits for its end here: it begins by waiting until no node serves the brand.
	const params = { brandId: brand.id };
	const started = await parts.jobs.start({ type: RETIRE_BRAND, params, by: operatorOf(c) });
	return started.kind === "too-many"
		? c.redirect(withQuery(ADMIN_PATHS.jobs, { notice: "too-many" }), 303)
		: c.redirect(
				withQuery(jobPaths(started.id).job, {
					notice: started.kind === "under-way" ? "under-way" : undefined,
				}),
				303,
			);
}
