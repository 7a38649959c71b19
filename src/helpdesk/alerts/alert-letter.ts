import type { MailMessage } from "../../contract/mail.ts";
import type { Locale } from "../locale/locale.ts";
import { sortableTime } from "../locale/shown-time.ts";
import type { AlertEvent } from "./alert-event.ts";
import type { AlertWords } from "./alert-words.ts";

/** An event with its words. */
export interface WordedEvent {
	readonly event: AlertEvent;
	readonly words: AlertWords;
}

/** The pages of the administration that a letter leads to. They are absolute. */
export interface AlertLinks {
	settings(event: AlertEvent): string;
	profile(): string;
}

/** How many brands a letter explains. It only counts the others. */
const MOST_EXPLAINED = 10;

/** The letter about events of one kind, at least one, to an operator, in the language of their words. */
export function alertLetter(
	events: readonly [WordedEvent, ...WordedEvent[]],
	to: string,
	links: AlertLinks,
	{ text }: Locale,
): MailMessage {
	const [{ event, words }] = events;
	const { addOn, brand } = words;
	const subject =
		`alert-letter.${event.kind === "failing" ? "failing" : "working"}.subject` as const;
	const more = events.length - MOST_EXPLAINED;
	const parts = [
		...events.slice(0, MOST_EXPLAINED).flatMap((each) => explained(each, links, text)),
		...(more > 0 ? [text("alert-letter.others", { count: more })] : []),
		text("alert-letter.why-you", { link: links.profile() }),
	];
	return {
		...{ brandId: event.brandId, to },
		subject:
			events.length === 1
				? text(subject, { addOn, brand })
				: text(`${subject}-brands`, { addOn, count: events.length }),
		text: parts.join("\n\n"),
	};
}

/** The paragraphs about one event. */
function explained(
	{ event, words }: WordedEvent,
	links: AlertLinks,
	text: Locale["text"],
): readonly string[] {
	const { addOn, brand, title } = words;
	const since = shown(event.since);
	if (event.kind === "well") {
		const until = shown(event.at);
		return [text("alert-letter.working.text", { addOn, brand, since, until, title })];
	}
	return [
		text("alert-letter.failing.since", { addOn, brand, time: since }),
		text("alert-letter.failing.why", { title, text: words.text }),
		text("alert-letter.failing.settings", { link: links.settings(event) }),
		text("alert-letter.failing.next"),
	];
}

function shown(time: number): string {
	return sortableTime(time, "minute", {});
}
