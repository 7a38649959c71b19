import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import type { HostStorage, StorageCommit } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";

type Sets = NonNullable<StorageCommit["sets"]>;

const PEOPLE_A_COMMIT = 250;
const DAY_MS = 24 * 60 * 60_000;
/** How long the sign-in ledger keeps its entries, and how long sessions last. */
const KEPT_DAYS = 90;
const SESSION_DAYS = 14;

/**
 * Stores people who came by X: account, address, and both halves of the link. Every third person came within the last
 * 90 days and has entries in the sign-in ledger. Every fifth has a session.
 *
 * @param wanted how many people to return, evenly spread.
 * @returns their accounts at X.
 */
export async function fillHelpdesk(
	storage: HostStorage,
	people: number,
	wanted: number,
): Promise<FakeXAccount[]> {
	const remembered: FakeXAccount[] = [];
	const apart = Math.max(1, Math.floor(people / wanted));
	for (let first = 0; first < people; first += PEOPLE_A_COMMIT) {
		const sets: Sets[number][] = [];
		for (let index = first; index < Math.min(people, first + PEOPLE_A_COMMIT); index += 1) {
			const account = accountAtX(index);
			sets.push(...entriesOf(account, index));
			if (index % apart === 0 && remembered.length < wanted) {
				remembered.push(account);
			}
		}
		await storage.commit({ sets });
	}
	return remembered;
}

/** A different account for each index. Ids are spread, as X's are. */
export function accountAtX(index: number): FakeXAccount & { readonly email: string } {
	// An odd factor reaches every number below a power of two once.
	const id = (BigInt(index + 1) * 0x9e3779b97f4a7c15n) & 0xfffffffffffffffn;
	const screenName = `p${index}`;
	const email = `${screenName}@x.example`;
	return { id: String(id), screenName, name: `Person ${index}`, email };
}

function entriesOf(
	{ id, screenName, name, email }: ReturnType<typeof accountAtX>,
	index: number,
): Sets {
	const userId = randomUUID();
	const now = Date.now();
	const linkedAt = now - randomInt(365 * DAY_MS);
	const brandId = "acorn";
	const plugin = ["plugin-data", "x-login"];
	const created = hash(randomBytes(16));
	const account = {
		...{ brandId, name, email, locale: "en", password: null, phone: null },
		...{
			confirmed: false,
			unclaimed: false,
			status: "active",
			sessionEpoch: 0,
			createdFor: created,
		},
	};
	const link = { userId, handle: screenName, linkedAt, creationKey: null };
	return [
		{ key: [...plugin, "link", brandId, `x:${id}`], value: link },
		{
			key: [...plugin, "links-of-user", userId, `x:${id}`],
			value: { brandId, handle: screenName, linkedAt },
		},
		{ key: ["accounts", "account", userId], value: account },
		{ key: ["accounts", "email", brandId, addressKey(email)], value: userId },
		{ key: ["accounts", "created", created], value: userId },
		...(index % 3 === 0
			? [
					{
						key: ["sign-ins", "x-login", "of-user", userId, hash(id)],
						value: null,
						expiresAt: now + randomInt(1, KEPT_DAYS * DAY_MS),
					},
				]
			: []),
		...(index % 5 === 0
			? [
					{
						key: ["sessions", "portal", brandId, hash(randomBytes(32))],
						value: { subjectId: userId, provenAt: now, epoch: 0 },
						expiresAt: now + randomInt(1, SESSION_DAYS * DAY_MS),
					},
				]
			: []),
	];
}

function hash(value: string | Uint8Array): string {
	return createHash("sha256").update(value).digest("base64url");
}
