import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import { isLoopback } from "../../contract/loopback.ts";
import type { SetUpCheck } from "../../contract/set-up-check.ts";
import { orUnreadable, UnreadableValueError } from "../../storage/stored-value.ts";
import { localeFor } from "../locale/locale.ts";
import { inEnglish } from "../locale/said.ts";
import { sortableTime } from "../locale/shown-time.ts";
import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import type { Untold } from "./log-out-messages.ts";
import { issuerOf } from "./make-provider.ts";
import type { BrandConnections, OpenIdProviders } from "./open-openid.ts";
import { presetOf } from "./presets/presets.ts";
import { unreachableUris } from "./redirect-reach.ts";
import type { StoredKeys } from "./signing-keys.ts";
import { untoldSentence } from "./untold-sentence.ts";

/** A brand as it is diagnosed. */
export type DiagnosedBrand = Pick<Brand, "id" | "baseUrl" | "timeZone">;

const DAY_MS = 24 * 60 * 60_000;

/** One thing about a brand's OpenID Provider or about a connected helpdesk that was looked at. */
export interface ConnectionCheck {
	readonly id:
		| "issuer"
		| "keys"
		| "stored"
		| "secret"
		| "used"
		| "reached"
		| "told"
		| "preset"
		| "api-token";
	readonly state: Exclude<SetUpCheck["state"], "likely">;
	/** The connected helpdesk that it is about. Left out: all of them. */
	readonly helpdesk?: string;
	/** What was found and, unless it is `ok`, what to do. */
	readonly text: string;
}

export interface DiagnoseParts {
	readonly providers: Pick<OpenIdProviders, "of" | "messages" | "http">;
	readonly clock: Clock;
	/** Where the key file is, for sentences. */
	readonly keyFile: string;
}

/**
 * Looks at the connected helpdesks of a brand. It stores nothing, and asks at each redirect URI whether somebody answers.
 *
 * @throws StorageError
 */
export async function diagnoseConnections(
	brand: DiagnosedBrand,
	parts: DiagnoseParts,
): Promise<readonly ConnectionCheck[]> {
	const { helpdesks, keys } = parts.providers.of(brand);
	const unreadable: ConnectionCheck[] = [];
	const all = await helpdesks.all(() => unreadable.push(UNREADABLE));
	const stored = await orUnreadable(() => keys.stored());
	const each = await Promise.all(
		all.map((helpdesk) => checksOf(brand, helpdesk, helpdesks, parts)),
	);
	return [
		issuerCheck(brand, all),
		...keyChecks(stored, all.length, brand, parts),
		...unreadable.slice(0, 1),
		...each.flat(),
	];
}

export const UNREADABLE: ConnectionCheck = {
	id: "stored",
	state: "failed",
	text: "A stored connected helpdesk cannot be read, and stays as it is. Use the version of the helpdesk that stored it, or restore a backup.",
};

function issuerCheck(brand: DiagnosedBrand, all: readonly ConnectedHelpdesk[]): ConnectionCheck {
	const issuer = issuerOf(brand);
	const count = all.length === 1 ? "1 connected helpdesk" : `${all.length} connected helpdesks`;
	const stranded = all.find(
		({ preset, address }) =>
			presetOf(preset)?.httpsOnly === true || !isLoopback(new URL(address).hostname),
	);
	return new URL(issuer).protocol === "https:" || stranded === undefined
		? { id: "issuer", state: "ok", text: `The issuer ${issuer} has ${count}.` }
		: {
				id: "issuer",
				state: "failed",
				text: `The issuer ${issuer} has ${count}, and ${stranded.name} cannot use one without https. Give the brand an address with https, with --base-url ${brand.id}=https://help.example.com.`,
			};
}

