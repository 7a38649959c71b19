import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { merged } from "../../storage/merged-commit.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { placed } from "../../storage/ordered-storage.ts";
import {
	fieldsOf,
	isTime,
	type ReadEntry,
	readableEntries,
	readOrReport,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { type AddOn, isActive } from "../add-ons/add-on.ts";
import type { AddOns } from "../add-ons/add-ons.ts";
import { hasFailed } from "../add-ons/set-up-results.ts";
import { signInsOf } from "../namespaces.ts";
import {
	type AttemptNote,
	attemptNoteKeys,
	isNoteDue,
	STORED_ATTEMPT_NOTE,
} from "../sign-ins/attempt-note.ts";
import { FAILING, failingKey, healthKey } from "../sign-ins/health-keys.ts";
import { type AlertEvent, eventSet } from "./alert-event.ts";
import {
	type BrandHealth,
	STORED_HEALTH,
	unknownHealth,
	type Verdict,
	withNotes,
} from "./brand-health.ts";
import { judged } from "./judge-health.ts";

/** How many notes a round reads of an add-on, and how many of a brand it adds up in one commit. */
const NOTES_A_ROUND = 4000;
const ADDED_AT_ONCE = 150;
const PAGE = 500;
/** How many brands that fail a page shows. */
const MOST_SHOWN = 100;
/** What is known of a brand is forgotten when nobody has tried to log in for so long. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** A brand at which log-ins fail, and since when. */
export interface FailingBrand {
	readonly brandId: string;
	/** Milliseconds since the epoch. */
	readonly since: number;
	/** See {@link Verdict}. */
	readonly why: string;
}

const STORED_FAILING: StoredKind<FailingBrand> = {
	name: "sign-ins/failing",
	read: (value) => {
		const { brandId, since, why } = fieldsOf(value);
		return typeof brandId === "string" && isTime(since) && typeof why === "string"
			? { brandId, since, why }
			: undefined;
	},
};

export interface WatchedBrandsParts {
	/** The storage of the helpdesk. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly addOns: Pick<AddOns, "all" | "unchanged">;
	/** Called for what is stored and cannot be read. */
	readonly logError: (what: string, error: unknown) => void;
}

/** Adds up how attempts end, judges whether people can log in at each brand, and stores an event when that changes. */
export class WatchedBrands {
	/** The brands that this node looks at although nothing new is noted: visitors may not have come back yet. */
	private readonly open = new Set<string>();

	constructor(private readonly parts: WatchedBrandsParts) {}

	/** The brands at which log-ins with an add-on fail. */
	async failing(pluginId: string): Promise<readonly FailingBrand[]> {
		const { logError } = this.parts;
		const { entries } = await this.placeOf(pluginId).list(FAILING, { limit: MOST_SHOWN });
		return readableEntries(entries, STORED_FAILING, logError).map(({ value }) => value);
	}

	/** What is known about a brand, up to two minutes ago. */
	async healthOf(pluginId: string, brandId: string): Promise<BrandHealth> {
		const entry = await this.placeOf(pluginId).get(healthKey(brandId));
		const report = (error: unknown) => this.parts.logError("the log-ins of a brand", error);
		const health = entry && readOrReport(entry, STORED_HEALTH, report);
		return health ?? unknownHealth(brandId);
	}

	/** Judges every brand with something new. Any node may do it, at any time. @returns how many verdicts changed. */
	async judgeAll(): Promise<number> {
		let changed = 0;
		for (const addOn of (await this.parts.addOns.all()).filter(isActive)) {
			const { id } = addOn.loaded.manifest;
			const notes = await this.notesOf(id);
			const known = new Set(addOn.brands.map((brand) => brand.id));
			const failing = (await this.failing(id)).map(({ brandId }) => brandId);
			const open = [...known].filter((brandId) => this.open.has(`${id} ${brandId}`));
			for (const brandId of new Set([...notes.keys(), ...failing, ...open])) {
				if (known.has(brandId) && (await this.judge(addOn, brandId, notes.get(brandId) ?? []))) {
					changed += 1;
				}
			}
		}
		return changed;
	}

	private async notesOf(
		pluginId: string,
	): Promise<ReadonlyMap<string, readonly ReadEntry<AttemptNote>[]>> {
		const { logError } = this.parts;
		const ofBrands = new Map<string, ReadEntry<AttemptNote>[]>();
		let count = 0;
		for await (const page of pagesOf(this.placeOf(pluginId), attemptNoteKeys(), PAGE)) {
			for (const note of readableEntries(page, STORED_ATTEMPT_NOTE, logError)) {
				const notes = ofBrands.get(note.value.brandId) ?? [];
				notes.push(note);
				ofBrands.set(note.value.brandId, notes);
			}
			count += page.length;
			if (count >= NOTES_A_ROUND) {
				break;
			}
		}
		return ofBrands;
	}

	/** @returns whether the verdict has changed. Where another node does the same, one of them stores it. */
	private async judge(
		addOn: AddOn,
		brandId: string,
		notes: readonly ReadEntry<AttemptNote>[],
	): Promise<boolean> {
		const { clock, storage, addOns } = this.parts;
		const { id } = addOn.loaded.manifest;
		const now = clock.now();
		const key = healthKey(brandId);
		const entry = await this.placeOf(id).get(key);
		// What a later version has stored stays as it is.
		const before = entry === undefined ? unknownHealth(brandId) : STORED_HEALTH.read(entry.value);
		if (before === undefined) {
			this.parts.logError(`whether log-ins at ${brandId} fail cannot be read`, entry?.version);
			return false;
		}
		const due = notes.filter(({ value }) => isNoteDue(value.from, now)).slice(0, ADDED_AT_ONCE);
		const kept = withNotes(before, valuesOf(due), now);
		const open = notes.filter((note) => !due.includes(note));
		const whole = withNotes(kept, valuesOf(open), now);
		const verdict = judged(whole, now, await testedAt(addOn, brandId, before.verdict));
		this.watch(`${id} ${brandId}`, whole);
		const isNews = verdict.kind !== before.verdict.kind;
		if (due.length === 0 && !isNews) {
			return false;
		}
		const health: BrandHealth = { ...kept, verdict };
		const stored: StorageCommit = {
			checks: [
				{ key, version: entry?.version ?? null },
				...due.map((note) => ({ key: note.key, version: note.version })),
			],
			sets: [{ key, value: health, expiresAt: now + KEPT_MS }, ...failingSets(health, now)],
			deletes: [
				...due.map((note) => note.key),
				...(verdict.kind === "well" ? [failingKey(brandId)] : []),
			],
		};
		const news = isNews ? [eventSet(newEvent(id, before, verdict, now))] : [];
		const commit = merged(placed(signInsOf(id), stored), {
			checks: [addOns.unchanged(addOn)],
			sets: news,
		});
		return (await storage.commit(commit)) && isNews;
	}

	private watch(name: string, { unfinished }: BrandHealth): void {
		if (unfinished === null) {
			this.open.delete(name);
		} else {
			this.open.add(name);
		}
	}

	private placeOf(pluginId: string): HostStorage {
		return namespaced(this.parts.storage, signInsOf(pluginId));
	}
}

function failingSets(
	{ brandId, verdict }: BrandHealth,
	now: number,
): NonNullable<StorageCommit["sets"]> {
	if (verdict.kind === "well") {
		return [];
	}
	const value = { brandId, since: verdict.since, why: verdict.why };
	return [{ key: failingKey(brandId), value, expiresAt: now + KEPT_MS }];
}

function valuesOf(notes: readonly ReadEntry<AttemptNote>[]): readonly AttemptNote[] {
	return notes.map(({ value }) => value);
}

/** When the set-up of a failing brand was last tested with success. */
async function testedAt(addOn: AddOn, brandId: string, { kind }: Verdict): Promise<number> {
	const test = kind === "failing" ? await addOn.tests.last(brandId) : undefined;
	return test === undefined || hasFailed(test) ? 0 : test.at;
}

function newEvent(
	pluginId: string,
	{ brandId, verdict: before }: BrandHealth,
	verdict: Verdict,
	now: number,
): AlertEvent {
	const failed = verdict.kind === "failing" ? verdict : before;
	return {
		...{ id: randomUUID(), at: now, pluginId, brandId, kind: verdict.kind },
		since: failed.since,
		why: failed.kind === "failing" ? failed.why : "",
		...{ mailedTo: "", webhook: { tries: 0, dueAt: now } },
	};
}
