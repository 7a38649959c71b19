import { isLoopback } from "../../../contract/loopback.ts";
import { parseUrl } from "../../../contract/parse-url.ts";
import { isRefusedPort } from "../../../contract/refused-ports.ts";
import { ConnectionError, type ConnectionField } from "./connection-error.ts";
import type { Preset } from "./preset.ts";

/** In characters. Browsers and proxies take more, and no helpdesk needs as much. */
const MAX_URL = 1000;
/** A form that lists more is a mistake: each helpdesk has one, or one for each of its addresses. */
const MAX_URIS = 10;

const DEFAULT_PORTS = { "https:": "443", "http:": "80" } as const;

/** What decides about a URL at a helpdesk. */
type AtHelpdesk = Pick<Preset, "name" | "httpsOnly" | "redirectsElsewhere">;

/** A typed URL and the words with which a message begins. */
interface Typed {
	readonly field: ConnectionField;
	readonly label: string;
	readonly text: string;
}

/**
 * Reads the address of a helpdesk.
 *
 * @returns an origin, with a path only if the preset allows one.
 * @throws ConnectionError about the first thing that is wrong.
 */
export function helpdeskAddress(
	preset: Pick<Preset, "name" | "httpsOnly" | "address">,
	typed: string,
): URL {
	const { label, example, mayHavePath } = preset.address;
	const text = typed.trim();
	const refuse = refusal({ field: "address", label, text });
	const url = webUrl(preset, { field: "address", label, text }, example);
	if (url.search !== "" || text.endsWith("?")) {
		refuse("has a question mark", `Leave out everything from "?" on.`);
	}
	if (!mayHavePath && url.pathname !== "/") {
		refuse("has a path", `Enter the address without a path: ${url.origin}.`);
	}
	return url;
}

/**
 * Checks the redirect URIs of a helpdesk, which are compared character by character later
 * (OpenID Connect Core, section 3.1.2.1). That is why a spelling that means the same is refused, too.
 *
 * @param typed without empty lines.
 * @throws ConnectionError about the first thing that is wrong.
 */
export function helpdeskRedirectUris(
	preset: Pick<Preset, "name" | "httpsOnly" | "address" | "redirectShownAs" | "redirectsElsewhere">,
	address: URL,
	typed: readonly string[],
): readonly string[] {
	if (typed.length === 0) {
		const { redirectShownAs } = preset;
		const where =
			redirectShownAs === undefined ? "Enter it" : `Copy "${redirectShownAs}" from ${preset.name}`;
		throw new ConnectionError(
			"redirectUris",
			`Redirect URI: there is none, and without one nobody comes back to ${preset.name}. ${where}.`,
		);
	}
	return urisAtHelpdesk(preset, address, { field: "redirectUris", label: "Redirect URI" }, typed);
}

/**
 * Checks where a helpdesk sends people after a log-out. These are compared character by character, too (OpenID Connect
 * RP-Initiated Logout, section 3).
 *
 * @param typed without empty lines. There may be none.
 * @throws ConnectionError about the first thing that is wrong.
 */
export function helpdeskPostLogoutRedirectUris(
	preset: AtHelpdesk,
	address: URL,
	typed: readonly string[],
): readonly string[] {
	const what = { field: "postLogoutRedirectUris", label: "Post-logout redirect URI" } as const;
	return urisAtHelpdesk(preset, address, what, typed);
}

/**
 * Checks where a helpdesk hears that a session has ended (OpenID Connect Back-Channel Logout, section 2.2). It lies at the
 * address of the helpdesk, because who owns that may know who has logged out.
 *
 * @throws ConnectionError about the first thing that is wrong.
 */
export function helpdeskBackChannelLogoutUri(
	preset: AtHelpdesk,
	address: URL,
	typed: string,
): string {
	const text = typed.trim();
	const label = "Back-channel log-out URI";
	uriAtHelpdesk(preset, address, { field: "backChannelLogoutUri", label, text });
	return text;
}

