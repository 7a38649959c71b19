import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import type { ReadEntry } from "../../storage/stored-value.ts";
import { type Locale, localeFor } from "../locale/locale.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { ListedOperator } from "../people/operator-roster.ts";
import type { Operators } from "../people/operators.ts";
import { type AlertEvent, eventSet, isTold, openEvents } from "./alert-event.ts";
import { type AlertLinks, alertLetter, type WordedEvent } from "./alert-letter.ts";
import { type AlertWordsParts, alertWords } from "./alert-words.ts";
import { wantsAlerts } from "./wants-alerts.ts";

/** How many events are in one letter, and how many letters are in one commit. */
const EVENTS_IN_A_LETTER = 20;
const LETTERS_AT_ONCE = 40;
/** More commits than the letters about all events of a round need. */
const MOST_COMMITS = 60;

export interface AlertMailParts extends AlertWordsParts {
	/** The storage of the helpdesk. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly outbox: Pick<Outbox, "letterSets" | "expectRoom">;
	readonly operators: Pick<Operators, "list">;
	/** The first one's language is that of letters to operators who have used none. */
	readonly brands: AlertWordsParts["brands"] & { all(): readonly Brand[] };
	readonly links: AlertLinks;
	readonly logError: (what: string, error: unknown) => void;
}

/**
 * Writes to the operators who want alerts. What was written is noted in the commit of the letters, so that a crash neither
 * loses a letter nor writes one twice. What happens at several brands at once is one letter.
 */
export class AlertMail {
	constructor(private readonly parts: AlertMailParts) {}

	/** Any node may do it, at any time. @returns how many letters it wrote. */
	async send(): Promise<number> {
		const { storage, logError } = this.parts;
		let letters = 0;
		for (let commits = 0; commits < MOST_COMMITS; commits += 1) {
			const [first, ...others] = nextGroup(await openEvents(storage, logError));
			if (first === undefined) {
				break;
			}
			letters += await this.write([first, ...others]);
		}
		return letters;
	}

	/** @returns how many letters it wrote. */
	private async write(
		group: readonly [ReadEntry<AlertEvent>, ...ReadEntry<AlertEvent>[]],
	): Promise<number> {
		const { storage, outbox } = this.parts;
		const before = group[0].value.mailedTo ?? "";
		const waiting = (await this.recipients()).filter(({ email }) => email > before);
		const now = waiting.slice(0, LETTERS_AT_ONCE);
		const mailedTo = now.length < waiting.length ? (now.at(-1)?.email ?? null) : null;
		const [first, ...others] = group.map(({ value }) => value);
		if (first === undefined) {
			return 0;
		}
		const letters = await this.lettersTo(now, [first, ...others]);
		const room = await outbox.expectRoom(now.length, "jobs");
		const told = group.map(({ value }): AlertEvent => ({ ...value, mailedTo }));
		const commit: StorageCommit = {
			checks: group.map(({ key, version }) => ({ key, version })),
			sets: [
				...told.filter((event) => !isTold(event)).map(eventSet),
				...letters.flatMap((letter) => outbox.letterSets(letter, null, room)),
			],
			deletes: told.filter(isTold).map((event) => eventSet(event).key),
		};
		return (await storage.commit(commit)) ? now.length : 0;
	}

	/** A letter about the same events to each, in the language that they used last. */
	private async lettersTo(
		operators: readonly ListedOperator[],
		[first, ...others]: readonly [AlertEvent, ...AlertEvent[]],
	): Promise<readonly MailMessage[]> {
		const { brands, links } = this.parts;
		const fallback = brands.all()[0]?.locale ?? "en";
		const byTag = new Map<string, readonly [WordedEvent, ...WordedEvent[]]>();
		const letters: MailMessage[] = [];
		for (const { email, locale: used } of operators) {
			const locale = localeFor(used, fallback);
			const worded = byTag.get(locale.tag) ?? [
				await this.worded(first, locale),
				...(await Promise.all(others.map((event) => this.worded(event, locale)))),
			];
			byTag.set(locale.tag, worded);
			letters.push(alertLetter(worded, email, links, locale));
		}
		return letters;
	}

	private async worded(event: AlertEvent, { tag }: Locale): Promise<WordedEvent> {
		return { event, words: await alertWords(event, this.parts, tag) };
	}

	/** Those who want alerts, in the order of their addresses. */
	private async recipients(): Promise<readonly ListedOperator[]> {
		return (await this.parts.operators.list()).filter(wantsAlerts);
	}
}

/** Events of one kind that the same operators are still to be told of, the oldest first. */
function nextGroup(events: readonly ReadEntry<AlertEvent>[]): readonly ReadEntry<AlertEvent>[] {
	const open = events
		.filter(({ value }) => value.mailedTo !== null)
		.sort((one, other) => one.value.at - other.value.at);
	const [first] = open;
	return open
		.filter(
			({ value }) =>
				value.kind === first?.value.kind &&
				value.pluginId === first.value.pluginId &&
				value.mailedTo === first.value.mailedTo,
		)
		.slice(0, EVENTS_IN_A_LETTER);
}
