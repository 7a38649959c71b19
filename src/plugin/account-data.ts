import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { Unlinking } from "../contract/plugin.ts";
import type { StorageValue } from "../contract/storage.ts";
import { HOST, inject, injectable, NOTICES } from "./injection.ts";
import { UserLinks } from "./links/user-links.ts";
import { ForgetPeople } from "./login/forget-people.ts";
import type { Notices } from "./login/notices.ts";

/** Removes a user's links, and exports them. */
@injectable()
export class AccountData {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(UserLinks) private readonly links: UserLinks,
		@inject(ForgetPeople) private readonly forget: ForgetPeople,
		@inject(NOTICES) private readonly notices: Notices,
	) {}

	async unlink(userId: string, identityId: string): Promise<Unlinking> {
		const user = await this.host.users.find(userId);
		const unlinking = await this.links.unlink(userId, identityId, user?.hasOtherWayIn ?? true);
		if (unlinking.kind !== "unlinked") {
			return unlinking;
		}
		const { brandId, label } = unlinking;
		await this.forget.logInsAbout(userId, user, [{ brandId, id: identityId }]);
		if (user !== undefined) {
			await this.notices.tell(user, "unlinked", label);
		}
		return { kind: "unlinked" };
	}

	async export(userId: string): Promise<StorageValue> {
		const linked = await this.links.ofUser(userId);
		return {
			linkedAccounts: linked.map(({ identityId, label, linkedAt }) => ({
				id: identityId,
				handle: label,
				linkedAt: new Date(linkedAt).toISOString(),
			})),
		};
	}
}
