import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { LetterLimits } from "../../../mail/letter-limits.ts";
import type { OpenedLetter } from "../../../mail/letters-of-operators.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import { askToWait } from "../../ask-to-wait.ts";
import { type Markup, notice } from "../../layout.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { withQuery } from "../list-pager.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS, letterPaths } from "../paths.ts";
import { deletionPage, letterPage, titleOf } from "./letter-page.ts";
import { RESEND_REFUSALS } from "./letter-words.ts";

export interface LetterRouteParts {
	readonly brands: readonly Brand[];
	readonly outbox: Outbox;
	readonly letterLimits: LetterLimits;
	readonly hasMailServer: () => Promise<boolean>;
	readonly show: ShowPage;
}

/** Shows one letter, sends it again and deletes it. */
export function letterRoutes(app: OperatorApp, parts: LetterRouteParts): void {
	const { letter, resend, remove } = letterPaths(":letterId");
	app.get(letter, async (c) => {
		const message = c.req.query("done") === "sent" ? notice(SENT) : html``;
		return showLetter(c, parts, message);
	});
	app.post(resend, (c) => sendAgain(c, parts));
	app.get(remove, async (c) => {
		const opened = await letterIn(c, parts);
		const page = opened && deletionPage(await about(c, parts, opened, html``));
		return page === undefined
			? c.notFound()
			: parts.show(c, { title: "Delete this e-mail?", trail: trailTo(opened) }, page);
	});
	app.post(remove, async (c) =>
		(await parts.outbox.letters.remove(idIn(c)))
			? c.redirect(withQuery(ADMIN_PATHS.mailbox, { done: "deleted" }), 303)
			: c.notFound(),
	);
}

const SENT =
	"The e-mail is being sent again. Open this page again in a few seconds to see what the mail server says.";

async function sendAgain(c: AdminContext, parts: LetterRouteParts): Promise<Response> {
	const id = idIn(c);
	// Asked first, so that a letter that cannot be sent again uses up nothing.
	const opened = await letterIn(c, parts);
	if (opened === undefined) {
		return c.notFound();
	}
	if (opened.refusal !== undefined) {
		return showLetter(c, parts, notice(RESEND_REFUSALS[opened.refusal], true), 409);
	}
	const wait = await parts.letterLimits.secondsToWait("resend", operatorOf(c));
	if (wait > 0) {
		askToWait(c, wait);
		const sentence = "Not sent: you had many e-mails sent again within an hour. Try again later.";
		return showLetter(c, parts, notice(sentence, true), 429);
	}
	const resent = await parts.outbox.letters.resend(id);
	if (resent === "gone") {
		return c.notFound();
	}
	return resent === "sent"
		? c.redirect(withQuery(letterPaths(id).letter, { done: "sent" }), 303)
		: showLetter(c, parts, notice(RESEND_REFUSALS[resent], true), 409);
}

async function showLetter(
	c: AdminContext,
	parts: LetterRouteParts,
	message: Markup,
	status = 200,
): Promise<Response> {
	const opened = await letterIn(c, parts);
	if (opened === undefined) {
		return c.notFound();
	}
	const page = letterPage(await about(c, parts, opened, message));
	return parts.show(c, titleOf(opened.letter), page, status);
}

async function about(
	c: AdminContext,
	{ brands, hasMailServer }: LetterRouteParts,
	opened: OpenedLetter,
	message: Markup,
) {
	const brand = brands.find(({ id }) => id === opened.letter.brandId);
	const { csrf } = c.var.visit;
	return { opened, brand, hasMailServer: await hasMailServer(), csrf, message };
}

function trailTo(opened: OpenedLetter | undefined) {
	return opened === undefined
		? []
		: [{ label: titleOf(opened.letter), path: letterPaths(opened.letter.id).letter }];
}

async function letterIn(
	c: AdminContext,
	{ outbox }: LetterRouteParts,
): Promise<OpenedLetter | undefined> {
	return outbox.letters.find(idIn(c));
}

/** What is no id finds no letter. */
function idIn(c: AdminContext): string {
	const id = c.req.param("letterId") ?? "";
	return /^[\w-]{1,100}$/.test(id) ? id : "none";
}
