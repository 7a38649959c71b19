import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { LetterLimits } from "../../../mail/letter-limits.ts";
import type { OpenedLetter } from "../../../mail/letters-of-operators.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import { askToWait } from "../../ask-to-wait.ts";
import { type Markup, notice } from "../../layout.ts";
import type { AdminContext, PageHead, ShowPage } from "../admin-pages.ts";
import { withQuery } from "../list-pager.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS, letterPaths } from "../paths.ts";
import { deletionPage, letterPage } from "./letter-page.ts";
import { resendProblem, titleOf } from "./letter-words.ts";

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
		const message =
			c.req.query("done") === "sent"
				? notice(c.var.visit.locale.text("email.resend.sent"))
				: html``;
		return showLetter(c, parts, message);
	});
	app.post(resend, (c) => sendAgain(c, parts));
	app.get(remove, async (c) => {
		const opened = await letterIn(c, parts);
		if (opened === undefined) {
			return c.notFound();
		}
		const page = deletionPage(await about(c, parts, opened, html``));
		return parts.show(c, deletionHead(opened, c.var.visit.locale), page);
	});
	app.post(remove, async (c) =>
		(await parts.outbox.letters.remove(idIn(c)))
			? c.redirect(withQuery(ADMIN_PATHS.mailbox, { done: "deleted" }), 303)
			: c.notFound(),
	);
}

async function sendAgain(c: AdminContext, parts: LetterRouteParts): Promise<Response> {
	const id = idIn(c);
	const { locale } = c.var.visit;
	// Asked first, so that a letter that cannot be sent again uses up nothing.
	const opened = await letterIn(c, parts);
	if (opened === undefined) {
		return c.notFound();
	}
	if (opened.refusal !== undefined) {
		return showLetter(c, parts, notice(resendProblem(opened.refusal, locale), true), 409);
	}
	const wait = await parts.letterLimits.secondsToWait("resend", operatorOf(c));
	if (wait > 0) {
		askToWait(c, wait);
		return showLetter(c, parts, notice(locale.text("email.resend.limit"), true), 429);
	}
	const resent = await parts.outbox.letters.resend(id);
	if (resent === "gone") {
		return c.notFound();
	}
	return resent === "sent"
		? c.redirect(withQuery(letterPaths(id).letter, { done: "sent" }), 303)
		: showLetter(c, parts, notice(resendProblem(resent, locale), true), 409);
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
	return parts.show(c, titleOf(opened.letter, c.var.visit.locale), page, status);
}

async function about(
	c: AdminContext,
	{ brands, hasMailServer }: LetterRouteParts,
	opened: OpenedLetter,
	message: Markup,
) {
	const brand = brands.find(({ id }) => id === opened.letter.brandId);
	const { csrf, locale } = c.var.visit;
	return { opened, brand, hasMailServer: await hasMailServer(), csrf, message, locale };
}

function deletionHead({ letter }: OpenedLetter, locale: Locale): PageHead {
	const trail = [{ label: titleOf(letter, locale), path: letterPaths(letter.id).letter }];
	return { title: locale.text("email.delete.title"), trail };
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
