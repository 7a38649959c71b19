import { canonicalDomain, canonicalEmail } from "../../../contract/email-address.ts";
import type { Message, TextKey } from "../../locale/locale.ts";
import { ConnectionError } from "./connection-error.ts";

/** The list is searched at every log-in. A domain stands for all of its addresses. */
const MAX_ENTRIES = 1000;

const LABEL: Message = { key: "helpdesk.form.never" };

/**
 * Reads the addresses and domains that a connected helpdesk never hears, such as those of its agents.
 *
 * @param typed one address or domain each, without empty lines. A domain may have an @ before it.
 * @returns each once, in the form in which they are compared, in the order in which they were typed.
 * @throws ConnectionError about the first one that cannot be read.
 */
export function neverAssertedList(typed: readonly string[]): readonly string[] {
	if (typed.length > MAX_ENTRIES) {
		const values = { count: typed.length, most: MAX_ENTRIES };
		throw new ConnectionError("neverAsserted", LABEL, {
			key: "helpdesk.problem.never-too-many",
			values,
		});
	}
	return [...new Set(typed.map(entryOf))];
}

/**
 * Whether a connected helpdesk may hear an e-mail address. A domain on the list stands for its sub-domains, too: a helpdesk
 * that takes agents from `example.com` may take them from `mail.example.com`. An address stands for its sub-addresses (RFC
 * 5233): who reads `agent@example.com` reads `agent+x@example.com`.
 *
 * A list that cannot be read keeps every address back, because the entry may have been for any of them.
 */
export function isAsserted(email: string, neverAsserted: readonly string[]): boolean {
	const address = canonicalEmail(email);
	if (address === undefined) {
		return false;
	}
	const [localPart = "", domain = ""] = address.split("@");
	const mailbox = `${localPart.split("+")[0]}@${domain}`;
	return neverAsserted.every((each) => {
		const entry = canonicalEntry(each);
		return (
			entry !== undefined &&
			entry !== address &&
			entry !== mailbox &&
			entry !== domain &&
			(entry.includes("@") || !domain.endsWith(`.${entry}`))
		);
	});
}

function entryOf(typed: string): string {
	const text = typed.trim();
	const entry = canonicalEntry(text);
	if (entry === undefined) {
		const values = { entry: text, address: "agent@example.com", domain: "example.com" };
		throw new ConnectionError("neverAsserted", LABEL, { key: problemOf(text), values });
	}
	return entry;
}

function problemOf(text: string): TextKey {
	if (text === "") {
		return "helpdesk.problem.never-empty";
	}
	return text.includes("*") ? "helpdesk.problem.never-wildcard" : "helpdesk.problem.never";
}

/** An asterisk may be part of an address, but somebody who enters one means any address. */
function canonicalEntry(text: string): string | undefined {
	if (text.includes("*")) {
		return undefined;
	}
	return text.startsWith("@")
		? canonicalDomain(text.slice(1))
		: (canonicalEmail(text) ?? canonicalDomain(text));
}