function keyChecks(
	stored: StoredKeys | UnreadableValueError | undefined,
	connected: number,
	brand: DiagnosedBrand,
	{ clock, keyFile }: DiagnoseParts,
): readonly ConnectionCheck[] {
	if (stored === undefined) {
		const text = "There are no keys to sign log-ins with yet. The first log-in makes them.";
		return connected === 0 ? [] : [{ id: "keys", state: "unknown", text }];
	}
	if (stored instanceof UnreadableValueError || !stored.canBeOpened) {
		const text =
			stored instanceof UnreadableValueError
				? "The keys that sign log-ins cannot be read, and stay as they are. Use the version of the helpdesk that stored them, or restore a backup."
				: `The keys that sign log-ins cannot be decrypted with the key file ${keyFile}, because they were stored with another one. Give that key file with --key-file.`;
		return [{ id: "keys", state: "failed", text }];
	}
	const days = Math.max(0, Math.floor((clock.now() - stored.signSince) / DAY_MS));
	const since = `The keys have signed log-ins since ${sortableTime(stored.signSince, "minute", brand)}, ${days === 1 ? "1 day" : `${days} days`} ago.`;
	const next =
		stored.nextSignFrom === undefined
			? ""
			: ` New ones sign from ${sortableTime(stored.nextSignFrom, "minute", brand)} on.`;
	return [{ id: "keys", state: "ok", text: `${since}${next}` }];
}

async function checksOf(
	brand: DiagnosedBrand,
	helpdesk: ConnectedHelpdesk,
	helpdesks: BrandConnections["helpdesks"],
	{ providers, keyFile }: DiagnoseParts,
): Promise<readonly ConnectionCheck[]> {
	const { id, redirectUris } = helpdesk;
	const english = localeFor(undefined, "en");
	const about = (check: Omit<ConnectionCheck, "helpdesk">) => aboutHelpdesk(helpdesk, check);
	const lastUsed = await orUnreadable(() => helpdesks.lastUsed(id));
	const unreachable = await unreachableUris(providers.http, redirectUris);
	const untold = await providers.messages.untold({ brandId: brand.id, clientId: id });
	return [
		about(usedCheck(lastUsed, brand)),
		...(opens(helpdesk, helpdesks) ? [] : [about(sealedCheck(keyFile))]),
		...unreachable.map(({ uri, why }) =>
			about({
				id: "reached",
				state: "unknown",
				text: `${uri} cannot be reached from here: ${english.text(why)}. Correct it, unless browsers reach it.`,
			}),
		),
		...(untold === undefined ? [] : [about(untoldCheck(untold, brand))]),
	];
}

/** A check that names the helpdesk that it is about. */
export function aboutHelpdesk(
	{ id, name }: Pick<ConnectedHelpdesk, "id" | "name">,
	check: Omit<ConnectionCheck, "helpdesk">,
): ConnectionCheck {
	return { ...check, helpdesk: id, text: `${name} (${id}): ${check.text}` };
}

export function usedCheck(
	lastUsed: number | UnreadableValueError | undefined,
	brand: DiagnosedBrand,
): Omit<ConnectionCheck, "helpdesk"> {
	if (lastUsed === undefined) {
		return { id: "used", state: "unknown", text: "nobody has logged in there yet." };
	}
	return lastUsed instanceof UnreadableValueError
		? { id: "used", state: "unknown", text: "when it was last used cannot be read." }
		: { id: "used", state: "ok", text: `last used ${sortableTime(lastUsed, "minute", brand)}.` };
}

function sealedCheck(keyFile: string): Omit<ConnectionCheck, "helpdesk"> {
	return {
		id: "secret",
		state: "failed",
		text: `its client secret cannot be decrypted with the key file ${keyFile}. Give the key file that it was stored with, or make a new secret under Connected helpdesks.`,
	};
}

function untoldCheck(untold: Untold, brand: DiagnosedBrand): Omit<ConnectionCheck, "helpdesk"> {
	const text = inEnglish(untoldSentence(untold, "it", brand));
	return { id: "told", state: "failed", text };
}

function opens(
	helpdesk: ConnectedHelpdesk,
	helpdesks: Pick<BrandConnections["helpdesks"], "secretOf">,
): boolean {
	try {
		helpdesks.secretOf(helpdesk);
		return true;
	} catch {
		return false;
	}
}
