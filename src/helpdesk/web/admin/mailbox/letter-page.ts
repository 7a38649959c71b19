import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { OpenedLetter } from "../../../mail/letters-of-operators.ts";
import type { KeptLetter } from "../../../mail/shown-letter.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { questionPage } from "../asking-first.ts";
import { pageHead } from "../page-head.ts";
import { letterPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { RESEND_REFUSALS, stateMark, textOf, whyNotSent } from "./letter-words.ts";

interface LetterPage {
	readonly opened: OpenedLetter;
	/** The brand it is from; undefined for one that there is no longer. */
	readonly brand: Brand | undefined;
	readonly hasMailServer: boolean;
	readonly csrf: string;
	readonly message: Markup;
}

/** What an e-mail is called on the pages about it. */
export function titleOf({ subject }: Pick<KeptLetter, "subject">): string {
	return subject === "" ? "(no subject)" : subject;
}

/** The page of one outgoing e-mail. */
export function letterPage(page: LetterPage): Markup {
	const { opened, brand, hasMailServer, message } = page;
	const { letter } = opened;
	const zone = brand ?? {};
	const why = whyNotSent(letter, zone, hasMailServer);
	const text = textOf(letter, hasMailServer);
	return html`${pageHead(titleOf(letter), `To ${letter.to}`)}${message}
<div class="card">${facts(page)}${why}${text}</div>
<h2>Send again</h2><div class="card">${resendForm(page)}</div>
<h2>Delete</h2><div class="card"><p>An e-mail that waits is then not sent. One that was delivered stays with the person.</p><p><a class="danger" href="${letterPaths(letter.id).remove}">Delete this e-mail</a></p></div>`;
}

function facts({ opened: { letter }, brand, hasMailServer }: LetterPage): Markup {
	const { state, problem, failures, resends, answer } = letter;
	const zone = brand ?? {};
	const time = (label: string, at: number | undefined): Markup | string =>
		at === undefined ? "" : html`<dt>${label}</dt><dd>${moment(at, zone)}</dd>`;
	const text = (label: string, value: string | undefined): Markup | string =>
		value === undefined ? "" : html`<dt>${label}</dt><dd>${value}</dd>`;
	const isTried = hasMailServer && state === "waits" && !letter.isBeingSent;
	const isWaiting = isTried && problem !== undefined;
	return html`<dl><dt>Status</dt><dd>${stateMark(letter, hasMailServer)}</dd>${text("Brand", brand?.name ?? letter.brandId)}${time("Written", letter.at)}${time(state === "delivered" ? "Taken by the mail server" : "Given up", letter.endedAt)}${text("The mail server said", answer)}${failures === 0 ? "" : text("Failed tries", String(failures))}${time("Next try", isWaiting ? letter.nextTryAt : undefined)}${time("Useful until", letter.usefulUntil)}${resends === 0 ? "" : text("Sent again", resends === 1 ? "once" : `${resends} times`)}</dl>${state === "delivered" ? html`<p class="help">The mail server has taken it. If the person does not find it, ask them to look in their spam folder, and look for it in the log of the mail server.</p>` : ""}`;
}

function resendForm({ opened: { letter, refusal }, csrf }: LetterPage): Markup {
	if (refusal !== undefined) {
		return html`<p>${RESEND_REFUSALS[refusal]}</p>`;
	}
	const what =
		letter.state === "waits"
			? "It is tried now, without waiting for the next try."
			: "The same text goes to the same address. A code or link in it works only if it was not used, and if no newer one was sent.";
	return html`<p>${what}</p><form method="post" action="${letterPaths(letter.id).resend}">${csrfField(csrf)}<button type="submit">${letter.state === "waits" ? "Try now" : "Send again"}</button></form>`;
}

/** Asks before an e-mail is deleted. */
export function deletionPage({ opened: { letter }, brand, csrf }: LetterPage): Markup {
	const { letter: path, remove } = letterPaths(letter.id);
	const loss =
		letter.state === "waits"
			? "It is not sent any more. The person is not told."
			: "Afterwards nothing here shows that it was written.";
	const written = html`<p>“${titleOf(letter)}” to ${letter.to}, written ${moment(letter.at, brand ?? {})}.</p>`;
	const question = { title: "Delete this e-mail?", consequence: loss, details: written };
	return questionPage({ ...question, action: remove, button: "Delete", back: path }, csrf);
}
