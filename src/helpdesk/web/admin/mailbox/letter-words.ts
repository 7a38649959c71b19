import { html } from "hono/html";
import type { InZone } from "../../../locale/shown-time.ts";
import type { LetterState } from "../../../mail/letter-index.ts";
import type { ResendRefusal } from "../../../mail/resend-rules.ts";
import { MOST_RESENDS } from "../../../mail/resend-rules.ts";
import type { KeptLetter } from "../../../mail/shown-letter.ts";
import type { Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";

export const STATE_WORDS: Readonly<Record<LetterState, string>> = {
	waiting: "Waiting",
	delivered: "Delivered",
	failed: "Not delivered",
};

const INVITATION_LINK = `${ADMIN_PATHS.invitation}?`;

export const RESEND_REFUSALS: Readonly<Record<ResendRefusal, string>> = {
	expired:
		"It cannot be sent again: it is too old, and a code or link in it no longer works. The person can ask for a new one.",
	"no-server": "It cannot be sent: this helpdesk has no mail server.",
	"being-sent": "It is being sent now. Open this page again in a minute.",
	"too-often": `It cannot be sent again: it was sent again ${MOST_RESENDS} times already.`,
	"too-soon": "It was sent again less than a minute ago. Wait a minute.",
	"text-gone":
		"It cannot be sent again: its text is no longer stored. The person can ask for a new one.",
};

/** The state of an e-mail in a word and a colour. */
export function stateMark(letter: KeptLetter, hasMailServer: boolean): Markup {
	switch (letter.state) {
		case "delivered":
			return mark("came-in", STATE_WORDS.delivered);
		case "refused":
			return mark("refused", "Refused");
		case "late":
			return mark("refused", STATE_WORDS.failed);
		case "waits":
			return mark("", waitingWord(letter, hasMailServer));
	}
}

function mark(colour: string, word: string): Markup {
	return html`<span class="outcome ${colour}">${word}</span>`;
}

function waitingWord({ isBeingSent }: KeptLetter, hasMailServer: boolean): string {
	if (!hasMailServer) {
		return "Kept here";
	}
	return isBeingSent ? "Being sent" : STATE_WORDS.waiting;
}

/** What a mail server or the network said, as the end of a sentence. Some of it ends with a full stop already. */
export function asSentenceEnd(said: string): string {
	return `${said.trimEnd().replace(/\.$/, "")}.`;
}

/** Why an e-mail was not sent, and what to do. Empty where it was, or waits for its first try. */
export function whyNotSent(letter: KeptLetter, zone: InZone, hasMailServer: boolean): Markup {
	const { state, problem, usefulUntil } = letter;
	if (state === "refused") {
		return html`<p class="problem">Not sent, and not tried again: ${asSentenceEnd(problem ?? "")} Ask the person for another address.</p>`;
	}
	if (state === "late") {
		const reason = problem === undefined ? "" : ` The last try failed: ${asSentenceEnd(problem)}`;
		return html`<p class="problem">Not sent, and not tried again: it was useful until ${moment(usefulUntil, zone)}.${reason}</p>`;
	}
	if (problem === undefined) {
		return html``;
	}
	const next = hasMailServer
		? html`The helpdesk tries again until ${moment(usefulUntil, zone)}.`
		: html`This helpdesk has no mail server now, so it is not tried again.`;
	return html`<p class="problem">Not sent yet: ${asSentenceEnd(problem)} ${next}</p>`;
}

/** The text of an e-mail that only the operators can read, or why they do not. Empty where there is a mail server. */
export function textOf(
	{ state, isReadable, text, problem }: KeptLetter,
	hasMailServer: boolean,
): Markup {
	if (hasMailServer || state !== "waits" || problem !== undefined) {
		return html``;
	}
	if (!isReadable) {
		return html`<p class="soft">Not shown, because it was written for a mail server, and may hold a code or a link that still works. The person can ask for a new one.</p>`;
	}
	if (text.includes(INVITATION_LINK)) {
		// An earlier version wrote it for a mail server. Its reader becomes an operator, in a role that may be above this one.
		return html`<p class="soft">Not shown, because it invites an operator. Ask an owner to invite the person again: the page then shows the link.</p>`;
	}
	return html`<pre>${text}</pre>`;
}
