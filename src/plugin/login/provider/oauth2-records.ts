import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { StorageEntry, StorageKey } from "../../../contract/storage.ts";
import { updateEntry } from "../../../contract/update-entry.ts";
import { digest } from "../../digest.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { isList, isNumber, isRecord, isText, orNull, readStored } from "../../stored-value.ts";
import type { Credentials } from "./identity-provider.ts";

/** What is known of OAuth 2.0 at a brand, as long as its Client ID and callback URL stay. Times are milliseconds. */
export type OAuth2Record = {
	/** A digest of the Client ID and the callback URL that the record is about. */
	readonly about: string;
	/** When a browser last came back from the provider's page; null before the first time. */
	readonly cameBackAt: number | null;
	/** The number of log-ins that began since and did not come back. */
	readonly unfinished: number;
	/** Since when log-ins begin under the other protocol; null while they do not. */
	readonly otherSince: number | null;
	/** Why they do: a problem of the provider. */
	readonly problem: string | null;
	/** When OAuth 2.0 may be tried again. */
	readonly triedAgainAt: number;
	/** The time between the last two trials. */
	readonly pauseMs: number;
	/** Digests of the networks whose fresh tokens the provider refused since the last success. */
	readonly refusedIn: readonly string[];
};

const isOAuth2Record = isRecord<OAuth2Record>({
	about: isText,
	cameBackAt: orNull(isNumber),
	unfinished: isNumber,
	otherSince: orNull(isNumber),
	problem: orNull(isText),
	triedAgainAt: isNumber,
	pauseMs: isNumber,
	refusedIn: isList(isText),
});

export const NO_FAULT = {
	unfinished: 0,
	otherSince: null,
	problem: null,
	triedAgainAt: 0,
	pauseMs: 0,
	refusedIn: [],
} as const satisfies Partial<OAuth2Record>;

/** The app that a record is about. */
export interface OAuth2App {
	readonly brandId: string;
	readonly callbackUrl: string;
	readonly credentials: Credentials;
}

/** Keeps one record for each brand. It holds nothing about a visitor but digests of networks. */
@injectable()
export class OAuth2Records {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** A record about nothing yet for an app that has none, and for a record that cannot be read. */
	async read(app: OAuth2App): Promise<OAuth2Record> {
		const entry = await this.host.storage.get(keyOf(app));
		return this.current(app, entry) ?? nothingAbout(app);
	}

	/**
	 * Changes the record in one commit. A record that cannot be read stays as it is.
	 *
	 * @param change gives undefined if nothing is to change. It has to do so once another request has made the same
	 *   change, or many visitors at once would wait for each other.
	 * @returns whether it changed.
	 */
	async change(
		app: OAuth2App,
		change: (record: OAuth2Record) => OAuth2Record | undefined,
	): Promise<boolean> {
		const { storage } = this.host;
		const key = keyOf(app);
		return updateEntry(storage, async () => {
			const entry = await storage.get(key);
			const record = this.current(app, entry);
			const value = record && change(record);
			const checks = [{ key, version: entry?.version ?? null }];
			const commit = value && { checks, sets: [{ key, value }] };
			return { commit, result: value !== undefined };
		});
	}

	/** Counts a log-in that begins. Two simultaneous ones may count as one, so that they never wait for each other. */
	async countBegun(app: OAuth2App): Promise<void> {
		const { storage } = this.host;
		const key = keyOf(app);
		const entry = await storage.get(key);
		const record = this.current(app, entry);
		if (record !== undefined) {
			const value = { ...record, unfinished: record.unfinished + 1 };
			await storage.commit({
				checks: [{ key, version: entry?.version ?? null }],
				sets: [{ key, value }],
			});
		}
	}

	private current(app: OAuth2App, entry: StorageEntry | undefined): OAuth2Record | undefined {
		const nothing = nothingAbout(app);
		const stored = entry && readStored(this.host, entry, isOAuth2Record);
		if (entry !== undefined && stored === undefined) {
			return undefined;
		}
		return stored?.about === nothing.about ? stored : nothing;
	}
}

function nothingAbout({ credentials, callbackUrl }: OAuth2App): OAuth2Record {
	const about = digest(JSON.stringify([credentials.key, callbackUrl]));
	return { ...NO_FAULT, about, cameBackAt: null };
}

function keyOf({ brandId }: OAuth2App): StorageKey {
	return ["oauth2", brandId];
}
