import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";

const MAX_LETTERS = 5;
const LETTER_WINDOW_MS = 60 * 60_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Whose password a link is for. */
export interface PasswordReset {
	readonly [name: string]: string | number;
	readonly userId: string;
	readonly sessionEpoch: number;
}

/** Links by mail that let somebody choose a password: good once and for a time. */
export class PasswordResets {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
	) {}

	/**
	 * @param sessionEpoch of the account: a password that is set meanwhile makes the link worthless.
	 * @param lifetimeMs for which the link is good.
	 * @param reason letters that somebody asks for never use up those that the helpdesk writes of itself.
	 * @returns what goes into the link; undefined when five letters went out within the last hour.
	 */
	async start(
		userId: string,
		sessionEpoch: number,
		lifetimeMs: number,
		reason: "asked" | "last-way-in" = "asked",
	): Promise<string | undefined> {
		if (!(await this.countLetter(userId, reason))) {
			return undefined;
		}
		const token = Buffer.from(this.random.bytes(32)).toString("base64url");
		const expiresAt = this.clock.now() + lifetimeMs;
		await this.storage.commit({
			sets: [{ key: keyOf(token), value: { userId, sessionEpoch }, expiresAt }],
		});
		return token;
	}

	private async countLetter(userId: string, reason: string): Promise<boolean> {
		const key = ["letters", reason, userId];
		const entry = await this.storage.get(key);
		const { count, until } = (entry?.value as { count: number; until: number } | undefined) ?? {
			count: 0,
			until: this.clock.now() + LETTER_WINDOW_MS,
		};
		return (
			count < MAX_LETTERS &&
			this.storage.commit({
				checks: [{ key, version: entry?.version ?? null }],
				sets: [{ key, value: { count: count + 1, until }, expiresAt: until }],
			})
		);
	}

	async find(token: string): Promise<PasswordReset | undefined> {
		const entry = TOKEN.test(token) ? await this.storage.get(keyOf(token)) : undefined;
		return entry?.value as PasswordReset | undefined;
	}

	/** Once. */
	async take(token: string): Promise<PasswordReset | undefined> {
		const entry = TOKEN.test(token) ? await this.storage.take(keyOf(token)) : undefined;
		return entry?.value as PasswordReset | undefined;
	}
}

function keyOf(token: string): StorageKey {
	return ["reset", createHash("sha256").update(token).digest("base64url")];
}
