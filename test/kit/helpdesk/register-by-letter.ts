import { expect } from "vitest";
import { eventually } from "../eventually.ts";
import type { HttpVisitor, Seen } from "./http-visitor.ts";
import type { OpenHelpdesk } from "./open-helpdesk.ts";

export interface Registrant {
	readonly name: string;
	readonly email: string;
	readonly password: string;
}

/** The operators' mailbox, as markup, newest letter first. */
export type ReadMailbox = () => Promise<string>;

export function mailboxOf({ helpdesk, operator }: Pick<OpenHelpdesk, "helpdesk" | "operator">) {
	return async () => (await operator.open(`${helpdesk.adminUrl}/mailbox`)).html;
}

/**
 * The newest link in a letter to this address, once it is written.
 *
 * @param beginning of the link: a path at any brand, or an address.
 */
export async function linkTo(
	mailbox: ReadMailbox,
	email: string,
	beginning = "/register/confirm",
): Promise<string> {
	return eventually(async () => {
		const letters = (await mailbox())
			.split("<article")
			.filter((each) => each.includes(`To ${email},`));
		const start = beginning.startsWith("/") ? `http[^\\s<]+${beginning}` : beginning;
		const [link] = new RegExp(`${start}\\?token=[\\w-]+`).exec(letters.join("")) ?? [];
		return link ?? expect.fail(`no letter to ${email}`);
	});
}

/** Registers as a visitor does who opens the letter in the same browser. They are logged in then. */
export async function registerByLetter(
	visitor: HttpVisitor,
	portal: string,
	mailbox: ReadMailbox,
	registrant: Registrant,
): Promise<Seen> {
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", { ...registrant });
	await visitor.open(await linkTo(mailbox, registrant.email, `${portal}/register/confirm`));
	return visitor.submit("/register/confirm");
}
