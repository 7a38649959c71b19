import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Secret } from "../../../../contract/secret.ts";
import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import { TYPE_AGAIN } from "../../../add-ons/save-settings.ts";
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
import { asSentenceEnd } from "./letter-words.ts";
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
	readonly problems?: ReadonlyMap<ServerField, string>;
	readonly message?: Markup;
	readonly status?: number;
}

const DONE: ReadonlyMap<string, string> = new Map([
	["saved", "The mail server is saved and answers. Send a test e-mail to be sure."],
	["removed", "The mail server is removed. E-mails stay here from now on."],
]);

const TITLE = "Mail server";
const LIMIT = "Not done: the mail server was tried many times within an hour. Try again later.";
const NEEDED =
	"Enter the password. The saved one is for another host, port, encryption or user, and no other server gets it.";
const MISSING =
	"Enter the password of the user. For a server that the helpdesk does not log in to, leave the user empty.";
/** The most waiting letters that are counted. */
const MOST_COUNTED = 1000;

/** Sets, tests and removes the mail server. */
export function mailServerRoutes(app: OperatorApp, parts: MailServerParts): void {
	const { mailServer, testMailServer, removeMailServer } = ADMIN_PATHS;
	app.get(mailServer, async (c) => {
		const done = DONE.get(c.req.query("done") ?? "");
		return showServer(c, parts, done === undefined ? {} : { message: notice(done) });
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
	const { form: sent } = c.var.visit;
	const form = typedServer(sent);
	const checked = checkedServer(form, typedPassword(sent), mailServers.reach);
	if (checked.kind === "refused") {
		return refuse(c, parts, form, checked.problems);
	}
	const { server, password } = checked;
	const wait = await letterLimits.secondsToWait("call-server", operatorOf(c));
	if (wait > 0) {
		askToWait(c, wait);
		return showServer(c, parts, { form, message: notice(LIMIT, true), status: 429 });
	}
	const tried = await problemWith(parts, server, password);
	if (tried instanceof Map) {
		return refuse(c, parts, form, tried);
	}
	if ((await mailServers.saved.save(server, password)) === "password-needed") {
		return refuse(c, parts, form, new Map([["password", await passwordNeeded(parts)]]));
	}
	if (tried === undefined) {
		return c.redirect(withQuery(ADMIN_PATHS.mailServer, { done: "saved" }), 303);
	}
	const message = notice(
		`Saved, but it cannot be used now, and e-mails wait: ${asSentenceEnd(tried)}`,
		true,
	);
	return showServer(c, parts, { message });
}

/**
 * Calls a server before it is saved, as a start does.
 *
 * @returns problems that it cannot be saved with, or a sentence about one that may pass; undefined: it can be used.
 */
async function problemWith(
	parts: MailServerParts,
	server: SavedMailServer,
	password: Secret | undefined,
): Promise<Map<ServerField, string> | string | undefined> {
	const { mailServers } = parts;
	try {
		const toTry = await mailServers.saved.toTry(server, password);
		if (toTry === "password-needed") {
			return new Map([["password", await passwordNeeded(parts)]]);
		}
		await tryMailServer(toTry, mailServers.reach);
		return undefined;
	} catch (error) {
		const sentence = error instanceof Error ? error.message : String(error);
		if (error instanceof NoTlsError) {
			return new Map([["encryption", `Not saved: ${asSentenceEnd(sentence)}`]]);
		}
		return error instanceof UncalledServerError
			? new Map([["host", privateProblem(server.host)]])
			: sentence;
	}
}

/** Why a form without a password is not enough. */
async function passwordNeeded(parts: MailServerParts): Promise<string> {
	const { password = "none" } = (await foundIn(parts)) ?? {};
	return password === "none" ? MISSING : NEEDED;
}

function refuse(
	c: AdminContext,
	parts: MailServerParts,
	form: TypedServer,
	found: ReadonlyMap<ServerField, string>,
): Promise<Response> {
	const message = notice("Not saved. Fix the fields marked below.", true);
	// A page does not send a password back, so that its field is empty and would be sent so.
	const problems =
		typedPassword(c.var.visit.form) === undefined || found.has("password")
			? found
			: new Map([...found, ["password", TYPE_AGAIN] as const]);
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
	const wait = await letterLimits.secondsToWait("call-server", to);
	if (wait > 0) {
		askToWait(c, wait);
		return showServer(c, parts, { message: notice(LIMIT, true), status: 429 });
	}
	const subject = `Test e-mail from the helpdesk of ${first.name}`;
	const text = `${to} sent this test from the administration of the helpdesk. The mail server works.`;
	try {
		const answer = await deliver({ brandId: first.id, to, subject, text });
		const said = typeof answer === "string" ? ` It said: ${asSentenceEnd(answer)}` : "";
		const sentence = `The mail server has taken the test e-mail to ${to}.${said} If it does not arrive within minutes, look in the spam folder, and in the log of the mail server.`;
		return showServer(c, parts, { message: notice(sentence) });
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return showServer(c, parts, {
			message: notice(`The test e-mail was not sent: ${asSentenceEnd(reason)}`, true),
		});
	}
}

async function askToRemove(c: AdminContext, parts: MailServerParts): Promise<Response> {
	const found = parts.mailServers.isGiven ? undefined : await foundIn(parts);
	if (found === undefined) {
		return c.notFound();
	}
	const count = await parts.outbox.countWaiting(MOST_COUNTED);
	const number = `${count.toLocaleString("en")}${count === MOST_COUNTED ? " or more" : ""}`;
	const waiting =
		count === 0
			? "No e-mail waits for it now."
			: `${number} ${count === 1 ? "e-mail waits" : "e-mails wait"} for it now, and will not be sent unless you set a mail server again in time.`;
	const head = {
		title: "Remove the mail server?",
		trail: [{ label: TITLE, path: ADMIN_PATHS.mailServer }],
	};
	return parts.show(c, head, serverRemovalPage(found, waiting, c.var.visit.csrf));
}

async function showServer(
	c: AdminContext,
	parts: MailServerParts,
	shown: Shown,
): Promise<Response> {
	const { mailServers, show } = parts;
	const found = await foundIn(parts);
	const own = operatorOf(c);
	const page = mailServerPage({
		...{ found, own, isOwnMadeUp: own === FIRST_OPERATOR, csrf: c.var.visit.csrf },
		given: mailServers.isGiven ? (mailServers.given ?? "unknown") : undefined,
		form: shown.form ?? (found === undefined ? EMPTY_SERVER : formOf(found.server)),
		problems: shown.problems ?? new Map(),
		offersClearText: mailServers.reach.allowPrivate.length > 0,
		message: shown.message ?? html``,
	});
	return show(c, TITLE, page, shown.status ?? 200);
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
