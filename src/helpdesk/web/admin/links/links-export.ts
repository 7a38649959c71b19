import type { Brand } from "../../../../contract/brands.ts";
import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Accounts } from "../../../people/accounts.ts";
import { linkFileHeader, writeLinks } from "./link-file.ts";

export interface ExportParts {
	readonly accounts: Accounts;
	/** Takes each account that cannot be read. Its links are left out. */
	readonly logError: (what: string, error: unknown) => void;
}

/** All links of some brands as a file that the import reads. */
export function exportedLinks(
	brands: readonly Brand[],
	plugin: PluginHooks,
	parts: ExportParts,
): Promise<ReadableStream<Uint8Array>> {
	return streamed(pagesOf(brands, plugin, parts));
}

async function* pagesOf(
	brands: readonly Brand[],
	plugin: PluginHooks,
	{ accounts, logError }: ExportParts,
): AsyncGenerator<string> {
	yield linkFileHeader(plugin.loaded.manifest.linkFile);
	for (const { id: brandId } of brands) {
		let cursor: string | undefined;
		do {
			const page = await plugin.exportLinks(brandId, cursor);
			const owners = await Promise.all(
				page.links.map(({ userId }) => orUnreadable(() => accounts.find(userId))),
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
			yield writeLinks(links);
			cursor = page.cursor;
		} while (cursor !== undefined);
	}
}

/** Waits for the first page. An export that cannot begin is then answered with an error instead of a broken file. */
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
