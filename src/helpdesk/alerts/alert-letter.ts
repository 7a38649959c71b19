import type { MailMessage } from "../../contract/mail.ts";
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

/** The letter about events of one kind, at least one, to an operator. */
export function alertLetter(
	events: readonly [WordedEvent, ...WordedEvent[]],
	to: string,
	links: AlertLinks,
): MailMessage {
	const [{ event, words }] = events;
	const { kind } = event;
	const place = events.length === 1 ? words.brand : `${events.length} brands`;
	const subject =
		kind === "failing"
			? `Log-ins with ${words.addOn} fail at ${place}`
			: `Log-ins with ${words.addOn} work again at ${place}`;
	const more = events.length - MOST_EXPLAINED;
	const parts = [
		...events
			.slice(0, MOST_EXPLAINED)
			.map((each) => (kind === "failing" ? failingPart(each, links) : wellPart(each))),
		...(more > 0 ? [`The same goes for ${more === 1 ? "1 other brand" : `${more} others`}.`] : []),
		`You get this e-mail because you are an operator of the helpdesk. To switch alerts off, go to your profile: ${links.profile()}`,
	];
	return { brandId: event.brandId, to, subject, text: parts.join("\n\n") };
}

function failingPart({ event, words }: WordedEvent, links: AlertLinks): string {
	return `Log-ins with ${words.addOn} at ${words.brand} have been failing since ${shown(event.since)}.\n\n${words.title}. ${words.text}\n\nSee and test the settings: ${links.settings(event)}\n\nYou get one more e-mail once log-ins work again.`;
}

function wellPart({ event, words }: WordedEvent): string {
	return `Visitors can log in with ${words.addOn} at ${words.brand} again. Log-ins failed from ${shown(event.since)} to ${shown(event.at)}: ${words.title}.`;
}

function shown(time: number): string {
	return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
