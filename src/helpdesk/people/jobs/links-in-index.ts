import type { ExportedLink } from "../../../contract/link-transfer.ts";
import type { HostStorage, StorageCommit } from "../../../contract/storage.ts";
import { updateEntry } from "../../../contract/update-entry.ts";
import { merged } from "../../../storage/merged-commit.ts";
import { readOrReport } from "../../../storage/stored-value.ts";
import { inParallel } from "../../in-parallel.ts";
import { commitOf } from "../account-commits.ts";
import { accountEntry } from "../account-reads.ts";
import { keptLinks } from "../links-due.ts";
import { type AccountLink, STORED_ACCOUNT } from "../stored-account.ts";

/** Each of them may need 30 keys in the commit. */
const USERS_PER_COMMIT = 12;
const READS_AT_ONCE = 3;

interface LinkedUser {
	readonly userId: string;
	readonly links: readonly AccountLink[];
}

export interface LinksInIndexParts {
	readonly refresh: (userId: string) => Promise<void>;
	readonly report: (what: string, error: unknown) => void;
}

/** Brings what add-ons list into the accounts of which nothing is known. */
export class LinksInIndex {
	/** @param storage that of the accounts. */
	constructor(
		private readonly storage: HostStorage,
		private readonly parts: LinksInIndexParts,
	) {}

	/**
	 * Stores what an add-on has listed. The list may be older than a deed that changed links. Such a deed has made the links
	 * of its user known, or changes the account before the commit here: then the add-ons are asked for this user.
	 *
	 * @param rest called between commits.
	 */
	async add(
		addOn: string,
		listed: readonly ExportedLink[],
		rest: () => Promise<void>,
	): Promise<void> {
		const users = new Map<string, AccountLink[]>();
		for (const { userId, identityId, handle } of listed) {
			const links = users.get(userId) ?? [];
			links.push({ addOn, id: identityId, label: handle });
			users.set(userId, links);
		}
		const all = [...users].map(([userId, links]): LinkedUser => ({ userId, links }));
		for (let first = 0; first < all.length; first += USERS_PER_COMMIT) {
			await this.addSome(all.slice(first, first + USERS_PER_COMMIT));
			await rest();
		}
	}

	private async addSome(users: readonly LinkedUser[]): Promise<void> {
		const doubtful = await updateEntry(this.storage, async () => {
			const looks = await inParallel(users, READS_AT_ONCE, (user) => this.look(user));
			const commit = merged(...looks.map((look) => look.commit));
			return {
				commit: commit.checks.length === 0 ? undefined : commit,
				result: looks.flatMap(({ doubtful }) => doubtful),
			};
		});
		await inParallel(doubtful, READS_AT_ONCE, this.parts.refresh);
	}

	private async look({ userId, links }: LinkedUser): Promise<{
		readonly commit: StorageCommit;
		/** The user, if the links are known and others. */
		readonly doubtful: readonly string[];
	}> {
		const entry = await accountEntry(this.storage, userId);
		const stored =
			entry &&
			readOrReport(entry, STORED_ACCOUNT, (error) =>
				this.parts.report("the links of a user are not known", error),
			);
		if (entry === undefined || stored === undefined) {
			return { commit: {}, doubtful: [] };
		}
		if (stored.links !== undefined) {
			return { commit: {}, doubtful: hasAll(stored.links, links) ? [] : [userId] };
		}
		const value = { ...stored, links: keptLinks(links) };
		return { commit: commitOf({ entry, stored, value }), doubtful: [] };
	}
}

/** Whether all these links are known. A provider's labels may begin with an "@", and a list may leave them out. */
function hasAll(known: readonly AccountLink[], listed: readonly AccountLink[]): boolean {
	return keptLinks(listed).every(({ addOn, id, label }) =>
		known.some(
			(each) =>
				each.addOn === addOn &&
				each.id === id &&
				(label === "" || bare(each.label) === bare(label)),
		),
	);
}

function bare(label: string): string {
	return label.replace(/^@/, "");
}
