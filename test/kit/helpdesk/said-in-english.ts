import { localeFor, type Message } from "../../../src/helpdesk/locale/locale.ts";

export const ENGLISH = localeFor(undefined, "en");

/** What an English page says for a message. @returns undefined for none, and for anything else. */
export function saidInEnglish(message: object | undefined): string | undefined {
	return message !== undefined && "key" in message ? ENGLISH.say(message as Message) : undefined;
}
