import type { Clock } from "../../../contract/clock.ts";
import type { HostStorage, StorageKey } from "../../../contract/storage.ts";
import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";
import { placesOfLook } from "../../brands/brand-looks.ts";
import { FRESH_MS } from "../../brands/helpdesk-brands.ts";
import type { StoredBrands } from "../../brands/stored-brands.ts";
import { CannotSucceedError, type JobKind } from "../../jobs/job-kind.ts";
import type { JobTimers } from "../../jobs/job-timers.ts";
import { SaidError } from "../../locale/said.ts";
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
	signInsOf,
} from "../../namespaces.ts";
import type { PeopleSearch } from "../../people/people-search.ts";
import { STATUSES } from "../../people/stored-account.ts";
import { unprovenKeys } from "../../people/unproven-hints.ts";
import { failingKey, healthKey } from "../../sign-ins/health-keys.ts";
import { deleteOneOfMany } from "../delete-user.ts";
import type { UserKeepers } from "../remove-user.ts";
import { once, type Task, type TaskStep, taskListKind } from "./task-list.ts";

export const RETIRE_BRAND = "retire-brand";

export interface RetireBrandParts extends UserKeepers {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly timers: JobTimers;
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
const LINKS_PER_STEP = 50;
/** Another node may serve the brand for half of that, and then has as long to end what it does there. Milliseconds. */
const SERVED_MS = 2 * FRESH_MS;
/** How long one step waits at most, so that a node that closes does not wait longer. Milliseconds. */
const LOOK_MS = 250;
const AGAIN = "again";

/**
 * Removes a brand, and once no node serves it any more, deletes everybody there and what is stored for it. So nobody signs
 * up while people are deleted, nor after the rules of the brand are gone. Its steps may be done twice.
 *
 * @param partsOf gives the parts to a node that does the job. A command that only starts it has none.
 */
export function retireBrand(partsOf: () => RetireBrandParts): JobKind {
	return taskListKind({
		type: RETIRE_BRAND,
		params: PARAMS,
		exclusive: ({ brandId }) => `brand ${brandId}`,
		words: ({ brandId }) => ({
			title: { key: "add-on-job.retire-brand", values: { brand: brandId } },
			unit: "people",
		}),
		total: async () => null,
		tasks: ({ brandId }) => [
			once("check", () => check(partsOf(), brandId)),
			once("brand", () => remove(partsOf(), brandId)),
			{ name: "served", step: async () => waitWhileServed(partsOf(), brandId) },
			{ name: "people", step: async (from) => deleteSome(partsOf(), brandId, from) },
			{ name: "links", step: async (from) => purgeSome(partsOf(), brandId, from) },
			{ name: "settings", step: async () => forgetSettings(partsOf(), brandId) },
			...placesOf(brandId).map((place) => emptying(partsOf, place)),
		],
	});
}

async function check({ storedBrands, search }: RetireBrandParts, brandId: string): Promise<void> {
	const record = (await storedBrands.all()).records.get(brandId);
	if (record?.source !== "stored") {
		throw new CannotSucceedError({
			key: "add-on-job.retire-brand.gone",
			values: { brand: brandId },
		});
	}
	if (!(await search.state()).isReady) {
		throw new SaidError({ key: "add-on-job.retire-brand.not-yet" });
	}
}

async function remove({ storedBrands }: RetireBrandParts, brandId: string): Promise<void> {
	if ((await storedBrands.all()).records.get(brandId)?.removedAt === null) {
		await storedBrands.remove(brandId);
	}
}

async function waitWhileServed(
	{ clock, storedBrands, timers }: RetireBrandParts,
	brandId: string,
): Promise<TaskStep> {
	const removedAt = (await storedBrands.all()).records.get(brandId)?.removedAt ?? 0;
	const leftMs = removedAt + SERVED_MS - clock.now();
	if (leftMs <= 0) {
		return { next: undefined };
	}
	await timers.after(Math.min(leftMs, LOOK_MS));
	return { next: AGAIN };
}

/** Who is deleted is found no more, so each step begins at the first person who is left. */
async function deleteSome(
	parts: RetireBrandParts,
	brandId: string,
	from: string | undefined,
): Promise<TaskStep> {
	const cursor = from === AGAIN ? undefined : from;
	const page = await parts.search.ofClasses(brandId, STATUSES, ALL_WAYS, cursor, USERS_PER_STEP);
	for (const { id } of page.accounts) {
		await deleteOneOfMany(parts, id);
	}
	const units = page.accounts.length;
	return { next: units > 0 ? AGAIN : page.next, units };
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

async function forgetSettings({ addOns }: RetireBrandParts, brandId: string): Promise<TaskStep> {
	const ids = (await addOns.every()).map(({ loaded }) => loaded.manifest.id);
	const places = [
		NAMESPACES.registration,
		...ids.flatMap((id) => [pluginSettingsOf(id), setUpTestsOf(id)]),
	];
	const health = ids.flatMap((id) =>
		[healthKey(brandId), failingKey(brandId)].map((key) => [...signInsOf(id), ...key]),
	);
	const deletes = [
		...places.map((place) => [...place, brandId]),
		...[...placesOfLook(brandId), ...health],
	];
	return { next: undefined, commit: { deletes } };
}

function placesOf(brandId: string): readonly StorageKey[] {
	return [
		sessionsOf("portal", brandId),
		...[consentsOf, openidKeysOf, openidRecordsOf].map((place) => place(brandId)),
		...[connectedHelpdesksOf, handOffHelpdesksOf].map((place) => place(brandId)),
		// Those that were moved to a later day. Nobody looks at the hints of a brand that is gone.
		[...NAMESPACES.accounts, ...unprovenKeys(brandId)],
	];
}

function emptying(partsOf: () => RetireBrandParts, place: StorageKey): Task {
	return {
		name: place.join(" "),
		step: async () => {
			const { entries } = await partsOf().storage.list(place, { limit: ENTRIES_PER_STEP });
			const deletes = entries.map(({ key }) => key);
			return { next: entries.length > 0 ? AGAIN : undefined, commit: { deletes } };
		},
	};
}
