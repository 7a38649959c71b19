import type {
	Brand,
	HelpdeskHost,
	LinkedAccount,
	StorageEntry,
	StorageKey,
	User,
} from "x-login/contract";
import { fieldsOf, type Read, readListed, readStored } from "./stored-value.ts";

/** A nickname that somebody has. Without a user, a request is creating the user or has failed to. */
type Nickname = {
	readonly userId: string | null;
	/** New for each owner, so that a released nickname never leads to its former owner. */
	readonly creationKey: string;
	readonly since: number;
};

/** The entry of a nickname under its user. */
interface Place {
	readonly key: StorageKey;
	readonly version: string;
	readonly brandId: string;
	readonly nickname: string;
	readonly since: number;
}

/** Reads a nickname. Keeps fields that a later version added. */
const readTaken: Read<Nickname> = (value) => {
	const fields = fieldsOf(value);
	const { userId, creationKey, since } = fields;
	const isRead =
		(userId === null || typeof userId === "string") &&
		typeof creationKey === "string" &&
		typeof since === "number";
	return isRead ? { ...fields, userId, creationKey, since } : undefined;
};

/** Reads the time since which a user has a nickname. */
const readSince: Read<number> = (value) => (typeof value === "number" ? value : undefined);

const KEY_BYTES = 12;
const MAX_ROUNDS = 20;
const CONTENTION = "other requests changed the nickname at every try";

/** The nickname as it is stored and compared. Undefined if it is not a valid one. */
export function readNickname(typed: string): string | undefined {
	const nickname = typed.trim().normalize("NFKC").toLowerCase();
	return /^[\p{L}\p{N}_-]{2,30}$/u.test(nickname) ? nickname : undefined;
}

export function identityOf(brandId: string, nickname: string): string {
	return `magic-word:${brandId}:${nickname}`;
}

/** The nicknames and their users. Each has two entries that are written together: by nickname and by user. */
export class Nicknames {
	constructor(private readonly host: HelpdeskHost) {}

	async userOf(brandId: string, nickname: string): Promise<User | undefined> {
		const entry = await this.host.storage.get(keyOf(brandId, nickname));
		const userId = entry && readStored(entry, readTaken).userId;
		return userId ? this.host.users.find(userId) : undefined;
	}

	/**
	 * Finds the user of a nickname or creates one, in three steps: reserve the nickname, create the user by a key that is
	 * stored with it, give the nickname to the user. The next attempt continues after a crash.
	 *
	 * @returns undefined if the helpdesk refuses to create a user.
	 */
	async claim(
		brand: Brand,
		nickname: string,
		locale: string,
	): Promise<{ readonly user: User; readonly isNew: boolean } | undefined> {
		const { storage, users, clock, random } = this.host;
		const key = keyOf(brand.id, nickname);
		for (let round = 0; round < MAX_ROUNDS; round += 1) {
			const entry = await storage.get(key);
			const checks = [{ key, version: entry?.version ?? null }];
			const taken = entry && readStored(entry, readTaken);
			const owner = taken?.userId ? await users.find(taken.userId) : undefined;
			if (owner !== undefined) {
				return { user: owner, isNew: false };
			}
			if (taken === undefined || taken.userId !== null) {
				const creationKey = Buffer.from(random.bytes(KEY_BYTES)).toString("hex");
				const value = { userId: null, creationKey, since: clock.now() };
				await storage.commit({ checks, sets: [{ key, value }] });
				continue;
			}
			const creation = await users.create(`${brand.id}:${nickname}:${taken.creationKey}`, {
				brandId: brand.id,
				name: nickname,
				email: null,
				emailProof: "none",
				locale,
			});
			if (creation.kind !== "created") {
				await storage.commit({ checks, deletes: [key] });
				return undefined;
			}
			const { user } = creation;
			const sets = [
				{ key, value: { ...taken, userId: user.id } },
				{ key: ofUserKey(user.id, brand.id, nickname), value: taken.since },
			];
			if (await storage.commit({ checks, sets })) {
				return { user, isNew: true };
			}
		}
		throw new Error(CONTENTION);
	}

	async of(userId: string): Promise<LinkedAccount[]> {
		return (await this.placesOf(userId)).map(({ brandId, nickname, since }) => ({
			identityId: identityOf(brandId, nickname),
			label: nickname,
			linkedAt: since,
		}));
	}

