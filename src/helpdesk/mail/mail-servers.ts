import { type HostStorage, StorageError } from "../../contract/storage.ts";
import type { Reach } from "../../ports/public-lookup.ts";
import type { Vault } from "../settings/vault.ts";
import type { Deliver, MailRoute } from "./letter-delivery.ts";
import type { MailServer } from "./mail-server.ts";
import { SavedMailServers } from "./saved-mail-server.ts";
import { smtpDelivery } from "./smtp.ts";

/** A mail server that the start names, as operators see it. */
export type GivenMailServer = Omit<MailServer, "login"> & { readonly user: string };

interface MailServersParts {
	/** A namespace of its own. */
	readonly storage: HostStorage;
	readonly vault: Vault;
	/** How letters are delivered where the start says so; it wins over what owners have set. */
	readonly deliver: Deliver | undefined;
	/** Undefined also where only {@link deliver} is known. */
	readonly given: GivenMailServer | undefined;
	/** Where a mail server may be that owners have set. */
	readonly reach: Reach;
}

/** The mail server of the helpdesk: the one that the start names, or else the one that owners have set. */
export class MailServers {
	readonly saved: SavedMailServers;
	readonly given: GivenMailServer | undefined;
	readonly reach: Reach;
	/** Whether the start says how letters are delivered. */
	readonly isGiven: boolean;
	private readonly deliver: Deliver | undefined;

	constructor({ storage, vault, deliver, given, reach }: MailServersParts) {
		this.saved = new SavedMailServers(storage, vault);
		this.given = given;
		this.reach = reach;
		this.isGiven = deliver !== undefined;
		this.deliver = deliver;
	}

	/** Asked for each letter, so that every node sees a change at once. One read, or none where the start names a server. */
	readonly route: MailRoute = async () => {
		if (this.deliver !== undefined) {
			return this.deliver;
		}
		try {
			const server = await this.saved.toCall();
			return server && smtpDelivery(server, this.reach);
		} catch (error) {
			if (error instanceof StorageError) {
				throw error;
			}
			// Letters wait, with the reason, and nobody reads them meanwhile.
			return () => Promise.reject(error);
		}
	};

	/** Whether letters go out. Without a mail server the operators read them. */
	readonly hasServer = async (): Promise<boolean> => (await this.route()) !== undefined;
}
