import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import {
	fieldsOf,
	isTime,
	type ReadEntry,
	readableEntries,
	type StoredKind,
} from "../../storage/stored-value.ts";

/** Longer than a call of the provider takes. */
const HELD_MS = 30_000;
/** Each failure doubles the wait. */
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 60 * 60_000;
/** After this a message is given up. With the waits above it is tried 28 times at most. */
const USEFUL_MS = 24 * 60 * 60_000;
/** Longer than a message is useful, so that a node sees those that it has to give up. */
const KEPT_MS = 2 * USEFUL_MS;

/** A helpdesk that answers 400 does not know the session, or never takes such a message. */
const MOST_REFUSALS = 5;

/** How many messages to one helpdesk are in memory at once. */
const AT_ONCE = 100;

/** How many messages to one helpdesk are counted. */
const MOST_COUNTED = 1000;

/** What a connected helpdesk has to hear: that a session has ended (OpenID Connect Back-Channel Logout, section 2.4). */
export interface LogOutMessage {
	readonly brandId: string;
	/** The connected helpdesk. */
	readonly clientId: string;
	readonly userId: string;
	/** The session, as the helpdesk knows it. */
	readonly sid: string;
}

/** The messages that a helpdesk has not taken. */
export interface Untold {
	readonly count: number;
	/** Whether there are more, which were not counted. */
	readonly isMore: boolean;
	/** When the session of the oldest one ended. Milliseconds since the epoch. */
	readonly since: number;
}

type Waiting = {
	readonly userId: string;
	/** When the session ended. Milliseconds since the epoch. */
	readonly at: number;
	readonly failures: number;
	/** When it may be tried. Until then, a node is trying it, or it waits. Milliseconds since the epoch. */
	readonly heldUntil: number;
};

const WAITING: StoredKind<Waiting> = {
	name: "openid/log-outs",
	read: (value) => {
		const { userId, at, failures, heldUntil } = fieldsOf(value);
		return typeof userId === "string" &&
			isTime(at) &&
			typeof failures === "number" &&
			isTime(heldUntil)
			? { userId, at, failures, heldUntil }
			: undefined;
	},
};

type Outcome = "taken" | "refused" | "no-answer";

export interface LogOutMessagesParts {
	/** That of all brands' messages. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	/** Whether this node serves a brand. The messages of other brands wait. */
	readonly isServed: (brandId: string) => boolean;
	/** Sends one message. A helpdesk that was removed has nothing to hear. @throws Error when it was not taken. */
	readonly send: (message: LogOutMessage) => Promise<void>;
	/** Called when a helpdesk could not be told: for the first of its failures in a row, and for each message given up. */
	readonly report: (
		what: "waits" | "given-up",
		message: Pick<LogOutMessage, "brandId" | "clientId">,
		error: unknown,
	) => void;
	readonly logError: (what: string, error: unknown) => void;
}

/**
 * The messages to connected helpdesks. They are stored in the commit that ends a session. A node holds a message while it
 * sends it, so that no other node does, and a message whose node died is sent by another one. Where a helpdesk is away,
 * they wait longer each time, for a day.
 */
export class LogOutMessages {
	private readonly failing = new Set<string>();
	private running: Promise<void> | undefined;
	private isAsked = false;

	constructor(private readonly parts: LogOutMessagesParts) {}

	/** A message as part of a commit to the storage that this one is in. */
	setOf({
		brandId,
		clientId,
		userId,
		sid,
	}: LogOutMessage): NonNullable<StorageCommit["sets"]>[number] {
		const at = this.parts.clock.now();
		const value: Waiting = { userId, at, failures: 0, heldUntil: at };
		return { key: [brandId, clientId, sid], value, expiresAt: at + KEPT_MS };
	}

	/** Leaves a message outside of any other commit. It is sent within a minute. */
	async leave(message: LogOutMessage): Promise<void> {
		await this.parts.storage.commit({ sets: [this.setOf(message)] });
	}

	/** What a helpdesk has not taken yet, of the messages of more than a minute ago. @returns undefined when there is none. */
	async untold({
		brandId,
		clientId,
	}: Pick<LogOutMessage, "brandId" | "clientId">): Promise<Untold | undefined> {
		const { storage, clock, logError } = this.parts;
		const page = await storage.list([brandId, clientId], { limit: MOST_COUNTED });
		const times = readableEntries(page.entries, WAITING, logError)
			.map(({ value }) => value.at)
			.filter((at) => at <= clock.now() - FIRST_WAIT_MS);
		return times.length === 0
			? undefined
			: { count: times.length, isMore: page.cursor !== undefined, since: Math.min(...times) };
	}

