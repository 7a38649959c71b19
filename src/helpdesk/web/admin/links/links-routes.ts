import type { Brand } from "../../../../contract/brands.ts";
import type { LinkResult } from "../../../../contract/link-transfer.ts";
import { isActive } from "../../../add-ons/add-on.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { sendCsv, writeCsv } from "../csv.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, ANY_PLUGIN, integrationPaths } from "../paths.ts";
import { type FileRow, readLinkFile } from "./link-file.ts";
import { type ExportParts, exportedLinks } from "./links-export.ts";
import { type JudgedRow, type LinksPage, linksPage } from "./links-page.ts";
import { type ListText, listTextIn } from "./list-text.ts";

export interface LinkRouteParts extends ExportParts {
	readonly brands: readonly Brand[];
	readonly show: ShowPage;
}

const { links: LINKS, linksExport: EXPORT } = integrationPaths(ANY_PLUGIN);

/** Imports links from another log-in, and exports links. */
export function linkRoutes(app: OperatorApp, parts: LinkRouteParts): void {
	// A deactivated plugin still has its data, so its links can be exported.
	app.get(EXPORT, async (c) => {
		const { plugin } = c.var.addOn;
		const asked = c.req.query("brand");
		const wanted = parts.brands.filter((brand) => asked === undefined || brand.id === asked);
		if (!plugin.can("exportLinks") || wanted.length === 0) {
			return c.notFound();
		}
		const file = await exportedLinks(wanted, plugin, parts);
		return sendCsv(c, `${plugin.loaded.manifest.id}-links.csv`, file);
	});
	app.use(LINKS, async (c, next) => {
		const { addOn } = c.var;
		if (!addOn.plugin.can("importLinks")) {
			return c.notFound();
		}
		return isActive(addOn) ? next() : c.redirect(ADMIN_PATHS.integrations, 303);
	});
	app.get(LINKS, async (c) => showLinks(c, parts, {}));
	app.post(LINKS, async (c) => importLinks(c, parts));
}

function showLinks(
	c: AdminContext,
	{ brands, show }: LinkRouteParts,
	shown: Partial<Pick<LinksPage, "brandId" | "text" | "report" | "message">>,
	status = 200,
): Promise<Response> {
	const { plugin } = c.var.addOn;
	const { name } = plugin.loaded.manifest;
	const page = linksPage({ plugin, brands, csrf: c.var.visit.csrf, ...shown });
	return show(c, `${name}: links`, page, status);
}

async function importLinks(c: AdminContext, parts: LinkRouteParts): Promise<Response> {
	const { brands } = parts;
	const { plugin } = c.var.addOn;
	const { id, linkFile } = plugin.loaded.manifest;
	const { form } = c.var.visit;
	const brandId = brands.find((brand) => brand.id === field(form, "brand"))?.id;
	const typed = await typedList(c);
	const { text } = typed;
	const refuse = (sentence: string): Promise<Response> =>
		showLinks(c, parts, { brandId, text, message: notice(sentence, true) }, 400);
	if (typed.problem !== undefined || brandId === undefined) {
		return refuse(typed.problem ?? "Choose a brand.");
	}
	const reading = readLinkFile(text, { linkFile, brands, brandId });
	if (reading.kind === "problem") {
		return refuse(reading.problem);
	}
	const action = field(form, "action");
	const dryRun = action !== "import";
	const results = await plugin.importLinks(
		reading.rows.map(({ row }) => row),
		{ dryRun },
	);
	const rows = judged(reading.rows, results);
	return action === "download"
		? sendCsv(c, `${id}-import.csv`, resultsFile(plugin, rows))
		: showLinks(c, parts, { brandId, text, report: { dryRun, rows } });
}

/** A chosen file comes before a pasted list, and a pasted list before the one that the page kept. */
function typedList(c: AdminContext): Promise<ListText> {
	const { form, files } = c.var.visit;
	const pasted = field(form, "links") ?? "";
	return listTextIn(pasted.trim() === "" ? (field(form, "kept") ?? "") : pasted, files.get("file"));
}

function judged(rows: readonly FileRow[], results: readonly LinkResult[]): JudgedRow[] {
	return rows.flatMap(({ line, row }, index) => {
		const result = results[index];
		return result === undefined ? [] : [{ line, row, result }];
	});
}

function resultsFile(plugin: PluginHooks, rows: readonly JudgedRow[]): string {
	const text = textsOf(plugin);
	return writeCsv([
		["line", "id", "email", "user_id", "brand", "result", "reason"],
		...rows.map(({ line, row, result }) => [
			line,
			row.identityId,
			row.email ?? "",
			row.userId ?? "",
			row.brandId,
			result.state,
			text(result.message),
		]),
	]);
}
