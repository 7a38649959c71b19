import type { KeptLetter, Outbox } from "../../../src/helpdesk/mail/outbox.ts";

/** All letters in the outbox, newest first, page by page as the mailbox shows them. */
export async function keptLetters(outbox: Outbox, to?: string): Promise<KeptLetter[]> {
	const letters: KeptLetter[] = [];
	let cursor: string | undefined;
	do {
		const page = await outbox.page({ to, cursor });
		letters.push(...page.letters);
		cursor = page.next;
	} while (cursor !== undefined);
	return letters;
}
