import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Secret } from "../../../../contract/secret.ts";
import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import { asSentence } from "../../../locale/as-sentence.ts";
import type { Locale, Message, TextKey } from "../../../locale/locale.ts";
import { saidBy } from "../../../locale/said.ts";
import type { LetterLimits } from "../../../mail/letter-limits.ts";
import type { MailServers } from "../../../mail/mail-servers.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import type { FoundMailServer, SavedMailServer } from "../../../mail/saved-mail-server.ts";
import { tryMailServer } from "../../../mail/smtp.ts";
import { NoTlsError, UncalledServerError } from "../../../mail/smtp-problem.ts";
import { FIRST_OPERATOR } from "../../../people/operator-roster.ts";
import { askToWait } from "../../ask-to-wait.ts";
import { type Markup, notice } from "../../layout.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { withQuery } from "../list-pager.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import {
	checkedServer,
	EMPTY_SERVER,
	formOf,
	privateProblem,
	type ServerField,
	type TypedServer,
	typedPassword,
	typedServer,
} from "./mail-server-form.ts";
import { mailServerPage, serverRemovalPage } from "./mail-server-page.ts";

export interface MailServerParts {
	readonly brands: readonly Brand[];
	readonly mailServers: MailServers;
	readonly outbox: Outbox;
	readonly letterLimits: LetterLimits;
	readonly logError: (what: string, error: unknown) => void;
	readonly show: ShowPage;
}

/** What the page shows besides the server that is saved. */
interface Shown {
	readonly form?: TypedServer;
	readonly problems?: ReadonlyMap<ServerField, Message>;
	readonly message?: Markup;
	readonly status?: number;
}

const DONE: ReadonlyMap<string, TextKey> = new Map([
	["saved", "mail-server.saved"],
	["removed", "mail-server.removed"],
]);

/** The most waiting letters that are counted. */
const MOST_COUNTED = 1000;

/** Sets, tests and removes the mail server. */
export function mailServerRoutes(app: OperatorApp, parts: MailServerParts): void {
	const { mailServer, testMailServer, removeMailServer } = ADMIN_PATHS;
	app.get(mailServer, async (c) => {
		const done = DONE.get(c.req.query("done") ?? "");
		return showServer(
			c,
			parts,
			done === undefined ? {} : { message: notice(c.var.visit.locale.text(done)) },
		);
	});
	app.post(mailServer, (c) => save(c, parts));
	app.post(testMailServer, (c) => test(c, parts));
	app.get(removeMailServer, (c) => askToRemove(c, parts));
	app.post(removeMailServer, async (c) => {
		if (parts.mailServers.isGiven) {
			return c.notFound();
		}
		await parts.mailServers.saved.remove();
		return c.redirect(withQuery(mailServer, { done: "removed" }), 303);
	});
}

async function save(c: AdminContext, parts: MailServerParts): Promise<Response> {
	const { mailServers, letterLimits } = parts;
	if (mailServers.isGiven) {
		return c.notFound();
	}
	const { form: sent, locale } = c.var.visit;
	const form = typedServer(sent);
	const checked = checkedServer(form, typedPassword(sent), mailServers.reach);
	if (checked.kind === "refused") {
		return refuse(c, parts, form, checked.problems);
	}
	const { server, password } = checked;
	const wait = await letterLimits.secondsToWait("call-server", operatorOf(c));
	if (wait > 0) {
		askToWait(c, wait);
		return showServer(c, parts, { form, message: limitNotice(locale), status: 429 });
	}
	const tried = await problemWith(parts, server, password, locale);
	if (tried instanceof Map) {
		return refuse(c, parts, form, tried);
	}
	if ((await mailServers.saved.save(server, password)) === "password-needed") {
		return refuse(c, parts, form, new Map([["password", await passwordNeeded(parts)]]));
	}
	if (tried === undefined) {
		return c.redirect(withQuery(ADMIN_PATHS.mailServer, { done: "saved" }), 303);
	}
	const reason = reasonIn(tried, locale);
	const message = notice(locale.text("mail-server.saved-unusable", { reason }), true);
	return showServer(c, parts, { message });
}

function limitNotice({ text }: Locale): Markup {
	return notice(text("mail-server.limit"), true);
}

/** Why a mail server could not be used, as the end of a sentence. */
function reasonIn(error: unknown, locale: Locale): string {
	return asSentence(locale.say(saidBy(error)));
}

/**
 * Calls a server before it is saved, as a start does.
 *
 * @returns problems that it cannot be saved with, or the error of one that may pass; undefined: it can be used.
 */
