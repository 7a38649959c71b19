import { html } from "hono/html";
import { asSentence } from "../../../locale/as-sentence.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import type { LetterState } from "../../../mail/letter-index.ts";
import type { ResendRefusal } from "../../../mail/resend-rules.ts";
import { MOST_RESENDS } from "../../../mail/resend-rules.ts";
import type { KeptLetter } from "../../../mail/shown-letter.ts";
import type { Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";

export const STATE_NAMES: Readonly<Record<LetterState, TextKey>> = {
	waiting: "email.state.waiting",
	delivered: "email.state.delivered",
	failed: "email.state.failed",
};

const INVITATION_LINK = `${ADMIN_PATHS.invitation}?`;

/** Why an e-mail cannot be sent again. */
export function resendProblem(refusal: ResendRefusal, { text }: Locale): string {
	return text(`email.resend.${refusal}`, { times: MOST_RESENDS });
}

/** What an e-mail is called on the pages about it. */
export function titleOf({ subject }: Pick<KeptLetter, "subject">, { text }: Locale): string {
	return subject === "" ? text("email.no-subject") : subject;
}

/** The state of an e-mail in a word and a colour. */
export function stateMark(letter: KeptLetter, hasMailServer: boolean, { text }: Locale): Markup {
	switch (letter.state) {
		case "delivered":
			return mark("came-in", text(STATE_NAMES.delivered));
		case "refused":
			return mark("refused", text("email.state.refused"));
		case "late":
			return mark("refused", text(STATE_NAMES.failed));
		case "waits":
			return mark("", text(waitingState(letter, hasMailServer)));
	}
}

function mark(colour: string, word: string): Markup {
	return html`<span class="outcome ${colour}">${word}</span>`;
}

function waitingState({ isBeingSent }: KeptLetter, hasMailServer: boolean): TextKey {
	if (!hasMailServer) {
		return "email.state.kept";
	}
	return isBeingSent ? "email.state.being-sent" : STATE_NAMES.waiting;
}

/** Why an e-mail was not sent, and what to do. Empty where it was, or waits for its first try. */
export function whyNotSent(
	letter: KeptLetter,
	zone: InZone,
	hasMailServer: boolean,
	locale: Locale,
): Markup {
	const { state, problem } = letter;
	const time = moment(letter.usefulUntil, zone);
	const reason = reasonOf(letter, locale);
	const paragraph = (key: TextKey) =>
		html`<p class="problem">${locale.markup(key, { reason, time })}</p>`;
	if (state === "refused") {
		return paragraph("email.why.refused");
	}
	if (state === "late") {
		return paragraph(problem === undefined ? "email.why.late" : "email.why.late-failed");
	}
	if (problem === undefined) {
		return html``;
	}
	return paragraph(hasMailServer ? "email.why.waiting" : "email.why.kept");
}

function reasonOf({ problem = "" }: KeptLetter, { say }: Locale): string {
	return asSentence(say(problem));
}

/** The text of an e-mail that only the operators can read, or why they do not. Empty where there is a mail server. */
export function textOf(
	{ state, isReadable, text, problem }: KeptLetter,
	hasMailServer: boolean,
	locale: Locale,
): Markup {
	if (hasMailServer || state !== "waits" || problem !== undefined) {
		return html``;
	}
	if (!isReadable) {
		return html`<p class="soft">${locale.text("email.text.hidden")}</p>`;
	}
	if (text.includes(INVITATION_LINK)) {
		// An earlier version wrote it for a mail server. Its reader becomes an operator, in a role that may be above this one.
		return html`<p class="soft">${locale.text("email.text.invitation")}</p>`;
	}
	return html`<pre>${text}</pre>`;
}
