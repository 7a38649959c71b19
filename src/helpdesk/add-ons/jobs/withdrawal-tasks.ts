import { deletionStep } from "../../files/file-deletion.ts";
import type { StagedFiles } from "../../files/staged-files.ts";
import { inParallel } from "../../in-parallel.ts";
import { SaidError } from "../../locale/said.ts";
import type { PeopleSearch } from "../../people/people-search.ts";
import { STATUSES } from "../../people/stored-account.ts";
import type { AddOn } from "../add-on.ts";
import type { AddOns } from "../add-ons.ts";
import { once, type Task } from "./task-list.ts";

/** What jobs about the people who log in with an add-on work with. */
export interface WithdrawalJobParts {
	readonly addOns: Pick<AddOns, "find" | "linkFacts" | "nameOf" | "slot">;
	readonly search: Pick<PeopleSearch, "ofClasses">;
	readonly files: StagedFiles;
}

const USERS_PER_STEP = 25;
/** Background work leaves connections to visitors. */
const AT_ONCE = 3;
/** Where a task goes on that keeps no place of its own. */
const AGAIN = "again";

/** The add-on of a job. @throws Error where this node cannot use it. */
export async function addOnOf({ addOns }: WithdrawalJobParts, addOnId: string): Promise<AddOn> {
	const addOn = await addOns.find(addOnId);
	if (addOn === undefined) {
		throw new SaidError({ key: "add-on-job.not-on-this-node", values: { addOn: addOnId } });
	}
	return addOn;
}

export function deactivation(parts: WithdrawalJobParts, addOnId: string): Task {
	return once("deactivate", async () => {
		const { plugin } = await addOnOf(parts, addOnId);
		if (await plugin.isActive()) {
			await plugin.deactivate();
		}
	});
}

/** Log-ins under way store no new links from then on. */
export function switchingOff(parts: WithdrawalJobParts, addOnId: string, brandId: string): Task {
	return once(`off ${brandId}`, async () => {
		await (await addOnOf(parts, addOnId)).settings.enable(brandId, false);
	});
}

/** The letters of a step and its end are one commit, so each letter is written once. */
export function letters(parts: WithdrawalJobParts, addOnId: string, brandId: string): Task {
	return {
		name: `letters ${brandId}`,
		step: async (from) => (await addOnOf(parts, addOnId)).withdrawal.letters(brandId, from),
	};
}

/** Deletes the links of a brand, and the letters that name them. */
export function purging(
	parts: WithdrawalJobParts,
	addOnId: string,
	brandId: string,
): readonly Task[] {
	return [
		{
			name: `links ${brandId}`,
			step: async () => {
				const { removed, isDone } = await (await addOnOf(parts, addOnId)).withdrawal.purgeSome(
					brandId,
				);
				return { next: isDone ? undefined : AGAIN, units: removed };
			},
		},
		facts(parts, brandId),
		once(`mail ${brandId}`, async () =>
			(await addOnOf(parts, addOnId)).withdrawal.forgetLetters(brandId),
		),
	];
}

/**
 * Deletes the lists, results and exports of an add-on: they name people. It comes after its links are deleted: an export that
 * runs meanwhile has no file any more, and one that begins later finds nothing.
 */
export function deletingFiles({ files }: WithdrawalJobParts, addOnId: string): Task {
	return {
		name: "files",
		step: async (from) => {
			const { commit, next } = await deletionStep(files, ({ addOn }) => addOn === addOnId, from);
			return { commit, next };
		},
	};
}

/** Asks what is linked to everybody at a brand to whom anything was. */
export function facts({ addOns, search }: WithdrawalJobParts, brandId: string): Task {
	return {
		name: `facts ${brandId}`,
		step: async (from) => {
			const ways = ["link", "both"] as const;
			const page = await search.ofClasses(brandId, STATUSES, ways, from, USERS_PER_STEP);
			await inParallel(page.accounts, AT_ONCE, ({ id }) => addOns.linkFacts.refresh(id));
			return { next: page.next };
		},
	};
}
