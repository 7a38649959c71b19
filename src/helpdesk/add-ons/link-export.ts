import type { Brand } from "../../contract/brands.ts";
import { orUnreadable, UnreadableValueError } from "../../storage/stored-value.ts";
import { linkFileHeader, writeLinks } from "../files/link-file.ts";
import { inParallel } from "../in-parallel.ts";
import type { Accounts } from "../people/accounts.ts";
import type { PluginHooks } from "./plugin-hooks.ts";

/** Exports leave connections to visitors. */
const AT_ONCE = 3;

export interface ExportParts {
	readonly accounts: Pick<Accounts, "find">;
	/** Takes each account that cannot be read. Its links are left out. */
	readonly logError: (what: string, error: unknown) => void;
}

/** A page of an export, as the text of a file that the import reads. */
export interface ExportedPage {
	readonly text: string;
	readonly links: number;
	/** Undefined on the last page of the brand. */
	readonly cursor: string | undefined;
}

/** @throws the plugin's error. */
export async function exportedPage(
	brandId: string,
	plugin: PluginHooks,
	{ accounts, logError }: ExportParts,
	cursor?: string,
): Promise<ExportedPage> {
	const page = await plugin.exportLinks(brandId, cursor);
	const owners = await inParallel(page.links, AT_ONCE, ({ userId }) =>
		orUnreadable(() => accounts.find(userId)),
	);
	const links = page.links.flatMap((link, index) => {
		const owner = owners[index];
		if (owner instanceof UnreadableValueError) {
			logError("an export leaves out a link", owner);
			return [];
		}
		if (owner === undefined) {
			return [];
		}
		const confirmed = owner.confirmed && !owner.unclaimed;
		return [{ ...link, email: owner.email ?? "", brandId, confirmed }];
	});
	return { text: writeLinks(links), links: links.length, cursor: page.cursor };
}

/** All links of some brands as a file that the import reads, page by page. */
export async function* exportedLinks(
	brands: readonly Brand[],
	plugin: PluginHooks,
	parts: ExportParts,
): AsyncGenerator<string> {
	yield linkFileHeader(plugin.loaded.manifest.linkFile);
	for (const { id } of brands) {
		let cursor: string | undefined;
		do {
			const page = await exportedPage(id, plugin, parts, cursor);
			yield page.text;
			cursor = page.cursor;
		} while (cursor !== undefined);
	}
}
