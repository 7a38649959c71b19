import type { Context, Hono } from "hono";
import type { Brand } from "../../../../contract/brands.ts";
import type { LinkResult } from "../../../../contract/link-transfer.ts";
import { isActive } from "../../../add-ons/add-on.ts";
import type { InstalledPlugin } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import type { Accounts } from "../../../people/accounts.ts";
import { field, type VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, notice, type ShowPage } from "../admin-pages.ts";
import {
	csv,
	type FileRow,
	linkFileHeader,
	MAX_FILE_BYTES,
	readLinkFile,
	writeLinks,
} from "./link-file.ts";
import { type JudgedRow, type LinksPage, linksPage } from "./links-page.ts";

export interface LinkRouteParts {
	readonly brands: readonly Brand[];
	readonly accounts: Accounts;
	readonly show: ShowPage;
}

type AdminContext = Context<VisitEnv>;

/** Where links are imported. */
export function linksPath(pluginId: string): string {
	return `${ADMIN_PATHS.integrations}/${pluginId}/links`;
}

/** Links that come from another log-in, and links that go to one. */
export function linkRoutes(app: Hono<VisitEnv>, parts: LinkRouteParts): void {
	const { brands, show } = parts;
	const path = linksPath(":pluginId");

	const showLinks = (
		c: AdminContext,
		shown: Partial<Pick<LinksPage, "brandId" | "text" | "result" | "message">>,
		status = 200,
	) => {
		const { plugin } = c.var.addOn;
		const { name } = plugin.loaded.manifest;
		const page = linksPage({ plugin, brands, csrf: c.var.visit.csrf, ...shown });
		return show(c, `${name}: links`, page, status);
	};
	// Exporting is about data that is kept while a plugin is deactivated.
	app.get(`${path}.csv`, async (c) => {
		const { plugin } = c.var.addOn;
		const { id } = plugin.loaded.manifest;
		const asked = c.req.query("brand");
		const wanted = brands.filter((brand) => asked === undefined || brand.id === asked);
		if (!plugin.can("exportLinks") || wanted.length === 0) {
			return c.notFound();
		}
		return attachment(c, `${id}-links.csv`, await streamed(exported(wanted, plugin, parts)));
	});
	app.use(path, async (c, next) => {
		const { addOn } = c.var;
		if (!addOn.plugin.can("importLinks")) {
			return c.notFound();
		}
		return isActive(addOn) ? next() : c.redirect(ADMIN_PATHS.integrations, 303);
	});
	app.get(path, async (c) => showLinks(c, {}));
	app.post(path, async (c) => {
		const { plugin } = c.var.addOn;
		const { id, linkFile } = plugin.loaded.manifest;
		const { form, files } = c.var.visit;
		const brandId = brands.find((brand) => brand.id === field(form, "brand"))?.id;
		const pasted = field(form, "links") ?? "";
		const kept = field(form, "kept") ?? "";
		const read = await typedLinks(pasted.trim() === "" ? kept : pasted, files.get("file"));
		if (read.problem !== undefined || brandId === undefined) {
			const message = notice(read.problem ?? "Choose a brand.", true);
			return showLinks(c, { brandId, text: read.text, message }, 400);
		}
		const { text } = read;
		const reading = readLinkFile(text, { linkFile, brands, brandId });
		if (reading.kind === "problem") {
			const message = notice(reading.problem, true);
			return showLinks(c, { brandId, text, message }, 400);
		}
		const action = field(form, "action");
		const dryRun = action !== "import";
		const fates = await plugin.importLinks(
			reading.rows.map(({ row }) => row),
			{ dryRun },
		);
		const rows = judged(reading.rows, fates);
		return action === "download"
			? attachment(c, `${id}-import.csv`, fatesFile(plugin, rows))
			: showLinks(c, { brandId, text, result: { dryRun, rows } });
	});
}

function attachment(c: AdminContext, name: string, body: string | ReadableStream): Response {
	return c.body(body, 200, {
		"content-type": "text/csv; charset=utf-8",
		"content-disposition": `attachment; filename="${name}"`,
		"cache-control": "no-store",
	});
}

function judged(rows: readonly FileRow[], fates: readonly LinkResult[]): JudgedRow[] {
	return rows.flatMap(({ line, row }, index) => {
		const fate = fates[index];
		return fate === undefined ? [] : [{ line, row, fate }];
	});
}

/** The text of the file, where one was chosen, else what was pasted. */
async function typedLinks(
	pasted: string,
	file: File | undefined,
): Promise<{ readonly text: string; readonly problem?: string }> {
	if (file === undefined || file.size === 0) {
		return { text: pasted };
	}
	if (file.size > MAX_FILE_BYTES) {
		const problem = `${file.name} is larger than 5 MB. Split it, and import one part after the other.`;
		return { text: pasted, problem };
	}
	const bytes = new Uint8Array(await file.arrayBuffer());
	// Spreadsheets call UTF-16 "Unicode text".
	const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
	try {
		return { text: new TextDecoder(isUtf16 ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes) };
	} catch {
		const problem = `${file.name} is not text in UTF-8. Save it as “CSV UTF-8” and choose it again.`;
		return { text: pasted, problem };
	}
}

function fatesFile(plugin: InstalledPlugin, rows: readonly JudgedRow[]): string {
	const text = textsOf(plugin);
	return csv([
		["line", "id", "email", "user_id", "brand", "fate", "reason"],
		...rows.map(({ line, row, fate }) => [
			String(line),
			row.identityId,
			row.email ?? "",
			row.userId ?? "",
			row.brandId,
			fate.state,
			text(fate.message),
		]),
	]);
}

/** All links of some brands as CSV, page by page. */
async function* exported(
	brands: readonly Brand[],
	plugin: InstalledPlugin,
	{ accounts }: LinkRouteParts,
): AsyncGenerator<string> {
	yield linkFileHeader(plugin.loaded.manifest.linkFile);
	for (const { id: brandId } of brands) {
		let cursor: string | undefined;
		do {
			const page = await plugin.exportLinks(brandId, cursor);
			const owners = await Promise.all(page.links.map(({ userId }) => accounts.find(userId)));
			const links = page.links.flatMap((link, index) => {
				const owner = owners[index];
				if (owner === undefined) {
					return [];
				}
				const confirmed = owner.confirmed && !owner.unclaimed;
				return [{ ...link, email: owner.email ?? "", brandId, confirmed }];
			});
			yield writeLinks(links);
			cursor = page.cursor;
		} while (cursor !== undefined);
	}
}

/** Waits for the first page, so that an export that cannot begin is answered with an error and not with a broken file. */
async function streamed(parts: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
	const encoder = new TextEncoder();
	const start = [(await parts.next()).value, (await parts.next()).value].join("");
	return new ReadableStream({
		start: (stream) => {
			stream.enqueue(encoder.encode(start));
		},
		pull: async (stream) => {
			const { done, value } = await parts.next();
			if (done) {
				stream.close();
			} else {
				stream.enqueue(encoder.encode(value));
			}
		},
		cancel: async () => {
			await parts.return(undefined);
		},
	});
}
