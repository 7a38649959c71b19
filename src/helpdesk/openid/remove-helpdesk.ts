import type { HostStorage } from "../../contract/storage.ts";
import { fieldsOf, isTextOrNull, type StoredKind } from "../../storage/stored-value.ts";
import { type JobKind, jobKind, type StepEnd, type StepStart } from "../jobs/job-kind.ts";
import { consentsOf } from "../namespaces.ts";

export const REMOVE_HELPDESK = "remove-helpdesk";

/** Agreements that a step looks at. */
const AGREEMENTS_PER_STEP = 200;

export type RemoveHelpdeskParams = {
	readonly brandId: string;
	readonly helpdeskId: string;
	/** Its name, for people. */
	readonly name: string;
};

type Position = {
	readonly isRemoved: boolean;
	/** Of the next page of agreements; null: the first one. */
	readonly cursor: string | null;
	readonly done: number;
};

export interface RemoveHelpdeskParts {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	/** Removes a connected helpdesk of whatever kind, also if it is gone already. */
	readonly removeHelpdesk: (brandId: string, helpdeskId: string) => Promise<void>;
}

const PARAMS: StoredKind<RemoveHelpdeskParams> = {
	name: "jobs/remove-helpdesk parameters",
	read: (value) => {
		const { brandId, helpdeskId, name } = fieldsOf(value);
		return typeof brandId === "string" && typeof helpdeskId === "string" && typeof name === "string"
			? { brandId, helpdeskId, name }
			: undefined;
	},
};

const POSITION: StoredKind<Position> = {
	name: "jobs/remove-helpdesk position",
	read: (value) => {
		const { isRemoved, cursor = null, done } = fieldsOf(value);
		return typeof isRemoved === "boolean" && isTextOrNull(cursor) && typeof done === "number"
			? { isRemoved, cursor, done }
			: undefined;
	},
};

/**
 * Removes a connected helpdesk, and forgets which users have agreed that their data goes there. The removal may be done twice
 * (B), each other step is one commit (A).
 */
export function removeHelpdeskKind(parts: RemoveHelpdeskParts): JobKind {
	return jobKind<RemoveHelpdeskParams, Position>({
		type: REMOVE_HELPDESK,
		params: PARAMS,
		position: POSITION,
		exclusive: ({ brandId, helpdeskId }) => `connected helpdesk ${brandId} ${helpdeskId}`,
		begin: async () => ({ position: { isRemoved: false, cursor: null, done: 0 }, total: null }),
		step: (at) => removalStep(parts, at),
		// Nobody else could forget who had agreed to a helpdesk that is gone.
		isTooLateToCancel: async (_, { isRemoved }) => isRemoved,
		words: ({ brandId, name }) => ({
			title: { key: "helpdesk.remove.job", values: { helpdesk: name, brand: brandId } },
			unit: "agreements",
		}),
	});
}

async function removalStep(
	{ storage, removeHelpdesk }: RemoveHelpdeskParts,
	{ params, position }: StepStart<RemoveHelpdeskParams, Position>,
): Promise<StepEnd<Position>> {
	const { brandId, helpdeskId } = params;
	if (!position.isRemoved) {
		// From now on nobody can agree to it any more.
		await removeHelpdesk(brandId, helpdeskId);
		return { position: { ...position, isRemoved: true }, done: position.done, isEnd: false };
	}
	const { entries, cursor } = await storage.list(consentsOf(brandId), {
		limit: AGREEMENTS_PER_STEP,
		...(position.cursor !== null && { cursor: position.cursor }),
	});
	const deletes = entries.map(({ key }) => key).filter((key) => key.at(-1) === helpdeskId);
	const done = position.done + deletes.length;
	return {
		position: { ...position, cursor: cursor ?? null, done },
		done,
		commit: { deletes },
		isEnd: cursor === undefined,
	};
}
