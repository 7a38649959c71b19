import type { HostStorage, StorageKey } from "../../../contract/storage.ts";
import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";
import type { StoredBrands } from "../../brands/stored-brands.ts";
import type { JobKind } from "../../jobs/job-kind.ts";
import {
	connectedHelpdesksOf,
	consentsOf,
	handOffHelpdesksOf,
	NAMESPACES,
	openidKeysOf,
	openidRecordsOf,
	pluginSettingsOf,
	sessionsOf,
	setUpTestsOf,
} from "../../namespaces.ts";
import type { PeopleSearch } from "../../people/people-search.ts";
import { STATUSES } from "../../people/stored-account.ts";
import { deleteOneOfMany } from "../delete-user.ts";
import type { UserKeepers } from "../remove-user.ts";
import { once, type Task, type TaskStep, taskListKind } from "./task-list.ts";

export const RETIRE_BRAND = "retire-brand";

export interface RetireBrandParts extends UserKeepers {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly storedBrands: Pick<StoredBrands, "all" | "remove">;
	readonly search: Pick<PeopleSearch, "ofClasses" | "state">;
}

const PARAMS: StoredKind<{ readonly brandId: string }> = {
	name: "jobs/job",
	read: (value) => {
		const { brandId } = fieldsOf(value);
		return typeof brandId === "string" ? { brandId } : undefined;
	},
};

const ALL_WAYS = ["none", "password", "link", "both"] as const;
const USERS_PER_STEP = 10;
const ENTRIES_PER_STEP = 200;
const LINKS_PER_STEP = 100;
const AGAIN = "again";

/**
 * Deletes everybody at a brand, then what is stored for the brand, and removes it. Its steps may be done twice.
 *
 * @param partsOf gives the parts to a node that does the job. A command that only starts it has none.
 */
export function retireBrand(partsOf: () => RetireBrandParts): JobKind {
	return taskListKind({
		type: RETIRE_BRAND,
		params: PARAMS,
		exclusive: ({ brandId }) => `brand ${brandId}`,
		words: ({ brandId }) => ({
			title: `Delete the people of ${brandId}, and remove the brand`,
			unit: "people",
		}),
		total: async () => null,
		tasks: ({ brandId }) => [
			once("check", () => check(partsOf(), brandId)),
			people("people", partsOf, brandId),
			{ name: "links", step: async (from) => purgeSome(partsOf(), brandId, from) },
			once("settings", () => forgetSettings(partsOf(), brandId)),
			...placesOf(brandId).map((place) => emptying(partsOf, place)),
			once("brand", () => remove(partsOf(), brandId)),
			// Until all nodes have seen that the brand is gone, people could sign up there.
			people("last people", partsOf, brandId),
		],
	});
}

async function check({ storedBrands, search }: RetireBrandParts, brandId: string): Promise<void> {
	const record = (await storedBrands.all()).records.get(brandId);
	if (record?.source !== "stored") {
		throw new Error(`there is no brand ${brandId} in the storage, so it cannot be removed`);
	}
	if (!(await search.state()).isReady) {
		throw new Error(
			"not everybody can be found yet, because the index of people is being built; try again once that job is done",
		);
	}
}

/** Who is deleted is found no more, so each step begins at the first person who is left. */
function people(name: string, partsOf: () => RetireBrandParts, brandId: string): Task {
	return {
		name,
		step: async (from) => {
			const parts = partsOf();
			const cursor = from === AGAIN ? undefined : from;
			const page = await parts.search.ofClasses(
				brandId,
				STATUSES,
				ALL_WAYS,
				cursor,
				USERS_PER_STEP,
			);
			for (const { id } of page.accounts) {
				await deleteOneOfMany(parts, id);
			}
			const units = page.accounts.length;
			return { next: units > 0 ? AGAIN : page.next, units };
		},
	};
}

/** Deletes what add-ons still have at the brand, one add-on after the other. */
async function purgeSome(
	{ addOns }: RetireBrandParts,
	brandId: string,
	from: string | undefined,
): Promise<TaskStep> {
	const all = await addOns.every();
	const found = all.findIndex(({ loaded }) => loaded.manifest.id === from);
	const index = Math.max(found, 0);
	const addOn = all[index];
	const { isDone } = (await addOn?.plugin.purgeLinks(brandId, { most: LINKS_PER_STEP })) ?? {
		isDone: true,
	};
	if (isDone) {
		await addOn?.withdrawal.forgetLetters(brandId);
	}
	return { next: all[isDone ? index + 1 : index]?.loaded.manifest.id };
}

async function forgetSettings(
	{ addOns, storage }: RetireBrandParts,
	brandId: string,
): Promise<void> {
	const ids = (await addOns.every()).map(({ loaded }) => loaded.manifest.id);
	const places = [
		NAMESPACES.registration,
		...ids.flatMap((id) => [pluginSettingsOf(id), setUpTestsOf(id)]),
	];
	await storage.commit({ deletes: places.map((place) => [...place, brandId]) });
}

function placesOf(brandId: string): readonly StorageKey[] {
	return [
		sessionsOf("portal", brandId),
		...[consentsOf, openidKeysOf, openidRecordsOf].map((place) => place(brandId)),
		...[connectedHelpdesksOf, handOffHelpdesksOf].map((place) => place(brandId)),
	];
}

function emptying(partsOf: () => RetireBrandParts, place: StorageKey): Task {
	return {
		name: place.join(" "),
		step: async () => {
			const { storage } = partsOf();
			const { entries } = await storage.list(place, { limit: ENTRIES_PER_STEP });
			await storage.commit({ deletes: entries.map(({ key }) => key) });
			return { next: entries.length > 0 ? AGAIN : undefined };
		},
	};
}

async function remove({ storedBrands }: RetireBrandParts, brandId: string): Promise<void> {
	if ((await storedBrands.all()).records.get(brandId)?.removedAt === null) {
		await storedBrands.remove(brandId);
	}
}
