import { html } from "hono/html";
import type { Locale, Message, TextKey } from "../../../locale/locale.ts";
import type { GivenMailServer } from "../../../mail/mail-servers.ts";
import {
	ENCRYPTIONS,
	type Encryption,
	type FoundMailServer,
} from "../../../mail/saved-mail-server.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { questionPage } from "../asking-first.ts";
import { labelled } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import {
	HOST_EXAMPLE,
	MOST_OF_PASSWORD,
	MOST_TYPED,
	SENDER_EXAMPLES,
	type ServerField,
	type TypedServer,
} from "./mail-server-form.ts";

interface MailServerPage {
	/** The server that the start names, which wins; `unknown`: the start says otherwise how e-mails are sent. */
	readonly given: GivenMailServer | "unknown" | undefined;
	/** The one that is saved here. */
	readonly found: FoundMailServer | undefined;
	readonly form: TypedServer;
	readonly problems: ReadonlyMap<ServerField, Message>;
	/** Whether a host may do without encryption, because the start allows some. */
	readonly offersClearText: boolean;
	/** The address of the operator who looks. */
	readonly own: string;
	/** Whether the helpdesk made that address up, so that nobody reads e-mails there. */
	readonly isOwnMadeUp: boolean;
	readonly csrf: string;
	readonly message: Markup;
	readonly locale: Locale;
}

const ENCRYPTION_NAMES: Readonly<Record<Encryption, TextKey>> = {
	required: "mail-server.encryption.required",
	implicit: "mail-server.encryption.implicit",
	off: "mail-server.encryption.off",
};

const GIVEN_ENCRYPTION_NAMES: Readonly<Record<GivenMailServer["tls"], TextKey>> = {
	required: "mail-server.given.encryption.required",
	implicit: "mail-server.given.encryption.implicit",
	offered: "mail-server.given.encryption.offered",
	off: "mail-server.given.encryption.off",
};

export function mailServerPage(page: MailServerPage): Markup {
	const { given, found, message, locale } = page;
	const { text } = locale;
	const head = pageHead(text("mail-server.title"), text("mail-server.lead"));
	const server = given === undefined ? serverForm(page) : givenServer(given, found, locale);
	const isThere = given !== undefined || found !== undefined;
	const remove = given === undefined && found !== undefined ? removal(locale) : "";
	return html`${head}${message}${server}${isThere ? testForm(page) : ""}${remove}`;
}

function givenServer(
	given: GivenMailServer | "unknown",
	found: FoundMailServer | undefined,
	locale: Locale,
): Markup {
	const { text } = locale;
	const saved =
		found === undefined
			? ""
			: html`<p class="help">${text("mail-server.given.saved", { host: found.server.host })}</p>`;
	if (given === "unknown") {
		return html`<div class="card"><p>${text("mail-server.given-unknown")}</p>${saved}</div>`;
	}
	const { host, port, tls, user, from } = given;
	const what = locale.markup("mail-server.given", { option: html`<code>--smtp</code>` });
	const facts: readonly (readonly [TextKey, string | number])[] = [
		["mail-server.host", host],
		["mail-server.port", port ?? (tls === "implicit" ? 465 : 587)],
		["mail-server.encryption", text(GIVEN_ENCRYPTION_NAMES[tls])],
		["mail-server.user", user === "" ? text("mail-server.given.user.none") : user],
		[
			"mail-server.password",
			text(user === "" ? "mail-server.given.password.none" : "mail-server.given.password.set"),
		],
		["mail-server.from", from],
	];
	const list = facts.map(([label, value]) => html`<dt>${text(label)}</dt><dd>${value}</dd>`);
	return html`<div class="card"><p>${what}</p><dl>${list}</dl>${saved}</div>`;
}

