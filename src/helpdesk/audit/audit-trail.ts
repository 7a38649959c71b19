import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { placed } from "../../storage/ordered-storage.ts";
import { readEntry } from "../../storage/stored-value.ts";
import { NAMESPACES } from "../namespaces.ts";
import {
	type DeedObject,
	type NewDeed,
	type Outcome,
	STORED_ENTRY,
	type StoredEntry,
	storedEntry,
} from "./audit-entry.ts";
import { entryKey, entrySets, idOf, openKey } from "./audit-keys.ts";
import { type DeedUnderWay, whileDoing } from "./deed-storage.ts";
import { type DeedKind, kindOf } from "./deeds.ts";
import { newTraceCode } from "./trace-code.ts";

/** How a job ended, as far as it has. */
export interface JobEnd {
	readonly outcome: Outcome;
	readonly at: number;
}

/** What the trail knows of background work. */
export interface JobsOfDeeds {
	/** The id of the job that is stored under a key of the helpdesk's storage; undefined for any other key. */
	readonly idIn: (key: StorageKey) => string | undefined;
	/** @returns undefined while the job has not ended; `gone` for one that is not stored any more. */
	readonly endOf: (id: string) => Promise<JobEnd | "gone" | undefined>;
}

export interface AuditTrailParts {
	/** The namespace of the trail. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	readonly jobs: JobsOfDeeds;
	readonly logError: (what: string, error: unknown) => void;
}

/** A deed with effects outside the storage, whose entry is written. */
export interface BegunDeed {
	/** Notes the end, once. Never throws. */
	end(outcome: Outcome): Promise<void>;
	/** The end as a commit to the helpdesk's whole storage, for a copy of it that is made in between. */
	endIn(outcome: Outcome): StorageCommit;
}

/** Writes who did what. Each deed has one entry, or none where nothing was done. */
export class AuditTrail {
	constructor(private readonly parts: AuditTrailParts) {}

	/**
	 * Does a deed, and leaves its entry as the form of the deed asks, see `DeedForm`.
	 *
	 * @param outcomeOf says how a deed ended that did not throw. Left out: it is done.
	 */
	async during<Result>(
		deed: NewDeed,
		work: () => Promise<Result>,
		outcomeOf: (result: Result) => Outcome = () => "done",
	): Promise<Result> {
		const under = await this.start(deed);
		try {
			const result = await whileDoing(under, work);
			await this.end(under, outcomeOf(result));
			return result;
		} catch (error) {
			await this.end(under, "failed");
			throw error;
		} finally {
			under.close();
		}
	}

	/** Begins a deed that ends later than the call, such as a file that is sent while it is made. */
	async begin(deed: NewDeed): Promise<BegunDeed> {
		const under = await this.start(deed);
		let ending: Promise<void> | undefined;
		return {
			end: (outcome) => {
				ending ??= this.end(under, outcome).then(() => under.close());
				return ending;
			},
			endIn: (outcome) => {
				const id = idOf(under.entry);
				const end = { outcome, at: this.parts.clock.now() };
				return placed(NAMESPACES.audit, {
					sets: [{ key: entryKey(id), value: ended(under.entry, end) }],
					deletes: [openKey(id)],
				});
			},
		};
	}

	/** Notes a deed that is one moment. */
	async note(deed: NewDeed): Promise<void> {
		const { storage, clock, random } = this.parts;
		await storage.commit({
			sets: entrySets(storedEntry(deed, clock.now(), newTraceCode(random))),
		});
	}

	private async start(deed: NewDeed): Promise<Deed> {
		const { storage, clock, random, jobs } = this.parts;
		const entry = storedEntry(deed, clock.now(), newTraceCode(random));
		const under = new Deed(entry, kindOf(deed.name), jobs);
		const { form } = under.kind;
		if (form === "outside" || form === "read") {
			await storage.commit({ sets: entrySets(under.entry) });
			under.written();
		}
		return under;
	}

	/** What was done is done, so a failure to note its end fails nothing. The entry then shows as interrupted. */
	private async end(under: Deed, outcome: Outcome): Promise<void> {
		const { entry } = under;
		if (!under.isWritten || entry.state !== "begun") {
			return;
		}
		try {
			const end =
				entry.jobId === null
					? { outcome, at: this.parts.clock.now() }
					: await this.parts.jobs.endOf(entry.jobId);
			if (end !== undefined && end !== "gone") {
				await endEntry(this.parts.storage, idOf(entry), end);
			}
		} catch (error) {
			this.parts.logError("the audit trail could not note how a deed ended", error);
		}
	}
}

interface DeedEnd {
	readonly outcome: Outcome;
	/** Milliseconds since the epoch. Null: not known. */
	readonly at: number | null;
}

function ended(entry: StoredEntry, { outcome, at }: DeedEnd): StoredEntry {
	return { ...entry, state: "ended", endedAt: at, outcome };
}

/** Notes how a deed ended. Nobody else changes an entry. */
export function endEntry(storage: HostStorage, id: string, end: DeedEnd): Promise<void> {
	const key = entryKey(id);
	return updateEntry(storage, async () => {
		const stored = await storage.get(key);
		if (stored === undefined) {
			return { commit: { deletes: [openKey(id)] }, result: undefined };
		}
		const { version } = stored;
		const value = ended(readEntry(stored, STORED_ENTRY), end);
		return {
			commit: { checks: [{ key, version }], sets: [{ key, value }], deletes: [openKey(id)] },
			result: undefined,
		};
	});
}

/** A deed that is being done. */
class Deed implements DeedUnderWay {
	isWritten = false;
	private isClosed = false;
	private current: StoredEntry;

	constructor(
		entry: StoredEntry,
		readonly kind: DeedKind,
		private readonly jobs: Pick<JobsOfDeeds, "idIn">,
	) {
		const ends = kind.form === "steps" || kind.form === "outside";
		this.current = ends ? { ...entry, state: "begun" } : entry;
	}

	/** The entry as it was written, or would be. */
	get entry(): StoredEntry {
		return this.current;
	}

	takes(commit: StorageCommit): boolean {
		return (
			!this.isWritten &&
			!this.isClosed &&
			keysIn(commit).some((key) => this.kind.places.some((place) => isBelow(key, place)))
		);
	}

	partOf(commit: StorageCommit): StorageCommit {
		const [jobId] = (commit.sets ?? []).flatMap(({ key }) => this.jobs.idIn(key) ?? []);
		if (jobId !== undefined) {
			this.current = { ...this.current, state: "begun", jobId };
		}
		const made = this.current.objectId === null ? this.madeIn(commit) : undefined;
		if (made !== undefined) {
			this.current = { ...this.current, object: made.kind, objectId: made.id };
		}
		return placed(NAMESPACES.audit, { sets: entrySets(this.current) });
	}

	written(): void {
		this.isWritten = true;
	}

	/** What happens later is not part of the deed. */
	close(): void {
		this.isClosed = true;
	}

	private madeIn({ sets = [] }: StorageCommit): DeedObject | undefined {
		const { makes } = this.kind;
		if (makes === undefined) {
			return undefined;
		}
		const key = sets.map((set) => set.key).find((each) => isBelow(each, makes.below));
		const id = key?.[makes.below.length];
		return id === undefined ? undefined : { kind: makes.kind, id };
	}
}

function keysIn({ sets = [], deletes = [] }: StorageCommit): readonly StorageKey[] {
	return [...sets.map(({ key }) => key), ...deletes];
}

/** @param place null stands for any part. */
function isBelow(key: StorageKey, place: readonly (string | null)[]): boolean {
	return place.every((part, index) => part === null || key[index] === part);
}
