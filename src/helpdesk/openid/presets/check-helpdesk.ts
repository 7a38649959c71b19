import { isLoopback } from "../../../contract/loopback.ts";
import { parseUrl } from "../../../contract/parse-url.ts";
import { isRefusedPort } from "../../../contract/refused-ports.ts";
import type { Message, TextKey } from "../../locale/locale.ts";
import { ConnectionError, type ConnectionField } from "./connection-error.ts";
import { nameOf, type Preset } from "./preset.ts";

/** In characters. Browsers and proxies take more, and no helpdesk needs as much. */
const MAX_URL = 1000;
/** A form that lists more is a mistake: each helpdesk has one, or one for each of its addresses. */
const MAX_URIS = 10;

const DEFAULT_PORTS = { "https:": "443", "http:": "80" } as const;

/** What decides about a URL at a helpdesk. */
type AtHelpdesk = Pick<Preset, "name" | "nameText" | "httpsOnly" | "redirectsElsewhere">;

/** A typed URL and the name of its field. */
interface Typed {
	readonly field: ConnectionField;
	readonly label: Message;
	readonly text: string;
}

/** The names of a field that may list several URIs: of the field, of each line, and what is said of a line that is there twice. */
interface ListTexts {
	readonly field: ConnectionField;
	readonly label: TextKey;
	readonly numbered: TextKey;
	readonly same: TextKey;
}

const REDIRECT_URIS: ListTexts = {
	field: "redirectUris",
	label: "helpdesk.label.redirect-uri",
	numbered: "helpdesk.label.redirect-uri-number",
	same: "helpdesk.problem.same-redirect-uri",
};

const POST_LOGOUT_REDIRECT_URIS: ListTexts = {
	field: "postLogoutRedirectUris",
	label: "helpdesk.label.post-logout",
	numbered: "helpdesk.label.post-logout-number",
	same: "helpdesk.problem.same-post-logout",
};

/**
 * Reads the address of a helpdesk.
 *
 * @returns an origin, with a path only if the preset allows one.
 * @throws ConnectionError about the first thing that is wrong.
 */
export function helpdeskAddress(
	preset: Pick<Preset, "name" | "nameText" | "httpsOnly" | "address">,
	typed: string,
): URL {
	const { label, example, mayHavePath } = preset.address;
	const text = typed.trim();
	const refuse = refusal({ field: "address", label, text });
	const url = webUrl(preset, { field: "address", label, text }, example);
	if (url.search !== "" || text.endsWith("?")) {
		refuse("helpdesk.problem.query");
	}
	if (!mayHavePath && url.pathname !== "/") {
		refuse("helpdesk.problem.path", { origin: url.origin });
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
	preset: AtHelpdesk & Pick<Preset, "redirectShownAs">,
	address: URL,
	typed: readonly string[],
): readonly string[] {
	if (typed.length === 0) {
		const { redirectShownAs: label } = preset;
		const helpdesk = nameOf(preset);
		throw new ConnectionError(
			"redirectUris",
			{ key: REDIRECT_URIS.label },
			label === undefined
				? { key: "helpdesk.problem.no-redirect-uri", values: { helpdesk } }
				: { key: "helpdesk.problem.no-redirect-uri-copied", values: { helpdesk, label } },
		);
	}
	return urisAtHelpdesk(preset, address, REDIRECT_URIS, typed);
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
	return urisAtHelpdesk(preset, address, POST_LOGOUT_REDIRECT_URIS, typed);
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
	const label: Message = { key: "helpdesk.form.back-channel" };
	uriAtHelpdesk(preset, address, { field: "backChannelLogoutUri", label, text });
	return text;
}

function urisAtHelpdesk(
	preset: AtHelpdesk,
	address: URL,
	{ field, label, numbered, same }: ListTexts,
	typed: readonly string[],
): readonly string[] {
	const texts = typed.map((text) => text.trim());
	if (texts.length > MAX_URIS) {
		const values = { count: texts.length, most: MAX_URIS };
		throw new ConnectionError(field, { key: label }, { key: "helpdesk.problem.too-many", values });
	}
	const labelOf = (index: number): Message =>
		texts.length === 1 ? { key: label } : { key: numbered, values: { number: index + 1 } };
	const urls = texts.map((text, index) =>
		uriAtHelpdesk(preset, address, { field, text, label: labelOf(index) }),
	);
	for (const [index, url] of urls.entries()) {
		const first = urls.findIndex(({ href }) => href === url.href);
		if (first !== index) {
			refusal({ field, label: labelOf(index), text: texts[index] ?? "" })(same, {
				number: first + 1,
			});
		}
	}
	return texts;
}

function uriAtHelpdesk(preset: AtHelpdesk, address: URL, typed: Typed): URL {
	const refuse = refusal(typed);
	const { origin } = address;
	const url = webUrl(preset, typed, `${origin}/callback`);
	if (!spellingsOf(url).includes(typed.text)) {
		refuse("helpdesk.problem.spelling", { right: url.href });
	}
	if (preset.redirectsElsewhere !== true && url.origin !== origin) {
		refuse("helpdesk.problem.elsewhere", { helpdesk: nameOf(preset), origin });
	}
	return url;
}

/** What a redirect URI and an address have in common. */
function webUrl(
	preset: Pick<Preset, "name" | "nameText" | "httpsOnly">,
	typed: Typed,
	example: string,
): URL {
	const { text } = typed;
	const refuse = refusal(typed);
	const helpdesk = nameOf(preset);
	if (text === "") {
		refuse("helpdesk.problem.empty", { example });
	}
	if (text.length > MAX_URL) {
		refuse("helpdesk.problem.too-long", { count: text.length, most: MAX_URL });
	}
	if (text.includes("*")) {
		refuse("helpdesk.problem.wildcard", { example });
	}
	const url = parseUrl(text);
	if (url === undefined || !(url.protocol in DEFAULT_PORTS)) {
		return refuse("helpdesk.problem.no-web-address", { example });
	}
	if (url.username !== "" || url.password !== "") {
		refuse("helpdesk.problem.credentials");
	}
	if (text.includes("#")) {
		refuse("helpdesk.problem.fragment");
	}
	if (isRefusedPort(Number(url.port))) {
		refuse("helpdesk.problem.port", { port: url.port, helpdesk });
	}
	if (url.protocol === "http:" && preset.httpsOnly) {
		refuse("helpdesk.problem.https-only", { helpdesk });
	}
	if (url.protocol === "http:" && !isLoopback(url.hostname)) {
		refuse("helpdesk.problem.not-encrypted");
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

function refusal({
	field,
	label,
	text: url,
}: Typed): (key: TextKey, values?: Message["values"]) => never {
	return (key, values) => {
		throw new ConnectionError(field, label, { key, values: { url, ...values } });
	};
}