async function problemWith(
	parts: MailServerParts,
	server: SavedMailServer,
	password: Secret | undefined,
	locale: Locale,
): Promise<Map<ServerField, Message> | Error | undefined> {
	const { mailServers } = parts;
	try {
		const toTry = await mailServers.saved.toTry(server, password);
		if (toTry === "password-needed") {
			return new Map([["password", await passwordNeeded(parts)]]);
		}
		await tryMailServer(toTry, mailServers.reach);
		return undefined;
	} catch (error) {
		if (error instanceof NoTlsError) {
			const values = { reason: reasonIn(error, locale) };
			return new Map([["encryption", { key: "mail-server.not-saved-because", values }]]);
		}
		if (error instanceof UncalledServerError) {
			return new Map([["host", privateProblem(server.host)]]);
		}
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** Why a form without a password is not enough. */
async function passwordNeeded(parts: MailServerParts): Promise<Message> {
	const { password = "none" } = (await foundIn(parts)) ?? {};
	return {
		key: password === "none" ? "mail-server.password.missing" : "mail-server.password.needed",
	};
}

function refuse(
	c: AdminContext,
	parts: MailServerParts,
	form: TypedServer,
	found: ReadonlyMap<ServerField, Message>,
): Promise<Response> {
	const { locale, form: sent } = c.var.visit;
	const message = notice(locale.text("mail-server.not-saved"), true);
	const again: Message = { key: "mail-server.password.again" };
	// A page does not send a password back, so that its field is empty and would be sent so.
	const problems =
		typedPassword(sent) === undefined || found.has("password")
			? found
			: new Map([...found, ["password", again] as const]);
	return showServer(c, parts, { form, problems, message, status: 400 });
}

async function test(c: AdminContext, parts: MailServerParts): Promise<Response> {
	const { mailServers, letterLimits, brands } = parts;
	const [first] = brands;
	const deliver = await mailServers.route();
	if (deliver === undefined || first === undefined) {
		return c.notFound();
	}
	const to = operatorOf(c);
	const { locale } = c.var.visit;
	const { text } = locale;
	const wait = await letterLimits.secondsToWait("call-server", to);
	if (wait > 0) {
		askToWait(c, wait);
		return showServer(c, parts, { message: limitNotice(locale), status: 429 });
	}
	const letter = {
		...{ brandId: first.id, to },
		subject: text("mail-server.test.letter.subject", { brand: first.name }),
		text: text("mail-server.test.letter.text", { address: to }),
	};
	try {
		const answer = await deliver(letter);
		const sentence =
			typeof answer === "string"
				? text("mail-server.test.sent-said", { address: to, reply: asSentence(answer) })
				: text("mail-server.test.sent", { address: to });
		return showServer(c, parts, { message: notice(sentence) });
	} catch (error) {
		const sentence = text("mail-server.test.failed", { reason: reasonIn(error, locale) });
		return showServer(c, parts, { message: notice(sentence, true) });
	}
}

async function askToRemove(c: AdminContext, parts: MailServerParts): Promise<Response> {
	const found = parts.mailServers.isGiven ? undefined : await foundIn(parts);
	if (found === undefined) {
		return c.notFound();
	}
	const count = await parts.outbox.countWaiting(MOST_COUNTED);
	const { csrf, locale } = c.var.visit;
	const { text } = locale;
	const waiting = text(
		count === MOST_COUNTED ? "mail-server.remove.many-waiting" : "mail-server.remove.waiting",
		{ count },
	);
	const head = {
		title: text("mail-server.remove.title"),
		trail: [{ label: text("mail-server.title"), path: ADMIN_PATHS.mailServer }],
	};
	return parts.show(c, head, serverRemovalPage(found, waiting, csrf, locale));
}

async function showServer(
	c: AdminContext,
	parts: MailServerParts,
	shown: Shown,
): Promise<Response> {
	const { mailServers, show } = parts;
	const found = await foundIn(parts);
	const own = operatorOf(c);
	const { csrf, locale } = c.var.visit;
	const page = mailServerPage({
		...{ found, own, isOwnMadeUp: own === FIRST_OPERATOR, csrf, locale },
		given: mailServers.isGiven ? (mailServers.given ?? "unknown") : undefined,
		form: shown.form ?? (found === undefined ? EMPTY_SERVER : formOf(found.server)),
		problems: shown.problems ?? new Map(),
		offersClearText: mailServers.reach.allowPrivate.length > 0,
		message: shown.message ?? html``,
	});
	return show(c, locale.text("mail-server.title"), page, shown.status ?? 200);
}

/** A server that cannot be read is none to show: it is set again, or removed by a newer version. */
async function foundIn({
	mailServers,
	logError,
}: MailServerParts): Promise<FoundMailServer | undefined> {
	const found = await orUnreadable(() => mailServers.saved.find());
	if (found instanceof UnreadableValueError) {
		logError("the saved mail server cannot be read", found);
		return undefined;
	}
	return found;
}
