import { inEnglish } from "../../../src/helpdesk/locale/said.ts";
import type { Outbox } from "../../../src/helpdesk/mail/outbox.ts";
import type { KeptLetter } from "../../../src/helpdesk/mail/shown-letter.ts";

/** A letter as an English operator sees it. */
type EnglishLetter = Omit<KeptLetter, "problem"> & { readonly problem: string | undefined };

/** All letters in the outbox that no mail server has taken, newest first, page by page as the mailbox shows them. */
export async function keptLetters(outbox: Outbox, to?: string): Promise<EnglishLetter[]> {
	return (await lettersOf(outbox, to)).map((letter) => ({
		...letter,
		problem: letter.problem && inEnglish(letter.problem),
	}));
}

/** The same with messages for readers of any language. */
export async function lettersOf(outbox: Outbox, to?: string): Promise<KeptLetter[]> {
	const letters: KeptLetter[] = [];
	let cursor: string | undefined;
	do {
		const page = await outbox.letters.page({ to, cursor });
		letters.push(...page.letters.filter(({ state }) => state !== "delivered"));
		cursor = page.next;
	} while (cursor !== undefined);
	return letters;
}
