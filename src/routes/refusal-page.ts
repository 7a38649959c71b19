import type { Refusal } from "./refusal.ts";

type Text = readonly [title: string, sentence: string];

const ENGLISH: Readonly<Record<Refusal, Text>> = {
	"not-found": [
		"Page not found",
		"There is no page at this address. Check it, or go to the start page.",
	],
	method: [
		"This address does not work that way",
		"Go back, and use the button or link that leads here.",
	],
	prefetch: ["Not loaded in advance", "Open this page yourself."],
	form: [
		"This form has expired",
		"It was opened in another session, or your browser does not keep cookies. Go back, reload the page and send it again.",
	],
	"too-large": [
		"This form is too large",
		"The form you sent is larger than this helpdesk accepts. Shorten it and send it again.",
	],
	type: [
		"This is not a form",
		"Send application/x-www-form-urlencoded in UTF-8, as a browser does.",
	],
	"too-many": ["Too many attempts", "You tried too often. Wait a minute and try again."],
	slow: [
		"This takes too long",
		"A part of this site did not answer in time, so we stopped waiting. Go back and try again in a few minutes.",
	],
	unexpected: [
		"Something went wrong on our side",
		"The error has been recorded. Try again in a moment.",
	],
};

const GERMAN: Readonly<Record<Refusal, Text>> = {
	"not-found": [
		"Seite nicht gefunden",
		"Unter dieser Adresse gibt es keine Seite. Prüfen Sie sie oder gehen Sie zur Startseite.",
	],
	method: [
		"So funktioniert diese Adresse nicht",
		"Gehen Sie zurück und benutzen Sie die Schaltfläche oder den Link, der hierher führt.",
	],
	prefetch: ["Nicht im Voraus geladen", "Öffnen Sie diese Seite selbst."],
	form: [
		"Dieses Formular ist abgelaufen",
		"Es wurde in einer anderen Sitzung geöffnet, oder Ihr Browser behält keine Cookies. Gehen Sie zurück, laden Sie die Seite neu und senden Sie es noch einmal.",
	],
	"too-large": [
		"Dieses Formular ist zu groß",
		"Das gesendete Formular ist größer, als dieser Helpdesk annimmt. Kürzen Sie es und senden Sie es noch einmal.",
	],
	type: [
		"Das ist kein Formular",
		"Senden Sie application/x-www-form-urlencoded in UTF-8, wie ein Browser es tut.",
	],
	"too-many": [
		"Zu viele Versuche",
		"Sie haben es zu oft versucht. Warten Sie eine Minute und versuchen Sie es noch einmal.",
	],
	slow: [
		"Das dauert zu lange",
		"Ein Teil dieser Seite hat nicht rechtzeitig geantwortet, deshalb warten wir nicht länger. Gehen Sie zurück und versuchen Sie es in ein paar Minuten noch einmal.",
	],
	unexpected: [
		"Auf unserer Seite ist etwas schiefgegangen",
		"Der Fehler ist festgehalten. Versuchen Sie es gleich noch einmal.",
	],
};

/** The page that says why a request was refused, in English or German. @param locale BCP 47. */
export function refusalPage(refusal: Refusal, locale: string): { title: string; html: string } {
	const texts = new Intl.Locale(locale).language === "de" ? GERMAN : ENGLISH;
	const [title, sentence] = texts[refusal];
	return { title, html: `<h1>${title}</h1><p>${sentence}</p>` };
}
