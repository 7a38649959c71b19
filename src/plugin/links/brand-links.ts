import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkPage } from "../../contract/link-transfer.ts";
import type { PurgedLinks } from "../../contract/plugin.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { isText, readStored } from "../stored-value.ts";
import { EPOCH_MS } from "./brand-epochs.ts";
import { identityIn, linkOfUserKey, linksAt, linksOfUser } from "./link-keys.ts";
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

	/**
	 * Removes some links of a brand, whichever users they belong to by then, and unreadable ones too: their keys name the
	 * brand. Once there are no more, removes halves by user that have lost their other half.
	 *
	 * @param limit how many at most. By default a commit has up to 300 keys. A failed commit removes none.
	 */
	async removeSome(brandId: string, limit = 100): Promise<PurgedLinks> {
		const { storage } = this.host;
		const { entries } = await storage.list(linksAt(brandId), { limit });
		const deletes = entries.flatMap((entry) => {
			const userId = readStored(this.host, entry, isStoredLink)?.userId;
			return [entry.key, ...(userId ? [linkOfUserKey(userId, identityIn(entry.key))] : [])];
		});
		const checks = entries.map(({ key, version }) => ({ key, version }));
		return deletes.length === 0
			? this.removeHalves(brandId, limit)
			: {
					removed: (await storage.commit({ checks, deletes })) ? entries.length : 0,
					isDone: false,
				};
	}

	/** Goes on where the last call stopped. */
	private async removeHalves(brandId: string, limit: number): Promise<PurgedLinks> {
		const { storage, clock } = this.host;
		const place = ["purge", brandId];
		const from = (await storage.get(place))?.value;
		const { entries, cursor } = await storage.list(linksOfUser(), {
			limit,
			...(isText(from) && { cursor: from }),
		});
		const deletes = entries
			.filter((entry) => readStored(this.host, entry, isStoredLinkOfUser)?.brandId === brandId)
			.map(({ key }) => key);
		const sets = cursor ? [{ key: place, value: cursor, expiresAt: clock.now() + EPOCH_MS }] : [];
		await storage.commit({ sets, deletes: cursor ? deletes : [...deletes, place] });
		return { removed: deletes.length, isDone: !cursor };
	}
}
