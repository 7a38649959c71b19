import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { StorageEntry, StorageKey } from "../../../contract/storage.ts";
import { updateEntry } from "../../../contract/update-entry.ts";
import { digest } from "../../digest.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { isBoolean, isNumber, isRecord, isText, orNull, readStored } from "../../stored-value.ts";
import type { Credentials } from "./identity-provider.ts";

/**
 * What is known of OAuth 2.0 at a brand, as long as its Client ID and callback URL stay. Times are milliseconds since the
 * epoch. Nothing in it is about a visitor.
 */
export type OAuth2Record = {
	/** {@link aboutApp}. */
	readonly about: string;
	/** When a visitor last came back with a code that the provider took; null before the first time. */
	readonly cameBackAt: number | null;
	/** The number of log-ins that began since and did not come back. */
	readonly unfinished: number;
	/** Since when log-ins begin under the other protocol; null while they do not. */
	readonly otherSince: number | null;
	/** A problem of the provider since the last success: why they do, or why the last log-in failed. */
	readonly problem: string | null;
	/** When OAuth 2.0 may be tried again. */
	readonly triedAgainAt: number;
	/** The time between two trials; doubles when one fails. */
	readonly pauseMs: number;
	/** The number of log-ins that may still try it before that. */
	readonly trialsLeft: number;
	/** Whether a log-in has begun to try it since the last one that failed. */
	readonly isTrying: boolean;
};

const isOAuth2Record = isRecord<OAuth2Record>({
	about: isText,
	cameBackAt: orNull(isNumber),
	unfinished: isNumber,
	otherSince: orNull(isNumber),
	problem: orNull(isText),
	triedAgainAt: isNumber,
	pauseMs: isNumber,
	trialsLeft: isNumber,
	isTrying: isBoolean,
});

export const NO_FAULT = {
	unfinished: 0,
	otherSince: null,
	problem: null,
	triedAgainAt: 0,
	pauseMs: 0,
	trialsLeft: 0,
	isTrying: false,
} as const satisfies Partial<OAuth2Record>;

/** The app that a record is about. */
export interface OAuth2App {
	readonly brandId: string;
	readonly callbackUrl: string;
	readonly credentials: Credentials;
}

/** Differs for every other Client ID and callback URL. */
export function aboutApp({ credentials, callbackUrl }: Omit<OAuth2App, "brandId">): string {
	return digest(JSON.stringify([credentials.key, callbackUrl]));
}

/** Keeps one record for each brand. */
@injectable()
export class OAuth2Records {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** A record about nothing yet for an app that has none, and for a record that cannot be read. */
	async read(app: OAuth2App): Promise<OAuth2Record> {
		const entry = await this.host.storage.get(oauth2Key(app.brandId));
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
		const key = oauth2Key(app.brandId);
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
		const key = oauth2Key(app.brandId);
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

function nothingAbout(app: OAuth2App): OAuth2Record {
	return { ...NO_FAULT, about: aboutApp(app), cameBackAt: null };
}

export function oauth2Key(brandId: string): StorageKey {
	return ["oauth2", brandId];
}
