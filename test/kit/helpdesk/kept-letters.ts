import type { Outbox } from "../../../src/helpdesk/mail/outbox.ts";
import type { KeptLetter } from "../../../src/helpdesk/mail/shown-letter.ts";

/** All letters in the outbox that no mail server has taken, newest first, page by page as the mailbox shows them. */
export async function keptLetters(outbox: Outbox, to?: string): Promise<KeptLetter[]> {
	const letters: KeptLetter[] = [];
	let cursor: string | undefined;
	do {
		const page = await outbox.letters.page({ to, cursor });
		letters.push(...page.letters.filter(({ state }) => state !== "delivered"));
		cursor = page.next;
	} while (cursor !== undefined);
	return letters;
}
