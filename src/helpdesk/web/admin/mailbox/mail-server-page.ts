import { html } from "hono/html";
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
	MOST_OF_PASSWORD,
	MOST_TYPED,
	type ServerField,
	type TypedServer,
} from "./mail-server-form.ts";

interface MailServerPage {
	/** The server that the start names, which wins; `unknown`: the start says otherwise how e-mails are sent. */
	readonly given: GivenMailServer | "unknown" | undefined;
	/** The one that is saved here. */
	readonly found: FoundMailServer | undefined;
	readonly form: TypedServer;
	readonly problems: ReadonlyMap<ServerField, string>;
	/** Whether a host may do without encryption, because the start allows some. */
	readonly offersClearText: boolean;
	/** The address of the operator who looks. */
	readonly own: string;
	/** Whether the helpdesk made that address up, so that nobody reads e-mails there. */
	readonly isOwnMadeUp: boolean;
	readonly csrf: string;
	readonly message: Markup;
}

const ENCRYPTION_WORDS: Readonly<Record<Encryption, string>> = {
	required: "STARTTLS (usually port 587)",
	implicit: "TLS from the start (usually port 465)",
	off: "None",
};

const TLS_WORDS: Readonly<Record<GivenMailServer["tls"], string>> = {
	required: "STARTTLS, or nothing is sent",
	implicit: "TLS from the start",
	offered: "STARTTLS where the server offers it",
	off: "None",
};

export function mailServerPage(page: MailServerPage): Markup {
	const { given, found, message } = page;
	const head = pageHead(
		"Mail server",
		"The server that takes the helpdesk's e-mails and delivers them.",
	);
	const server = given === undefined ? serverForm(page) : givenServer(given, found);
	const isThere = given !== undefined || found !== undefined;
	return html`${head}${message}${server}${isThere ? testForm(page) : ""}${given === undefined && found !== undefined ? removal() : ""}`;
}

function givenServer(
	given: GivenMailServer | "unknown",
	found: FoundMailServer | undefined,
): Markup {
	const saved =
		found === undefined
			? ""
			: html`<p class="help">The mail server that is saved here, ${found.server.host}, is not used meanwhile.</p>`;
	if (given === "unknown") {
		return html`<div class="card"><p>The start of the helpdesk says how e-mails are sent, so that nothing can be changed here.</p>${saved}</div>`;
	}
	const { host, port, tls, user, from } = given;
	return html`<div class="card"><p>The start of the helpdesk names this mail server, with <code>--smtp</code>. It is changed there, and wins over one that is saved here.</p><dl><dt>Host</dt><dd>${host}</dd><dt>Port</dt><dd>${port ?? (tls === "implicit" ? 465 : 587)}</dd><dt>Encryption</dt><dd>${TLS_WORDS[tls]}</dd><dt>User</dt><dd>${user === "" ? "None" : user}</dd><dt>Password</dt><dd>${user === "" ? "None" : "Set, and never shown"}</dd><dt>From</dt><dd>${from}</dd></dl>${saved}</div>`;
}

function serverForm(page: MailServerPage): Markup {
	const { form, found, csrf } = page;
	const input = (name: ServerField, value: string, rest: Markup) => (traits: Markup) =>
		html`<input id="${name}" name="${name}" value="${value}" maxlength="${name === "password" ? MOST_OF_PASSWORD : MOST_TYPED}" autocomplete="off" spellcheck="false"${rest}${traits}>`;
	const text = html` type="text"`;
	return html`<div class="card"><form method="post" action="${ADMIN_PATHS.mailServer}" data-unsaved="${page.problems.size === 0 ? "" : "yes"}">${csrfField(csrf)}
${labelled(page, "host", "Host", "As your e-mail provider names it, such as smtp.example.com.", input("host", form.host, html` type="text" required`))}
${labelled(page, "encryption", "Encryption", "Nothing is sent to a server that does not offer it, or whose certificate is wrong.", (traits) => encryptionSelect(page, traits))}
${labelled(page, "port", "Port", "Left empty: the usual one of the encryption.", input("port", form.port, html` type="text" inputmode="numeric"`))}
${labelled(page, "user", "User", "Left empty: the helpdesk does not log in there.", input("user", form.user, text))}
${labelled(page, "password", "Password", passwordHelp(found), input("password", "", html` type="password"`))}
${labelled(page, "from", "From", "The sender of all e-mails, which the server must allow: help@example.com, or Help <help@example.com>.", input("from", form.from, html` type="text" required`))}
<button type="submit">Save</button></form></div>`;
}

function passwordHelp(found: FoundMailServer | undefined): string {
	switch (found?.password ?? "none") {
		case "none":
			return "Stored encrypted, and never shown again.";
		case "set":
			return "One is set. Leave it empty to keep it. A change of host, port, encryption or user drops it, so that no other server gets it.";
		case "unreadable":
			return "The one that is set cannot be read, because it was saved with another key file. Enter it again.";
	}
}

function encryptionSelect({ form, offersClearText }: MailServerPage, traits: Markup): Markup {
	const offered = ENCRYPTIONS.toSorted(
		(a, b) => Number(b === "required") - Number(a === "required"),
	).filter((each) => each !== "off" || offersClearText || form.encryption === "off");
	const options = offered.map(
		(each) =>
			html`<option value="${each}"${each === form.encryption ? html` selected` : ""}>${ENCRYPTION_WORDS[each]}</option>`,
	);
	return html`<select id="encryption" name="encryption"${traits}>${options}</select>`;
}

function testForm({ own, isOwnMadeUp, csrf }: MailServerPage): Markup {
	const madeUp = isOwnMadeUp
		? html`<p class="help">Nobody reads e-mails at ${own}: it is the address that this helpdesk began with. The test shows whether the mail server takes the e-mail. Change the address under <a href="${ADMIN_PATHS.profile}">Your profile</a>.</p>`
		: "";
	return html`<h2>Test</h2><div class="card"><p>Sends an e-mail to your own address, ${own}, and shows what the mail server says.</p>${madeUp}<form method="post" action="${ADMIN_PATHS.testMailServer}">${csrfField(csrf)}<button class="secondary" type="submit">Send a test e-mail</button></form></div>`;
}

function removal(): Markup {
	return html`<h2>Remove</h2><div class="card"><p>Afterwards e-mails stay here, and operators read new ones.</p><p><a class="danger" href="${ADMIN_PATHS.removeMailServer}">Remove the mail server</a></p></div>`;
}

/** Asks before the mail server is removed. */
export function serverRemovalPage(
	{ server }: FoundMailServer,
	waiting: string,
	csrf: string,
): Markup {
	const consequence = html`No e-mail is sent any more: no code, no link to set a password, no notice. ${waiting}`;
	const details = html`<p>At brands that strangers can reach, nobody can register with a password or set one. Administrators can read e-mails that are written from then on under Outgoing e-mail. They cannot read those that were written for ${server.host}. Its password is deleted.</p>`;
	const { mailServer: back, removeMailServer: action } = ADMIN_PATHS;
	const question = { title: "Remove the mail server?", consequence, details };
	return questionPage({ ...question, action, button: "Remove", back }, csrf);
}
