import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { LETTER_STATES } from "../../../mail/letter-index.ts";
import type { KeptLetters } from "../../../mail/letters-of-operators.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import { notice } from "../../layout.ts";
import { type AdminContext, LeftOut, type ShowPage } from "../admin-pages.ts";
import { pageOrFirst } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type MailboxQuery, mailboxPage } from "./mailbox-page.ts";

/** The longest address there is has 254 characters (RFC 5321 section 4.5.3.1). */
const MAX_TYPED = 320;

export interface MailboxParts {
	readonly brands: readonly Brand[];
	readonly outbox: Outbox;
	readonly hasMailServer: () => Promise<boolean>;
	readonly logError: (what: string, error: unknown) => void;
	readonly show: ShowPage;
}

/** The letters that were written in the last seven days. */
export function mailboxRoutes(app: OperatorApp, parts: MailboxParts): void {
	const { brands } = parts;
	app.get(ADMIN_PATHS.mailbox, async (c) => {
		const { locale } = c.var.visit;
		const { text } = locale;
		const leftOut = new LeftOut(parts.logError, locale);
		const { query, kept } = await shownPage(parts.outbox, askedIn(c), leftOut.report);
		const hasMailServer = await parts.hasMailServer();
		const deleted = c.req.query("done") === "deleted" ? notice(text("outgoing.deleted")) : "";
		const message = html`${deleted}${leftOut.notice}`;
		const page = mailboxPage({ query, kept, brands, hasMailServer, message, locale });
		return parts.show(c, text("outgoing.title"), page);
	});
}

function askedIn({ req }: AdminContext): MailboxQuery {
	return {
		to: (req.query("to") ?? "").trim().slice(0, MAX_TYPED),
		state: LETTER_STATES.find((each) => each === req.query("state")) ?? "",
		after: req.query("after"),
	};
}

async function shownPage(
	{ letters }: Outbox,
	asked: MailboxQuery,
	report: LeftOut["report"],
): Promise<{ readonly query: MailboxQuery; readonly kept: KeptLetters }> {
	const { to, state } = asked;
	const filter = { ...(to !== "" && { to }), ...(state !== "" && { state }) };
	const { after, page } = await pageOrFirst(asked.after, (cursor) =>
		letters.page({ ...filter, cursor, report }),
	);
	return { query: { to, state, after }, kept: page };
}
