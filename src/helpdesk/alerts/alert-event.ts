import type { HostStorage, StorageCommit, StorageValue } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import {
	fieldsOf,
	isTime,
	type ReadEntry,
	readableEntries,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { NAMESPACES } from "../namespaces.ts";

/** An event that nobody could be told in this time is over. */
const KEPT_MS = 24 * 60 * 60_000;
/** How many events a round looks at. */
const MOST_READ = 2000;

/** Log-ins at a brand began to fail, or are well again, and how far the telling is. */
export type AlertEvent = {
	readonly id: string;
	/** When it was noticed. Milliseconds since the epoch. */
	readonly at: number;
	readonly pluginId: string;
	readonly brandId: string;
	readonly kind: "failing" | "well";
	/** When log-ins began to fail. Milliseconds since the epoch. */
	readonly since: number;
	/** Why they failed, see `Verdict`. */
	readonly why: string;
	/** The address of the operator who was the last to get a letter; empty before the first. Null: all have theirs. */
	readonly mailedTo: string | null;
	/** How often the webhook was called, and when it may be called again. Null: it has the event, or does not get it. */
	readonly webhook: { readonly tries: number; readonly dueAt: number } | null;
};

export const STORED_ALERT_EVENT: StoredKind<AlertEvent> = {
	name: "alert-events",
	read: (value) => {
		const { id, at, pluginId, brandId, kind, since, why, mailedTo, webhook } = fieldsOf(value);
		const toCall = webhook === null ? null : readWebhook(webhook);
		return typeof id === "string" &&
			isTime(at) &&
			typeof pluginId === "string" &&
			typeof brandId === "string" &&
			(kind === "failing" || kind === "well") &&
			isTime(since) &&
			typeof why === "string" &&
			(mailedTo === null || typeof mailedTo === "string") &&
			toCall !== undefined
			? { id, at, pluginId, brandId, kind, since, why, mailedTo, webhook: toCall }
			: undefined;
	},
};

/**
 * The events that somebody has still to be told. Those that wait for the webhook alone may be many, and hide no other one.
 *
 * @param storage the storage of the helpdesk.
 */
export async function openEvents(
	storage: HostStorage,
	report: (what: string, error: unknown) => void,
): Promise<readonly ReadEntry<AlertEvent>[]> {
	const events: ReadEntry<AlertEvent>[] = [];
	for await (const page of pagesOf(storage, NAMESPACES.alertEvents)) {
		events.push(...readableEntries(page, STORED_ALERT_EVENT, report));
		if (events.length >= MOST_READ) {
			break;
		}
	}
	return events;
}

/** An event as part of a commit to the storage of the helpdesk. */
export function eventSet(event: AlertEvent): NonNullable<StorageCommit["sets"]>[number] {
	return {
		key: [...NAMESPACES.alertEvents, event.id],
		value: event,
		expiresAt: event.at + KEPT_MS,
	};
}

/** Whether everybody was told. */
export function isTold({ mailedTo, webhook }: AlertEvent): boolean {
	return mailedTo === null && webhook === null;
}

function readWebhook(value: StorageValue | undefined): AlertEvent["webhook"] | undefined {
	const { tries, dueAt } = fieldsOf(value);
	return typeof tries === "number" && isTime(dueAt) ? { tries, dueAt } : undefined;
}
