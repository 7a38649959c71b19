import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { BRAND_EPOCH, BrandEpochs } from "../links/brand-epochs.ts";
import { Links, linkKey, linkOfUserKey, type StoredLinkOfUser } from "../links/links.ts";
import { Continuations } from "./browser/continuations.ts";
import { pagesOf } from "./storage-pages.ts";

/** Forgets people's X accounts. The log-in is off by then; one that is still on its way leads to no link. */
@injectable()
export class ForgetPeople {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(Links) private readonly links: Links,
		@inject(Continuations) private readonly continuations: Continuations,
		@inject(BrandEpochs) private readonly epochs: BrandEpochs,
	) {}

	/**
	 * Of a user who is deleted. Whom the host still finds by then is forgotten in the forms, too, that wait for somebody to
	 * prove their address.
	 */
	async ofUser(userId: string): Promise<void> {
		const user = await this.host.users.find(userId);
		const address = user?.email ?? undefined;
		const email = address && (canonicalEmail(address) ?? address);
		const identities = await this.links.removeAllOf(userId);
		await this.continuations.dropAllAbout({ userId, brandId: user?.brandId, email, identities });
	}

	async atBrand(brandId: string): Promise<void> {
		const { storage } = this.host;
		await this.epochs.end(brandId);
		// A list may miss what was changed meanwhile.
		while ((await this.dropLinks(brandId)) > 0);
		// Halves that had lost the other one.
		for await (const entries of pagesOf(storage, ["links-of-user"])) {
			const halves = entries.filter(({ value }) => (value as StoredLinkOfUser).brandId === brandId);
			await storage.commit({ deletes: halves.map(({ key }) => key) });
		}
		await this.continuations.dropAllAt(brandId);
	}

	/** Whatever the plugin ever stored, at brands that are gone too. */
	async everything(): Promise<void> {
		const { brands, storage } = this.host;
		for (const { id } of await brands.list()) {
			await this.atBrand(id);
		}
		for await (const entries of pagesOf(storage, [])) {
			// What keeps out the log-ins that are on their way stays, and goes by itself.
			const deletes = entries.map(({ key }) => key).filter(([kind]) => kind !== BRAND_EPOCH);
			await storage.commit({ deletes });
		}
	}

	/** @returns how many there were. */
	private async dropLinks(brandId: string): Promise<number> {
		let dropped = 0;
		for await (const entries of pagesOf(this.host.storage, ["link", brandId])) {
			for (const { key } of entries) {
				await this.dropLink(brandId, String(key.at(-1)));
				dropped += 1;
			}
		}
		return dropped;
	}

	/** Repeats until nobody wrote in between: a link goes with its other half, whosever it is by then. */
	private async dropLink(brandId: string, identityId: string): Promise<void> {
		let done = false;
		while (!done) {
			const link = await this.links.find(brandId, identityId);
			if (link === undefined) {
				return;
			}
			const key = linkKey(brandId, identityId);
			const ofUser = link.userId === null ? [] : [linkOfUserKey(link.userId, identityId)];
			done = await this.host.storage.commit({
				checks: [{ key, version: link.version }],
				deletes: [key, ...ofUser],
			});
		}
	}
}