	/** Sends what is due. A call while another one is at work makes that one look once more. */
	async sendDue(): Promise<void> {
		this.isAsked = true;
		this.running ??= this.run().finally(() => {
			this.running = undefined;
		});
		await this.running;
	}

	private async run(): Promise<void> {
		while (this.isAsked) {
			this.isAsked = false;
			const ofHelpdesk = await this.due();
			await Promise.all([...ofHelpdesk.values()].map((messages) => this.sendTo(messages)));
		}
	}

	/** The messages that are due, at most {@link AT_ONCE} to each helpdesk. */
	private async due(): Promise<ReadonlyMap<string, readonly ReadEntry<Waiting>[]>> {
		const { storage, clock, isServed, logError } = this.parts;
		const due = new Map<string, ReadEntry<Waiting>[]>();
		for await (const page of pagesOf(storage, [])) {
			for (const message of readableEntries(page, WAITING, logError)) {
				const { key, value } = message;
				const helpdesk = key.slice(0, 2).join(" ");
				const messages = due.get(helpdesk) ?? [];
				const isDue = value.heldUntil <= clock.now() && isServed(String(key[0]));
				if (isDue && messages.length < AT_ONCE) {
					due.set(helpdesk, messages);
					messages.push(message);
				}
			}
		}
		return due;
	}

	/**
	 * Sends the messages to one helpdesk. One that it refuses holds up no other. Where nobody answers, the others wait until
	 * it is their turn again.
	 */
	private async sendTo(messages: readonly ReadEntry<Waiting>[]): Promise<void> {
		const { logError } = this.parts;
		try {
			let areAllTaken = true;
			for (const message of messages) {
				const outcome = await this.sendOne(message);
				if (outcome === "no-answer") {
					return;
				}
				areAllTaken &&= outcome === "taken";
			}
			if (areAllTaken && messages[0] !== undefined) {
				this.failing.delete(String(messages[0].key[1]));
			}
			// There may be more than were read.
			this.isAsked ||= messages.length === AT_ONCE;
		} catch (error) {
			logError("connected helpdesks are not told that users have logged out", error);
		}
	}

	private async sendOne({ key, version, value }: ReadEntry<Waiting>): Promise<Outcome> {
		const { storage, clock, send } = this.parts;
		const [brandId = "", clientId = "", sid = ""] = key.map(String);
		const expiresAt = value.at + KEPT_MS;
		const held: Waiting = { ...value, heldUntil: clock.now() + HELD_MS };
		const isOurs = await storage.commit({
			checks: [{ key, version }],
			sets: [{ key, value: held, expiresAt }],
		});
		if (!isOurs) {
			return "taken";
		}
		try {
			await send({ brandId, clientId, sid, userId: value.userId });
		} catch (error) {
			await this.putBack({ key, value: held }, error);
			return statusIn(error) === undefined ? "no-answer" : "refused";
		}
		await storage.commit({ deletes: [key] });
		return "taken";
	}

	private async putBack({ key, value }: Omit<ReadEntry<Waiting>, "version">, error: unknown) {
		const { storage, clock, report } = this.parts;
		const [brandId = "", clientId = ""] = key.map(String);
		const entry = await storage.get(key);
		if (entry === undefined || fieldsOf(entry.value)["heldUntil"] !== value.heldUntil) {
			return;
		}
		const checks = [{ key, version: entry.version }];
		const now = clock.now();
		const failures = value.failures + 1;
		const isHopeless = statusIn(error) === 400 && failures >= MOST_REFUSALS;
		if (isHopeless || now >= value.at + USEFUL_MS) {
			if (await storage.commit({ checks, deletes: [key] })) {
				report("given-up", { brandId, clientId }, error);
			}
			return;
		}
		if (!this.failing.has(clientId)) {
			this.failing.add(clientId);
			report("waits", { brandId, clientId }, error);
		}
		const wait = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
		const later = { ...value, failures, heldUntil: now + wait };
		await storage.commit({ checks, sets: [{ key, value: later, expiresAt: value.at + KEPT_MS }] });
	}
}

/** The status of the helpdesk's answer, which the library puts into its error. @returns undefined when nobody has answered. */
function statusIn(error: unknown): unknown {
	const { response } = error as { readonly response?: { readonly status?: unknown } };
	return response?.status;
}
