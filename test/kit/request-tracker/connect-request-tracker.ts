import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { keysIn } from "../../../src/cli/helpdesk/data-folder.ts";
import { REQUEST_TRACKER } from "../../../src/helpdesk/openid/presets/request-tracker.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { SqliteStorage } from "../../../src/storage/sqlite-storage.ts";
import { connectHelpdesk } from "../openid/connect-helpdesk.ts";

/**
 * Connects a Request Tracker to a helpdesk with its preset.
 *
 * @param data the folder of a helpdesk that has started.
 * @returns what to paste into `values.conf`.
 */
export async function connectRequestTracker(
	data: string,
	issuer: string,
	address: string,
	options: { readonly needsEmail?: boolean; readonly neverAsserted?: readonly string[] } = {},
): Promise<Readonly<Record<string, string>>> {
	const url = new URL(address);
	const { pkce, clientAuth, signing, needsEmail } = REQUEST_TRACKER;
	const keyFile = join(data, "key");
	const storage = new SqliteStorage(join(data, "helpdesk.sqlite"), systemClock);
	try {
		const { clientId, clientSecret } = await connectHelpdesk(
			{ storage, clock: systemClock, keys: keysIn(await readFile(keyFile, "utf8"), keyFile) },
			{
				...{ preset: REQUEST_TRACKER.id, name: "Request Tracker", address },
				redirectUris: REQUEST_TRACKER.redirectUris(url),
				postLogoutRedirectUris: REQUEST_TRACKER.postLogoutRedirectUris(url),
				backChannelLogoutUri: REQUEST_TRACKER.backChannelLogoutUri(url) ?? null,
				...{ pkce, clientAuth, needsEmail, signature: signing, straightToX: true },
				...options,
			},
		);
		return {
			X_LOGIN_ISSUER: issuer,
			X_LOGIN_CLIENT_ID: clientId,
			X_LOGIN_CLIENT_SECRET: clientSecret,
		};
	} finally {
		storage.close();
	}
}
