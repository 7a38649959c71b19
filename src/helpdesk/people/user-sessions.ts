import type { Sessions } from "./sessions.ts";
import type { Session } from "./stored-session.ts";

/** The portal sessions of users, for what is done to a user as a whole. */
export class UserSessions {
	/** @param sessionsAt the sessions at a brand's portal. */
	constructor(private readonly sessionsAt: (brandId: string) => Sessions) {}

	/**
	 * The newest ones, with what they say about the user's devices.
	 *
	 * @param most how many are read. Left out: as many as a person sees of their own.
	 */
	async of(brandId: string, userId: string, most?: number): Promise<readonly Session[]> {
		return this.sessionsAt(brandId).newestOf(userId, most);
	}

	/** Whether a session is one of a user's. */
	async isOf(brandId: string, userId: string, id: string): Promise<boolean> {
		return (await this.sessionsAt(brandId).findById(id))?.subjectId === userId;
	}

	/** Ends one session of a user. @returns false when they have no such session. */
	async end(brandId: string, userId: string, id: string): Promise<boolean> {
		return this.sessionsAt(brandId).end(userId, id);
	}

	/** Deletes those of a user who is deleted. */
	async forget(brandId: string, userId: string): Promise<void> {
		await this.sessionsAt(brandId).forget(userId);
	}
}
