import type { HostStorage } from "../../../src/contract/storage.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { Accounts } from "../../../src/helpdesk/people/accounts.ts";
import { PeopleCounts } from "../../../src/helpdesk/people/people-counts.ts";
import { PeopleSearch } from "../../../src/helpdesk/people/people-search.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import type { Account, AccountLink } from "../../../src/helpdesk/people/stored-account.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import type { OrderedStorage } from "../../../src/storage/ordered-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { CHEAP_HASHER } from "./cheap-hasher.ts";

/** The accounts of a helpdesk without anything else. */
export interface OpenAccounts {
	readonly clock: MockClock;
	/** The whole storage. */
	readonly storage: HostStorage;
	/** That of the accounts. */
	readonly place: OrderedStorage;
	readonly accounts: Accounts;
	readonly search: PeopleSearch;
	readonly counts: PeopleCounts;
	readonly reports: readonly string[];
}

export function openAccounts(
	clock = new MockClock(),
	storage: HostStorage = new MemoryStorage(clock),
): OpenAccounts {
	const reports: string[] = [];
	const report = (what: string, error: unknown): void => {
		reports.push(`${what}: ${error}`);
	};
	const place = namespaced(storage, NAMESPACES.accounts);
	const accounts = new Accounts(
		place,
		new Registration(namespaced(storage, NAMESPACES.registration)),
		async () => false,
		report,
		CHEAP_HASHER,
		clock,
	);
	const search = new PeopleSearch(place, accounts.records, report);
	const counts = new PeopleCounts(place, report);
	return { clock, storage, place, accounts, search, counts, reports };
}

/** What a person is like who {@link addPerson} adds. */
export interface Person {
	readonly name: string;
	/** Left out: made of the name. */
	readonly email?: string;
	readonly brandId?: string;
	readonly links?: readonly AccountLink[];
}

let added = 0;

/** Adds a person whom a plugin has made, with these links. */
export async function addPerson(
	{ accounts }: Pick<OpenAccounts, "accounts">,
	{ name, email, brandId = "acorn", links = [] }: Person,
): Promise<Account> {
	added += 1;
	const creation = await accounts.create(`person ${added}`, {
		...{ name, brandId, locale: "en", emailProof: "asserted" },
		email: email ?? `person-${added}@example.com`,
	});
	if (creation.kind !== "created") {
		throw new Error(`there is no account for ${name}`);
	}
	const { id } = creation.user;
	const note = await accounts.records.linksNote(id);
	const account = await accounts.records.setLinks(id, links, note);
	return account ?? Promise.reject(new Error(`the account of ${name} is gone`));
}

/** An account at X with this handle. */
export function atX(handle: string): AccountLink {
	return {
		addOn: "x-login",
		id: `x:${handle.length}${handle.codePointAt(0)}`,
		label: `@${handle}`,
	};
}
