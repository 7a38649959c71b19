import { randomUUID } from "node:crypto";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { indexPart } from "../../../src/helpdesk/people/account-index.ts";
import type { StoredAccount } from "../../../src/helpdesk/people/stored-account.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { CHEAP_HASHER } from "./cheap-hasher.ts";
import type { HttpVisitor, Seen } from "./http-visitor.ts";
import type { Registrant } from "./register-by-letter.ts";

/**
 * Adds an account as versions before 0.3.0 did when somebody registered: with a password, and with an address that nobody
 * had proven. The index has it, as after the upgrade. @returns its id.
 */
export async function addUnconfirmed(
	storage: HostStorage,
	{ name, email, password }: Registrant,
	brandId = "acorn",
): Promise<string> {
	const id = randomUUID();
	const value: StoredAccount = {
		...{ brandId, name, email, locale: "en", phone: null },
		password: await CHEAP_HASHER.hash(password),
		...{ confirmed: false, unclaimed: false, status: "active" },
		...{ sessionEpoch: 0, createdFor: null },
	};
	const { value: indexed = value, sets } = indexPart(id, undefined, value);
	await namespaced(storage, NAMESPACES.accounts).commit({
		sets: [
			{ key: ["account", id], value: indexed },
			{ key: ["email", brandId, addressKey(email)], value: id },
			...sets,
		],
	});
	return id;
}

/** A browser in which such an account is logged in. */
export async function logInUnconfirmed(
	visitor: HttpVisitor,
	{ storage, portal }: { readonly storage: HostStorage; readonly portal: string },
	registrant: Registrant,
): Promise<Seen> {
	await addUnconfirmed(storage, registrant);
	await visitor.open(`${portal}/login?returnTo=/account`);
	const { email, password } = registrant;
	return visitor.submit("/login", { email, password });
}
