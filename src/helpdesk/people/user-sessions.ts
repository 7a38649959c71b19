import type { Sessions } from "./sessions.ts";
import type { Session } from "./stored-session.ts";

/** The portal sessions of users, for what is done to a user as a whole. */
export class UserSessions {
	/** @param sessionsAt the sessions at a brand's portal. */
	constructor(private readonly sessionsAt: (brandId: string) => Sessions) {}

	/** The newest ones, with what they say about the user's devices. */
	async of(brandId: string, userId: string): Promise<readonly Session[]> {
		return this.sessionsAt(brandId).newestOf(userId);
	}

	/** Deletes those of a user who is deleted. */
	async forget(brandId: string, userId: string): Promise<void> {
		await this.sessionsAt(brandId).forget(userId);
	}
}
