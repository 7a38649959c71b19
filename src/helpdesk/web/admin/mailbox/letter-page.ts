import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { shownValue } from "../../../../contract/message-text.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { OpenedLetter } from "../../../mail/letters-of-operators.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { questionPage } from "../asking-first.ts";
import { pageHead } from "../page-head.ts";
import { letterPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { resendProblem, stateMark, textOf, titleOf, whyNotSent } from "./letter-words.ts";

interface LetterPage {
	readonly opened: OpenedLetter;
	/** The brand it is from; undefined for one that there is no longer. */
	readonly brand: Brand | undefined;
	readonly hasMailServer: boolean;
	readonly csrf: string;
	readonly message: Markup;
	readonly locale: Locale;
}

/** The page of one outgoing e-mail. */
export function letterPage(page: LetterPage): Markup {
	const { opened, brand, hasMailServer, message, locale } = page;
	const { letter } = opened;
	const { text } = locale;
	const why = whyNotSent(letter, brand ?? {}, hasMailServer, locale);
	const head = pageHead(titleOf(letter, locale), text("email.to", { address: letter.to }));
	return html`${head}${message}
<div class="card">${facts(page)}${why}${textOf(letter, hasMailServer, locale)}</div>
<h2>${text("email.resend.title")}</h2><div class="card">${resendForm(page)}</div>
<h2>${text("email.delete.heading")}</h2><div class="card"><p>${text("email.delete.text")}</p><p><a class="danger" href="${letterPaths(letter.id).remove}">${text("email.delete.link")}</a></p></div>`;
}

function facts({ opened: { letter }, brand, hasMailServer, locale }: LetterPage): Markup {
	const { state, problem, failures, resends, answer } = letter;
	const { text } = locale;
	const fact = (label: TextKey, value: Markup | string | undefined): Markup | string =>
		value === undefined ? "" : html`<dt>${text(label)}</dt><dd>${value}</dd>`;
	const time = (label: TextKey, at: number | undefined): Markup | string =>
		fact(label, at === undefined ? undefined : moment(at, brand ?? {}));
	const isTried = hasMailServer && state === "waits" && !letter.isBeingSent;
	const isWaiting = isTried && problem !== undefined;
	const isDelivered = state === "delivered";
	const help = isDelivered ? html`<p class="help">${text("email.delivered.help")}</p>` : "";
	return html`<dl>${[
		fact("email.fact.status", stateMark(letter, hasMailServer, locale)),
		fact("email.fact.brand", brand?.name ?? letter.brandId),
		time("email.fact.written", letter.at),
		time(isDelivered ? "email.fact.delivered" : "email.fact.given-up", letter.endedAt),
		fact("email.fact.answer", answer),
		fact("email.fact.failures", failures === 0 ? undefined : shownValue(failures, locale.language)),
		time("email.fact.next-try", isWaiting ? letter.nextTryAt : undefined),
		time("email.fact.useful-until", letter.usefulUntil),
		fact(
			"email.fact.resends",
			resends === 0 ? undefined : text("email.fact.resends.times", { times: resends }),
		),
	]}</dl>${help}`;
}

function resendForm({ opened: { letter, refusal }, csrf, locale }: LetterPage): Markup {
	const { text } = locale;
	if (refusal !== undefined) {
		return html`<p>${resendProblem(refusal, locale)}</p>`;
	}
	const isWaiting = letter.state === "waits";
	const what = text(isWaiting ? "email.resend.waiting" : "email.resend.ended");
	const button = text(isWaiting ? "email.resend.try-now" : "email.resend.submit");
	return html`<p>${what}</p><form method="post" action="${letterPaths(letter.id).resend}">${csrfField(csrf)}<button type="submit">${button}</button></form>`;
}

/** Asks before an e-mail is deleted. */
export function deletionPage({ opened: { letter }, brand, csrf, locale }: LetterPage): Markup {
	const { text } = locale;
	const { letter: path, remove } = letterPaths(letter.id);
	const written = locale.markup("email.delete.which", {
		subject: titleOf(letter, locale),
		address: letter.to,
		time: moment(letter.at, brand ?? {}),
	});
	const question = {
		title: text("email.delete.title"),
		consequence: text(letter.state === "waits" ? "email.delete.waiting" : "email.delete.ended"),
		details: html`<p>${written}</p>`,
		...{ action: remove, button: text("email.delete.submit"), back: path },
	};
	return questionPage(question, csrf, locale);
}
