import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { StorageKey } from "../../../contract/storage.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { isNumber, isRecord, isText, orNull, readStored } from "../../stored-value.ts";
import type { Profile } from "./identity-provider.ts";

/** What the last profiles of a brand's visitors showed about its app at the provider. */
type ProfileRecord = {
	/** Since one last held an e-mail address. */
	readonly withoutEmail: number;
	readonly withEmail: number;
	/** Why the last one was not given; null when it was. */
	readonly problem: string | null;
};

const isProfileRecord = isRecord<ProfileRecord>({
	withoutEmail: isNumber,
	withEmail: isNumber,
	problem: orNull(isText),
});

const NOTHING: ProfileRecord = { withoutEmail: 0, withEmail: 0, problem: null };

/** Counts, without anything about a visitor, what set-up checks cannot ask the provider for. */
@injectable()
export class ProfileRecords {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** Undefined before any profile was asked for, and for a record that is not readable. */
	async find(brandId: string): Promise<ProfileRecord | undefined> {
		const entry = await this.host.storage.get(keyOf(brandId));
		return entry && readStored(this.host, entry, isProfileRecord);
	}

	/** Two at once may count as one: it is what the last ones had in common that matters. */
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
