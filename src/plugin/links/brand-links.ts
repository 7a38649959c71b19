import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkPage } from "../../contract/link-transfer.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { readStored } from "../stored-value.ts";
import { identityIn, linkKey, linkOfUserKey, linksAt, linksOfUser } from "./link-keys.ts";
import { isStoredLink, isStoredLinkOfUser } from "./stored-link.ts";

/** All links of a brand. */
@injectable()
export class BrandLinks {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** Lists confirmed links in a stable order. Some pages hold fewer links than others. */
	async page(brandId: string, cursor: string | undefined): Promise<LinkPage> {
		const page = await this.host.storage.list(
			linksAt(brandId),
			cursor === undefined ? {} : { cursor },
		);
		const links = page.entries.flatMap((entry) => {
			const link = readStored(this.host, entry, isStoredLink);
			if (link === undefined || link.userId === null) {
				return [];
			}
			const { userId, handle, linkedAt } = link;
			return [{ identityId: identityIn(entry.key), handle, userId, linkedAt }];
		});
		return page.cursor === undefined ? { links } : { links, cursor: page.cursor };
	}

	/** Removes unreadable links too: their keys name the brand. */
	async removeAll(brandId: string): Promise<void> {
		const { storage } = this.host;
		// A list may miss links that change while it is read.
		while ((await this.removeListed(brandId)) > 0);
		// These halves have lost their other half already.
		for await (const entries of pagesOf(storage, linksOfUser())) {
			const ofBrand = entries.filter(
				(entry) => readStored(this.host, entry, isStoredLinkOfUser)?.brandId === brandId,
			);
			await storage.commit({ deletes: ofBrand.map(({ key }) => key) });
		}
	}

	/** @returns how many links were listed. */
	private async removeListed(brandId: string): Promise<number> {
		let removed = 0;
		for await (const entries of pagesOf(this.host.storage, linksAt(brandId))) {
			for (const { key } of entries) {
				await this.remove(brandId, identityIn(key));
				removed += 1;
			}
		}
		return removed;
	}

	/** Removes both halves of a link, whichever user it belongs to by then. */
	private async remove(brandId: string, identityId: string): Promise<void> {
		const { storage } = this.host;
		const key = linkKey(brandId, identityId);
		await updateEntry(storage, async () => {
			const entry = await storage.get(key);
			if (entry === undefined) {
				return { result: undefined };
			}
			const userId = readStored(this.host, entry, isStoredLink)?.userId ?? null;
			const ofUser = userId === null ? [] : [linkOfUserKey(userId, identityId)];
			const checks = [{ key, version: entry.version }];
			return { commit: { checks, deletes: [key, ...ofUser] }, result: undefined };
		});
	}
}
