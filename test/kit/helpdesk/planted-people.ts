import type { HostStorage } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { indexPart } from "../../../src/helpdesk/people/account-index.ts";
import type { AccountLink, StoredAccount } from "../../../src/helpdesk/people/stored-account.ts";
import { placed } from "../../../src/storage/ordered-storage.ts";

/** A person with an id of their own, and what is not as usual about them. */
export type PlantedPerson = Partial<Omit<StoredAccount, "links">> & {
	readonly id: string;
	/** Null: it is not known yet what is linked. */
	readonly links?: readonly AccountLink[] | null;
};

/** An active person of Acorn Outdoor with a proven address, and neither a password nor anything linked. */
function plantedAccount({ id, links = [], ...about }: PlantedPerson): StoredAccount {
	return {
		...{ brandId: "acorn", name: `Name of ${id}`, email: `${id}@example.com`, locale: "en" },
		...{ password: null, phone: null, confirmed: true, unclaimed: false, status: "active" },
		...{ sessionEpoch: 0, createdFor: null, createdAt: 1_750_000_000_000, ...about },
		...(links !== null && { links }),
	};
}

/** Stores people as this version does, with their keys in the index. */
export async function plantPeople(
	storage: HostStorage,
	...people: readonly PlantedPerson[]
): Promise<void> {
	for (const person of people) {
		const stored = plantedAccount(person);
		const { id } = person;
		const { value = stored, sets } = indexPart(id, undefined, stored);
		const email = ["email", stored.brandId, addressKey(stored.email)];
		const owner = stored.email === "" ? [] : [{ key: email, value: id }];
		await storage.commit(
			placed(NAMESPACES.accounts, {
				sets: [{ key: ["account", id], value }, ...owner, ...sets],
			}),
		);
	}
}

/** Stores people as version 0.3.0 did, without the index. */
export async function plantOldPeople(
	storage: HostStorage,
	...people: readonly PlantedPerson[]
): Promise<void> {
	for (const person of people) {
		const { createdAt, links, ...stored } = plantedAccount(person);
		const email = ["email", stored.brandId, addressKey(stored.email)];
		await storage.commit(
			placed(NAMESPACES.accounts, {
				sets: [
					{ key: ["account", person.id], value: stored },
					{ key: email, value: person.id },
				],
			}),
		);
	}
}

export function crowd(count: number): PlantedPerson[] {
	return Array.from({ length: count }, (_, index) => ({
		id: `user-${String(index).padStart(4, "0")}`,
		createdAt: 1_750_000_000_000 + index,
	}));
}
