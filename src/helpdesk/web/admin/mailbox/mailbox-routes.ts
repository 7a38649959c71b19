import type { Brand } from "../../../../contract/brands.ts";
import type { KeptLetters, Outbox } from "../../../mail/outbox.ts";
import { LeftOut, type ShowPage } from "../admin-pages.ts";
import { pageOrFirst } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type MailboxQuery, mailboxPage } from "./mailbox-page.ts";

/** The longest address there is has 254 characters (RFC 5321 section 4.5.3.1). */
const MAX_TYPED = 320;

export interface MailboxParts {
	readonly brands: readonly Brand[];
	readonly outbox: Outbox;
	readonly hasMailServer: boolean;
	readonly logError: (what: string, error: unknown) => void;
	readonly show: ShowPage;
}

/** The letters that no mail server has accepted. */
export function mailboxRoutes(app: OperatorApp, parts: MailboxParts): void {
	const { brands, hasMailServer } = parts;
	app.get(ADMIN_PATHS.mailbox, async (c) => {
		const leftOut = new LeftOut(parts.logError);
		const to = (c.req.query("to") ?? "").trim().slice(0, MAX_TYPED);
		const asked = { to, after: c.req.query("after") };
		const { query, kept } = await shownPage(parts.outbox, asked, leftOut.report);
		return parts.show(
			c,
			"Outgoing e-mail",
			mailboxPage({ query, kept, brands, hasMailServer, message: leftOut.notice }),
		);
	});
}

async function shownPage(
	outbox: Outbox,
	query: MailboxQuery,
	report: LeftOut["report"],
): Promise<{ readonly query: MailboxQuery; readonly kept: KeptLetters }> {
	const { to } = query;
	const address = to === "" ? {} : { to };
	const { after, page } = await pageOrFirst(query.after, (cursor) =>
		outbox.page({ ...address, cursor, report }),
	);
	return { query: { to, after }, kept: page };
}
