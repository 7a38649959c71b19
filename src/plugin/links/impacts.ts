import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { BrandImpact, Impact, ImpactAction } from "../../contract/impact.ts";
import type { StorageEntry } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import type { User } from "../../contract/users.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { readStored } from "../stored-value.ts";
import { identityIn, linksAt, linksOfUser } from "./link-keys.ts";
import { isStoredLink, isStoredLinkOfUser } from "./stored-link.ts";

/** Finds the users who are affected when the log-in with X goes away. Holds one page of links at a time. */
@injectable()
export class Impacts {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async describe(action: ImpactAction): Promise<Impact> {
		const brandIds =
			action.kind === "switch-off"
				? [action.brandId]
				: (await this.host.brands.list()).map(({ id }) => id);
		const brands: BrandImpact[] = [];
		for (const brandId of brandIds) {
			const impact = await this.atBrand(brandId);
			if (impact.people > 0) {
				brands.push(impact);
			}
		}
		return { brands };
	}

	private async atBrand(brandId: string): Promise<BrandImpact> {
		let people = 0;
		const strandedUserIds: string[] = [];
		for await (const links of pagesOf(this.host.storage, linksAt(brandId))) {
			const found = await Promise.all(links.map((link) => this.userOf(link, brandId)));
			for (const user of found) {
				people += user === undefined ? 0 : 1;
				if (user?.hasOtherWayIn === false) {
					strandedUserIds.push(user.id);
				}
			}
		}
		return { brandId, people, strandedUserIds };
	}

	/** The user of a link, if it is the first of their links. This counts nobody twice, and needs no list of users. */
	private async userOf(link: StorageEntry, brandId: string): Promise<User | undefined> {
		const userId = readStored(this.host, link, isStoredLink)?.userId ?? null;
		if (userId === null) {
			return undefined;
		}
		const identityId = identityIn(link.key);
		for await (const others of pagesOf(this.host.storage, linksOfUser(userId))) {
			const isFirst = others.every(
				(other) =>
					readStored(this.host, other, isStoredLinkOfUser)?.brandId !== brandId ||
					identityIn(other.key) >= identityId,
			);
			if (!isFirst) {
				return undefined;
			}
		}
		return this.host.users.find(userId);
	}
}
