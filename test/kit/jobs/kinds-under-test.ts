import { onTestFinished } from "vitest";
import type { HostStorage, StorageValue } from "../../../src/contract/storage.ts";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { type HelpdeskCore, openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { EXPIRE_ACCOUNTS } from "../../../src/helpdesk/people/jobs/expire-accounts.ts";
import { INDEX_PEOPLE } from "../../../src/helpdesk/people/jobs/index-people.ts";
import { RECOUNT } from "../../../src/helpdesk/people/jobs/recount.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { fillPeople } from "../helpdesk/fill-people.ts";
import { helpdeskOptions } from "../helpdesk/open-helpdesk.ts";
import { allEntries } from "../storage/all-entries.ts";
import { CountingStorage } from "../storage/counting-storage.ts";
import { countingJob } from "./counting-job.ts";
import { markingJob } from "./marking-job.ts";

/** A kind of jobs, and a helpdesk in which it has much to do. */
export interface KindUnderTest {
	readonly type: string;
	/** Prepares the helpdesk, each time in the same way. @returns the parameters of the job. */
	readonly prepare: (
		core: HelpdeskCore,
		storage: HostStorage,
		clock: MockClock,
	) => Promise<StorageValue>;
	/** What must be the same however often each step is done, besides how many entries of each sort there are. */
	readonly seen?: (core: HelpdeskCore, storage: HostStorage) => Promise<unknown>;
}

const DAY_MS = 24 * 60 * 60_000;
/** Milliseconds since the epoch. */
const NOW = new MockClock().now();

/** Every kind that the helpdesk registers stands here, see `steps-twice.test.ts`. */
export const KINDS_UNDER_TEST: readonly KindUnderTest[] = [
	{ type: "counting", prepare: async () => ({ to: 30 }) },
	{ type: "marking", prepare: async () => 30 },
	{
		type: INDEX_PEOPLE,
		prepare: async (_core, storage) => {
			await fillPeople(storage, { people: 130, now: NOW, isOldShape: true });
			return null;
		},
		seen: valuesOfAccounts,
	},
	{
		type: RECOUNT,
		prepare: async (_core, storage) => {
			await fillPeople(storage, { people: 130, now: NOW });
			await breakCounts(storage);
			return null;
		},
		seen: valuesOfAccounts,
	},
	{
		type: EXPIRE_ACCOUNTS,
		prepare: async (core, _storage, clock) => {
			const policy = { registration: "open", phoneRequired: false } as const;
			await core.registration.set("acorn", { ...policy, unusedDays: 30 });
			for (let index = 0; index < 30; index += 1) {
				// Every third one has proven the address, and stays.
				await addPerson(core, `person${index}@example.com`, index % 3 === 0);
			}
			clock.advance(40 * DAY_MS);
			return {};
		},
		seen: async (core, storage) => {
			const accounts = await allEntries(storage, [...NAMESPACES.accounts, "account"]);
			const kept = accounts.map(({ value }) => fieldsOf(value)["email"]);
			await valuesOfAccounts(core, storage);
			return [kept.sort(), (await core.counts.at("acorn")).of("all")];
		},
	},
];

async function addPerson(core: HelpdeskCore, email: string, isProven: boolean): Promise<void> {
	const emailProof = isProven ? ("code" as const) : ("asserted" as const);
	const person = { brandId: "acorn", name: email, email, locale: "en", emailProof };
	const { kind } = await core.accounts.create(email, person);
	if (kind !== "created") {
		throw new Error(`there is no account for ${email}`);
	}
}

/** Makes totals wrong, forgets ten people, and takes what leads to ten others out of the search. */
async function breakCounts(storage: HostStorage): Promise<void> {
	const totals = await allEntries(storage, [...NAMESPACES.accounts, "total"]);
	const counted = await allEntries(storage, [...NAMESPACES.accounts, "counted"]);
	const words = await allEntries(storage, [...NAMESPACES.accounts, "word"]);
	await storage.commit({
		sets: totals.map(({ key }) => ({ key, value: { counts: { all: 7 } } })),
		deletes: [...counted.slice(0, 10), ...words.slice(0, 10)].map(({ key }) => key),
	});
}

/** Everything that is stored about accounts, without its versions. Notes of changes wait for the duty that counts them. */
async function valuesOfAccounts(core: HelpdeskCore, storage: HostStorage): Promise<unknown> {
	while ((await core.counts.fold()) > 0) {
		// The next ones.
	}
	return (await allEntries(storage, NAMESPACES.accounts)).map(({ key, value }) => [key, value]);
}

/** A helpdesk in memory whose storage is counted, which knows two more kinds of jobs: `counting` and `marking`. */
export async function openCountedCore(): Promise<{
	readonly core: HelpdeskCore;
	readonly storage: CountingStorage;
	readonly clock: MockClock;
}> {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const options = await helpdeskOptions({ clock, storage });
	const core = openHelpdesk(options, brandsAt(options, [1, 2]));
	onTestFinished(() => core.close());
	core.runner.register(countingJob(storage).kind, markingJob(storage));
	return { core, storage, clock };
}
