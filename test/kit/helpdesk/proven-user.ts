import { randomUUID } from "node:crypto";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";

/** Adds a user who has proven their address. */
export async function addProvenUser(
	storage: HostStorage,
	email: string,
	brandId = "acorn",
): Promise<void> {
	const id = randomUUID();
	const account = {
		...{ brandId, name: "N", email, locale: "en", password: null, phone: null },
		...{ confirmed: true, unclaimed: false, status: "active", sessionEpoch: 0 },
	};
	await storage.commit({
		sets: [
			{ key: ["accounts", "account", id], value: account },
			{ key: ["accounts", "email", brandId, addressKey(email)], value: id },
		],
	});
}
