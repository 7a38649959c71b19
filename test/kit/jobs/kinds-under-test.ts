import { onTestFinished } from "vitest";
import type { HostStorage, StorageValue } from "../../../src/contract/storage.ts";
import { DISCARD_ADD_ON } from "../../../src/helpdesk/add-on-install/discard-add-on.ts";
import { DELETE_FILE } from "../../../src/helpdesk/add-ons/jobs/delete-file.ts";
import { EXPORT_LINKS } from "../../../src/helpdesk/add-ons/jobs/export-links.ts";
import { IMPORT_LINKS } from "../../../src/helpdesk/add-ons/jobs/import-links.ts";
import { PURGE_LINKS } from "../../../src/helpdesk/add-ons/jobs/purge-links.ts";
import { DELETE_USER, MERGE_USERS } from "../../../src/helpdesk/add-ons/jobs/remove-users.ts";
import { UNINSTALL } from "../../../src/helpdesk/add-ons/jobs/uninstall.ts";
import { WRITE_LETTERS } from "../../../src/helpdesk/add-ons/jobs/write-letters.ts";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { LinkFileReader } from "../../../src/helpdesk/files/link-file.ts";
import { type HelpdeskCore, openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import {
	consentsOf,
	NAMESPACES,
	pluginDataOf,
	pluginStateOf,
} from "../../../src/helpdesk/namespaces.ts";
import { REMOVE_HELPDESK } from "../../../src/helpdesk/openid/remove-helpdesk.ts";
import { EXPIRE_ACCOUNTS } from "../../../src/helpdesk/people/jobs/expire-accounts.ts";
import { INDEX_PEOPLE } from "../../../src/helpdesk/people/jobs/index-people.ts";
import { RECOUNT } from "../../../src/helpdesk/people/jobs/recount.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { fillPeople, personOf } from "../helpdesk/fill-people.ts";
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

const X = "x-login";
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
	{
		type: EXPORT_LINKS,
		prepare: async (core, storage) => {
			await activateX(core);
			await fillPeople(storage, { people: 250, now: NOW });
			return { addOn: X, brandIds: ["acorn", "harbor"] };
		},
		seen: partsOfFiles,
	},
	...(["try", "import"] as const).map(
		(mode): KindUnderTest => ({
			type: IMPORT_LINKS,
			prepare: async (core) => {
				await activateX(core);
				const emails = Array.from({ length: 300 }, (_, index) => `person${index}@example.com`);
				for (const email of emails) {
					await addPerson(core, email, true);
				}
				const rows = emails.map((email, index) => `${9000 + index},${email}\n`);
				const list = await core.lists.stage({
					...{ name: "links.csv", addOn: X, texts: textOf(["x_id,email\n", ...rows]) },
					reader: new LinkFileReader({
						linkFile: (await core.addOns.find(X))?.loaded.manifest.linkFile,
						...{ brands: core.brands.all(), brandId: "acorn" },
					}),
				});
				const { id: fileId, parts, rows: count } = list;
				return {
					addOn: X,
					fileId,
					fileName: "links.csv",
					parts,
					rows: count,
					brandId: "acorn",
					mode,
				};
			},
			seen: async (_core, storage) =>
				(await allEntries(storage, [...pluginDataOf(X), "link"])).map(({ key }) => key),
		}),
	),
	...[WRITE_LETTERS, PURGE_LINKS, UNINSTALL].map(
		(type): KindUnderTest => ({
			type,
			prepare: async (core, storage) => {
				await activateX(core);
				await fillPeople(storage, { people: 130, now: NOW });
				const about = { addOnId: X, brandIds: ["acorn", "harbor"], deactivates: false };
				return { ...about, letters: true, data: "purge" };
			},
			seen: async (core, storage) => {
				const letters = await allEntries(storage, NAMESPACES.outbox);
				const recipients = letters.map(({ value }) => fieldsOf(value)["to"]);
				return [recipients.sort(), await valuesOfAccounts(core, storage)];
			},
		}),
	),
	{
		type: REMOVE_HELPDESK,
		prepare: async (_core, storage) => {
			const consent = { at: NOW, since: NOW, agreed: {} };
			for (let index = 0; index < 250; index += 1) {
				const keys = ["desk", "other"].map((id) => [...consentsOf("acorn"), `user${index}`, id]);
				await storage.commit({ sets: keys.map((key) => ({ key, value: consent })) });
			}
			return { brandId: "acorn", helpdeskId: "desk", name: "Desk" };
		},
		seen: async (_core, storage) =>
			(await allEntries(storage, consentsOf("acorn"))).map(({ key }) => key),
	},
	{
		type: DISCARD_ADD_ON,
		prepare: async (core, storage) => {
			await fillPeople(storage, { people: 130, now: NOW });
			const zip = { version: "1.0.0", sha256: "0".repeat(64), bundled: false };
			const record = { status: "active", current: zip };
			await storage.commit({ sets: [{ key: [...pluginStateOf("gone"), "state"], value: record }] });
			for (let index = 0; index < 450; index += 1) {
				const key = [...pluginDataOf("gone"), String(index)];
				await storage.commit({ sets: [{ key, value: index }] });
			}
			return { addOnId: "gone", brandIds: core.brands.all().map(({ id }) => id) };
		},
		seen: valuesOfAccounts,
	},
	{
		type: DELETE_FILE,
		prepare: async (core, storage) => {
			const { files } = core;
			const about = { addOn: X, name: "links.csv" };
			const fileId = await files.begin({ ...about, kind: "links" }, DAY_MS);
			const results = await files.begin({ ...about, kind: "results", list: fileId }, DAY_MS);
			const other = await files.begin({ ...about, kind: "csv" }, DAY_MS);
			for (const id of [fileId, results, other]) {
				for (let index = 0; index < 150; index += 1) {
					await storage.commit(files.part(id, index, "1"));
					await storage.commit(files.other(id, index, "2"));
				}
			}
			return { addOn: X, fileId, name: "links.csv" };
		},
		seen: partsOfFiles,
	},
	{
		type: DELETE_USER,
		prepare: async (core, storage) => {
			await activateX(core);
			await fillPeople(storage, { people: 10, now: NOW });
			return { userId: personOf(0, NOW).userId };
		},
		seen: valuesOfAccounts,
	},
	{
		type: MERGE_USERS,
		prepare: async (core, storage) => {
			await activateX(core);
			await fillPeople(storage, { people: 10, now: NOW });
			return { userId: personOf(0, NOW).userId, intoUserId: personOf(2, NOW).userId };
		},
		seen: valuesOfAccounts,
	},
];

async function activateX(core: HelpdeskCore): Promise<void> {
	const addOn = await core.addOns.find(X);
	await addOn?.plugin.activate();
}

async function* textOf(texts: readonly string[]): AsyncGenerator<string> {
	yield* texts;
}

/** The contents of all files, whatever their ids. */
async function partsOfFiles(_core: HelpdeskCore, storage: HostStorage): Promise<unknown> {
	const parts = await allEntries(storage, [...NAMESPACES.files, "part"]);
	return parts.map(({ value }) => value);
}

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
