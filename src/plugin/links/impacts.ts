import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { BrandImpact, Impact, ImpactAction } from "../../contract/impact.ts";
import type { StorageEntry } from "../../contract/storage.ts";
import type { User } from "../../contract/users.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { pagesOf } from "../login/storage-pages.ts";
import type { StoredLink, StoredLinkOfUser } from "./links.ts";

/** Whom it concerns when the log-in with X goes away. Of those it reads it keeps no more than a page. */
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
		for await (const links of pagesOf(this.host.storage, ["link", brandId])) {
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

	/** Whoever is linked, by the first of their links: so nobody is counted twice, and none needs remembering. */
	private async userOf(link: StorageEntry, brandId: string): Promise<User | undefined> {
		const { userId } = link.value as StoredLink;
		if (userId === null) {
			return undefined;
		}
		const identityId = String(link.key.at(-1));
		for await (const others of pagesOf(this.host.storage, ["links-of-user", userId])) {
			const isFirst = others.every(
				({ key, value }) =>
					(value as StoredLinkOfUser).brandId !== brandId || String(key.at(-1)) >= identityId,
			);
			if (!isFirst) {
				return undefined;
			}
		}
		return this.host.users.find(userId);
	}
}
