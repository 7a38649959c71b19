import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { PurgedLinks, PurgeStep } from "../../contract/plugin.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import type { User } from "../../contract/users.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { BRAND_EPOCH, BrandEpochs } from "../links/brand-epochs.ts";
import { BrandLinks } from "../links/brand-links.ts";
import { UserLinks } from "../links/user-links.ts";
import { CodeLimits } from "./browser/code-limits.ts";
import { Continuations } from "./browser/continuations.ts";
import { oauth2Key } from "./provider/oauth2-records.ts";

/** Deletes what is stored about people. A log-in that is still under way makes no link after that. */
@injectable()
export class ForgetPeople {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(UserLinks) private readonly userLinks: UserLinks,
		@inject(BrandLinks) private readonly brandLinks: BrandLinks,
		@inject(Continuations) private readonly continuations: Continuations,
		@inject(CodeLimits) private readonly limits: CodeLimits,
		@inject(BrandEpochs) private readonly epochs: BrandEpochs,
	) {}

	/**
	 * Forgets a deleted user. If the host still finds the user, this includes forms that wait for a proof of their
	 * address.
	 */
	async ofUser(userId: string): Promise<void> {
		const user = await this.host.users.find(userId);
		const identities = await this.userLinks.removeAllOf(userId);
		await this.logInsAbout(userId, user, identities);
		await this.limits.forget([addressOf(user) ?? "", ...identities.map(({ id }) => id)]);
	}

	/**
	 * Forgets the forms of log-ins about a user. What is counted of them stays, or disconnecting would allow more codes.
	 *
	 * @param user undefined for one who is deleted already.
	 * @param identities that were linked to the user.
	 */
	async logInsAbout(
		userId: string,
		user: User | undefined,
		identities: Awaited<ReturnType<UserLinks["removeAllOf"]>>,
	): Promise<void> {
		const about = { userId, brandId: user?.brandId, email: addressOf(user), identities };
		await this.continuations.dropAllAbout(about);
	}

	/** @param step how much of it. Left out: all. */
	async atBrand(brandId: string, step?: PurgeStep): Promise<PurgedLinks> {
		await this.epochs.end(brandId);
		let removed = 0;
		let purged: PurgedLinks;
		do {
			purged = await this.brandLinks.removeSome(brandId, step?.most);
			removed += purged.removed;
		} while (!purged.isDone && step === undefined);
		const { isDone } = purged;
		if (isDone) {
			await this.continuations.dropAllAt(brandId);
			await this.limits.forget([brandId]);
			await this.host.storage.commit({ deletes: [oauth2Key(brandId)] });
		}
		return { removed, isDone };
	}

	/** Deletes all that the plugin stored, at former brands too. */
	async everything(): Promise<void> {
		const { brands, storage } = this.host;
		for (const { id } of await brands.list()) {
			await this.atBrand(id);
		}
		for await (const entries of pagesOf(storage, [])) {
			// The epochs stay, because they stop log-ins that are under way. They expire.
			const deletes = entries.map(({ key }) => key).filter(([kind]) => kind !== BRAND_EPOCH);
			await storage.commit({ deletes });
		}
	}
}

/** As log-ins name it. */
function addressOf(user: User | undefined): string | undefined {
	const address = user?.email ?? undefined;
	return address && (canonicalEmail(address) ?? address);
}
