import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { StorageKey } from "../../../contract/storage.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { isNumber, isRecord, isText, orNull, readStored } from "../../stored-value.ts";
import type { Profile } from "./identity-provider.ts";

/** Counts of a brand's last profiles, which tell how its app is set up at the provider. */
type ProfileRecord = {
	/** The number of profiles since the last one with an e-mail address. */
	readonly withoutEmail: number;
	readonly withEmail: number;
	/** Why the provider did not give the last profile; null if it did. */
	readonly problem: string | null;
};

const isProfileRecord = isRecord<ProfileRecord>({
	withoutEmail: isNumber,
	withEmail: isNumber,
	problem: orNull(isText),
});

const NOTHING: ProfileRecord = { withoutEmail: 0, withEmail: 0, problem: null };

/** Counts facts that a set-up check cannot ask the provider. The counts hold nothing about a visitor. */
@injectable()
export class ProfileRecords {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** Undefined before the first profile, and for a record that cannot be read. */
	async find(brandId: string): Promise<ProfileRecord | undefined> {
		const entry = await this.host.storage.get(keyOf(brandId));
		return entry && readStored(this.host, entry, isProfileRecord);
	}

	/** Two simultaneous profiles may count as one. Only what the last ones have in common matters. */
	async count(brandId: string, { email, problem }: Profile): Promise<void> {
		const key = keyOf(brandId);
		const entry = await this.host.storage.get(key);
		const last = entry === undefined ? NOTHING : readStored(this.host, entry, isProfileRecord);
		if (last === undefined) {
			return;
		}
		const given = email !== undefined;
		const missing = problem === undefined && !given;
		const value: ProfileRecord = {
			withoutEmail: given ? 0 : last.withoutEmail + (missing ? 1 : 0),
			withEmail: last.withEmail + (given ? 1 : 0),
			problem: problem ?? null,
		};
		await this.host.storage.commit({ sets: [{ key, value }] });
	}
}

function keyOf(brandId: string): StorageKey {
	return ["profiles", brandId];
}
