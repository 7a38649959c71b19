import type { Outbox } from "../../../mail/outbox.ts";
import type { ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { mailboxPage } from "./mailbox-page.ts";

export interface MailboxParts {
	readonly outbox: Outbox;
	readonly show: ShowPage;
}

/** The letters that no mail server took. */
export function mailboxRoutes(app: OperatorApp, { outbox, show }: MailboxParts): void {
	app.get(ADMIN_PATHS.mailbox, async (c) => show(c, "Mailbox", mailboxPage(await outbox.kept())));
}
