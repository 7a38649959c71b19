import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { SaidStorageError } from "../locale/said.ts";
import { NAMESPACES } from "../namespaces.ts";
import { DELIVERED, DUE, ENDED, NEWEST } from "./letter-index.ts";
import type { LetterStore } from "./letter-store.ts";

/** The most letters that are kept. */
export const MOST_LETTERS = 20_000;
/** The most letters that are kept after the mail server has taken them: a part of all. */
const DELIVERED_PART = 1 / 4;
/** After how many letters a node counts again. */
const COUNTED_AFTER = 200;
/** How often a node counts while there is no room. */
const FULL_MS = 60_000;
/** The most letters that one call deletes. */
const TRIMMED_AT_ONCE = 5000;
const PAGE = 200;

/** Who writes letters. Those of jobs fill half of the room at most, so that visitors always have the rest. */
export type LetterWriter = "visitors" | "jobs";

/** How many letters one sort of writers may still write, as this node has counted it last. */
interface Room {
	readonly most: number;
	/** How many more letters this node writes before it counts again. */
	left: number;
	fullUntil: number;
	counting: Promise<void> | undefined;
}

/**
 * How many letters there may be. Each node counts those that wait before its first letter and after every 200 of each sort of
 * writers, so that a bound holds to within 400 letters for each node.
 */
export class OutboxBounds {
	private readonly index: HostStorage;
	private readonly rooms: Readonly<Record<LetterWriter, Room>>;

	/** @param storage the storage of the helpdesk. */
	constructor(
		storage: HostStorage,
		private readonly store: LetterStore,
		private readonly clock: Clock,
		private readonly most: number,
	) {
		this.index = namespaced(storage, NAMESPACES.mailIndex);
		this.rooms = { visitors: newRoom(most), jobs: newRoom(Math.floor(most / 2)) };
	}

	/**
	 * Takes room for letters that are about to be written, and are to be delivered.
	 *
	 * @param letters at most 200. 0 only asks whether there is room for one.
	 * @throws StorageError when too many letters wait for the mail server.
	 */
	async take(letters: number, writer: LetterWriter): Promise<void> {
		const needed = Math.max(1, letters);
		const room = this.rooms[writer];
		if (room.left < needed && this.clock.now() >= room.fullUntil) {
			room.counting ??= this.count(room).finally(() => {
				room.counting = undefined;
			});
			await room.counting;
		}
		if (room.left < needed) {
			throw new SaidStorageError({ key: "problem.outbox-full" });
		}
		room.left -= letters;
	}

	/**
	 * Deletes letters above the bounds: those that were delivered first, then those that are not tried again, then the oldest
	 * that wait.
	 *
	 * @param keepsWaiting whether letters that wait are never deleted, because a mail server will take them.
	 * @returns how many were deleted. At most 5,000; the next call goes on.
	 */
	async trim(keepsWaiting: boolean): Promise<number> {
		const mostDelivered = Math.floor(this.most * DELIVERED_PART);
		const [letters, delivered] = [
			await this.countAt(NEWEST, this.most + TRIMMED_AT_ONCE),
			await this.countAt(DELIVERED, mostDelivered + TRIMMED_AT_ONCE),
		];
		const surplus = letters - this.most;
		const old = await this.dropFirst(DELIVERED, Math.max(surplus, delivered - mostDelivered));
		const ended = old + (await this.dropFirst(ENDED, surplus - old));
		return ended + (keepsWaiting ? 0 : await this.dropFirst(DUE, surplus - ended));
	}

	/** How many letters wait for the mail server, counted up to a bound. */
	countWaiting(most: number): Promise<number> {
		return this.countAt(DUE, most);
	}

	private async count(room: Room): Promise<void> {
		const free = room.most - (await this.countWaiting(room.most));
		room.left = Math.min(COUNTED_AFTER, Math.max(0, free));
		room.fullUntil = free > 0 ? Number.NEGATIVE_INFINITY : this.clock.now() + FULL_MS;
	}

	/** Counts the keys below a place, up to a number. */
	private async countAt(place: StorageKey, enough: number): Promise<number> {
		let count = 0;
		for await (const page of pagesOf(this.index, place, PAGE)) {
			count += page.length;
			if (count >= enough) {
				break;
			}
			await nextTurn();
		}
		return Math.min(count, enough);
	}

	/** @returns how many letters it deleted. */
	private async dropFirst(place: StorageKey, most: number): Promise<number> {
		let dropped = 0;
		for await (const letters of most > 0 ? this.store.pagesAt(place) : []) {
			const surplus = letters.slice(0, most - dropped);
			await this.store.drop(surplus);
			dropped += surplus.length;
			if (dropped >= most) {
				break;
			}
			await nextTurn();
		}
		return dropped;
	}
}

function newRoom(most: number): Room {
	return { most, left: 0, fullUntil: Number.NEGATIVE_INFINITY, counting: undefined };
}
