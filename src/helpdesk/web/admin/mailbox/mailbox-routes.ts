import type { Brand } from "../../../../contract/brands.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import { LeftOut, type ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { mailboxPage } from "./mailbox-page.ts";

export interface MailboxParts {
	readonly brands: readonly Brand[];
	readonly outbox: Outbox;
	readonly logError: (what: string, error: unknown) => void;
	readonly show: ShowPage;
}

/** The letters that no mail server has accepted. */
export function mailboxRoutes(app: OperatorApp, parts: MailboxParts): void {
	app.get(ADMIN_PATHS.mailbox, async (c) => {
		const leftOut = new LeftOut(parts.logError);
		const letters = await parts.outbox.kept(leftOut.report);
		return parts.show(c, "Mailbox", mailboxPage(letters, parts.brands, leftOut.notice));
	});
}