	/** Releases all nicknames of a user, or gives them to another user. */
	async release(userId: string, to?: string): Promise<void> {
		for (const place of await this.placesOf(userId)) {
			await this.hand(userId, to, place);
		}
	}

	/**
	 * Releases one nickname of a user. The commit checks all of theirs, so that of two that are released at once the last
	 * one stays.
	 *
	 * @param canBeLast whether the user can log in without any.
	 */
	async releaseOne(
		userId: string,
		identityId: string,
		canBeLast: boolean,
	): Promise<"unlinked" | "not-linked" | "last-way-in"> {
		const { storage } = this.host;
		for (let round = 0; round < MAX_ROUNDS; round += 1) {
			const places = await this.placesOf(userId);
			const place = places.find(
				({ brandId, nickname }) => identityOf(brandId, nickname) === identityId,
			);
			if (place === undefined) {
				return "not-linked";
			}
			if (places.length === 1 && !canBeLast) {
				return "last-way-in";
			}
			const key = keyOf(place.brandId, place.nickname);
			const entry = await storage.get(key);
			const isTheirs = entry && readListed(this.host, entry, readTaken)?.userId === userId;
			const all = places.map((each) => ({ key: each.key, version: each.version }));
			const released = await storage.commit({
				checks: [{ key, version: entry?.version ?? null }, ...all],
				deletes: isTheirs ? [place.key, key] : [place.key],
			});
			if (released) {
				return "unlinked";
			}
		}
		throw new Error(CONTENTION);
	}

	/** The users of a brand who have a nickname, by id. */
	async usersAt(brandId: string): Promise<ReadonlyMap<string, User>> {
		const users = new Map<string, User>();
		for (const entry of await this.entriesBelow(["nickname", brandId])) {
			const userId = readListed(this.host, entry, readTaken)?.userId;
			const user = userId ? await this.host.users.find(userId) : undefined;
			if (user !== undefined) {
				users.set(user.id, user);
			}
		}
		return users;
	}

	/** Deletes unreadable values too, because their keys name the brand. */
	async forgetAt(brandId: string): Promise<void> {
		for (const entry of await this.entriesBelow(["nickname", brandId])) {
			const userId = readListed(this.host, entry, readTaken)?.userId;
			const ofUser = userId ? [ofUserKey(userId, brandId, entry.key[2] ?? "")] : [];
			await this.host.storage.commit({ deletes: [entry.key, ...ofUser] });
		}
	}

	private async placesOf(userId: string): Promise<Place[]> {
		return (await this.entriesBelow(["nicknames-of", userId])).flatMap((entry) => {
			const { key, version } = entry;
			const [, , brandId = "", nickname = ""] = key;
			const since = readListed(this.host, entry, readSince);
			return since === undefined ? [] : [{ key, version, brandId, nickname, since }];
		});
	}

	/** Tries again if another request wrote in between, because both entries change together. */
	private async hand(from: string, to: string | undefined, place: Place): Promise<void> {
		const { storage } = this.host;
		const key = keyOf(place.brandId, place.nickname);
		for (let round = 0; round < MAX_ROUNDS; round += 1) {
			const entry = await storage.get(key);
			const taken = entry && readListed(this.host, entry, readTaken);
			const isTheirs = taken?.userId === from;
			const committed = await storage.commit({
				checks: [{ key, version: entry?.version ?? null }],
				sets:
					isTheirs && to !== undefined
						? [
								{ key, value: { ...taken, userId: to } },
								{ key: ofUserKey(to, place.brandId, place.nickname), value: place.since },
							]
						: [],
				deletes: [place.key, ...(isTheirs && to === undefined ? [key] : [])],
			});
			if (committed) {
				return;
			}
		}
		throw new Error(CONTENTION);
	}

	private async entriesBelow(prefix: StorageKey): Promise<StorageEntry[]> {
		const found: StorageEntry[] = [];
		let cursor: string | undefined;
		do {
			const page = await this.host.storage.list(prefix, cursor === undefined ? {} : { cursor });
			found.push(...page.entries);
			cursor = page.cursor;
		} while (cursor !== undefined);
		return found;
	}
}

function keyOf(brandId: string, nickname: string): StorageKey {
	return ["nickname", brandId, nickname];
}

function ofUserKey(userId: string, brandId: string, nickname: string): StorageKey {
	return ["nicknames-of", userId, brandId, nickname];
}