function serverForm(page: MailServerPage): Markup {
	const { form, found, csrf, locale } = page;
	const { text } = locale;
	const problems = new Map([...page.problems].map(([name, said]) => [name, locale.say(said)]));
	const labelledField = (name: ServerField, help: string, input: (traits: Markup) => Markup) =>
		labelled({ problems }, name, text(`mail-server.${name}`), help, input);
	const input = (name: ServerField, value: string, rest: Markup) => (traits: Markup) =>
		html`<input id="${name}" name="${name}" value="${value}" maxlength="${name === "password" ? MOST_OF_PASSWORD : MOST_TYPED}" autocomplete="off" spellcheck="false"${rest}${traits}>`;
	const hostHelp = text("mail-server.host.help", { example: HOST_EXAMPLE });
	return html`<div class="card"><form method="post" action="${ADMIN_PATHS.mailServer}" data-unsaved="${page.problems.size === 0 ? "" : "yes"}">${csrfField(csrf)}
${labelledField("host", hostHelp, input("host", form.host, html` type="text" required`))}
${labelledField("encryption", text("mail-server.encryption.help"), (traits) => encryptionSelect(page, traits))}
${labelledField("port", text("mail-server.port.help"), input("port", form.port, html` type="text" inputmode="numeric"`))}
${labelledField("user", text("mail-server.user.help"), input("user", form.user, html` type="text"`))}
${labelledField("password", text(`mail-server.password.help.${found?.password ?? "none"}`), input("password", "", html` type="password"`))}
${labelledField("from", text("mail-server.from.help", SENDER_EXAMPLES), input("from", form.from, html` type="text" required`))}
<button type="submit">${text("mail-server.save")}</button></form></div>`;
}

function encryptionSelect(
	{ form, offersClearText, locale }: MailServerPage,
	traits: Markup,
): Markup {
	const offered = ENCRYPTIONS.toSorted(
		(a, b) => Number(b === "required") - Number(a === "required"),
	).filter((each) => each !== "off" || offersClearText || form.encryption === "off");
	const options = offered.map(
		(each) =>
			html`<option value="${each}"${each === form.encryption ? html` selected` : ""}>${locale.text(ENCRYPTION_NAMES[each])}</option>`,
	);
	return html`<select id="encryption" name="encryption"${traits}>${options}</select>`;
}

function testForm({ own, isOwnMadeUp, csrf, locale }: MailServerPage): Markup {
	const { text } = locale;
	const link = (content: Markup) => html`<a href="${ADMIN_PATHS.profile}">${content}</a>`;
	const madeUp = isOwnMadeUp
		? html`<p class="help">${locale.markup("mail-server.test.made-up", { address: own }, { link })}</p>`
		: "";
	return html`<h2>${text("mail-server.test.heading")}</h2><div class="card"><p>${text("mail-server.test.text", { address: own })}</p>${madeUp}<form method="post" action="${ADMIN_PATHS.testMailServer}">${csrfField(csrf)}<button class="secondary" type="submit">${text("mail-server.test.submit")}</button></form></div>`;
}

function removal({ text }: Locale): Markup {
	return html`<h2>${text("mail-server.remove.heading")}</h2><div class="card"><p>${text("mail-server.remove.text")}</p><p><a class="danger" href="${ADMIN_PATHS.removeMailServer}">${text("mail-server.remove.link")}</a></p></div>`;
}

/** Asks before the mail server is removed. */
export function serverRemovalPage(
	{ server }: FoundMailServer,
	waiting: string,
	csrf: string,
	locale: Locale,
): Markup {
	const { text } = locale;
	const { mailServer: back, removeMailServer: action } = ADMIN_PATHS;
	const question = {
		title: text("mail-server.remove.title"),
		consequence: `${text("mail-server.remove.consequence")} ${waiting}`,
		details: html`<p>${text("mail-server.remove.details", { host: server.host })}</p>`,
		...{ action, button: text("mail-server.remove.submit"), back },
	};
	return questionPage(question, csrf, locale);
}
