import type { Brand } from "../../../../contract/brands.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Accounts } from "../../../people/accounts.ts";
import { linkFileHeader, writeLinks } from "./link-file.ts";

/** All links of some brands as a file that the import reads. */
export function exportedLinks(
	brands: readonly Brand[],
	plugin: PluginHooks,
	accounts: Accounts,
): Promise<ReadableStream<Uint8Array>> {
	return streamed(pagesOf(brands, plugin, accounts));
}

async function* pagesOf(
	brands: readonly Brand[],
	plugin: PluginHooks,
	accounts: Accounts,
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