function urisAtHelpdesk(
	preset: AtHelpdesk,
	address: URL,
	{ field, label }: Pick<Typed, "field" | "label">,
	typed: readonly string[],
): readonly string[] {
	const texts = typed.map((text) => text.trim());
	if (texts.length > MAX_URIS) {
		throw new ConnectionError(
			field,
			`${label}: these are ${texts.length}. Enter at most ${MAX_URIS}.`,
		);
	}
	const urls = texts.map((text, index) =>
		uriAtHelpdesk(preset, address, {
			...{ field, text },
			label: texts.length === 1 ? label : `${label} ${index + 1}`,
		}),
	);
	for (const [index, url] of urls.entries()) {
		const same = urls.findIndex(({ href }) => href === url.href);
		if (same !== index) {
			const other = `${label.charAt(0).toLowerCase()}${label.slice(1)} ${same + 1}`;
			throw new ConnectionError(
				field,
				`${label} ${index + 1}: ${texts[index]} is the same as ${other}. Remove one of them.`,
			);
		}
	}
	return texts;
}

function uriAtHelpdesk(preset: AtHelpdesk, address: URL, typed: Typed): URL {
	const refuse = refusal(typed);
	const url = webUrl(preset, typed, `${address.origin}/callback`);
	if (!spellingsOf(url).includes(typed.text)) {
		refuse("is not written as browsers write it", `Enter ${url.href}.`);
	}
	if (preset.redirectsElsewhere !== true && url.origin !== address.origin) {
		refuse(
			`does not lie at the address of ${preset.name}`,
			`Enter one that begins with ${address.origin}, or correct the address.`,
		);
	}
	return url;
}

/** What a redirect URI and an address have in common. */
function webUrl(preset: Pick<Preset, "name" | "httpsOnly">, typed: Typed, example: string): URL {
	const { text } = typed;
	const refuse = refusal(typed);
	if (text.length > MAX_URL) {
		throw new ConnectionError(
			typed.field,
			`${typed.label}: it has ${text.length} characters. Enter at most ${MAX_URL}.`,
		);
	}
	if (text.includes("*")) {
		refuse("has a wildcard", `Enter each address in full, such as ${example}.`);
	}
	const url = parseUrl(text);
	if (url === undefined || !(url.protocol in DEFAULT_PORTS)) {
		return refuse("is not a web address", `Enter one such as ${example}.`);
	}
	if (url.username !== "" || url.password !== "") {
		refuse("has a user name or a password", `Leave out everything between "//" and "@".`);
	}
	if (text.includes("#")) {
		refuse("has a fragment", `Leave out everything from "#" on.`);
	}
	if (isRefusedPort(Number(url.port))) {
		refuse(
			`has the port ${url.port}, and browsers open no page there`,
			`Give ${preset.name} another port.`,
		);
	}
	if (url.protocol === "http:" && (preset.httpsOnly || !isLoopback(url.hostname))) {
		refuse(
			"is not encrypted",
			preset.httpsOnly
				? `${preset.name} works with https only. Enter an address that begins with https://.`
				: "Enter an address that begins with https://. Only this machine may have one with http://.",
		);
	}
	return url;
}

/** How a relying party may write a URL so that its reader needs no rules for what is the same. */
function spellingsOf(url: URL): readonly string[] {
	const { protocol, host, pathname, search, port, href } = url;
	const defaultPort = protocol === "http:" ? DEFAULT_PORTS["http:"] : DEFAULT_PORTS["https:"];
	const withPort = `${protocol}//${host}:${defaultPort}${pathname}${search}`;
	const spellings = port === "" ? [href, withPort] : [href];
	return pathname === "/" && search === ""
		? [...spellings, ...spellings.map((spelling) => spelling.slice(0, -1))]
		: spellings;
}

function refusal({ field, label, text }: Typed): (what: string, then: string) => never {
	return (what, then) => {
		throw new ConnectionError(
			field,
			`${label}: ${text === "" ? "nothing" : text} ${what}. ${then}`,
		);
	};
}
