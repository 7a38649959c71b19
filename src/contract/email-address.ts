import { parseUrl } from "./parse-url.ts";

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LOCAL_PART = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`);
/** Domains that IDNA may look at. Excludes characters that would end a host name in a URL, and invisible ones. */
const TYPED_DOMAIN = /^(?:[A-Za-z0-9.-]|[^\p{ASCII}\p{Cc}\p{Cf}])+$/u;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** A last label that begins with a digit is part of an IP address (RFC 3696 section 2). */
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);
/** RFC 5321 section 4.5.3.1. The limit of a whole address follows from the path it has to fit into. */
const MAX_LOCAL_PART = 64;
const MAX_DOMAIN = 253;
const MAX_ADDRESS = 254;

/**
 * The one form in which an e-mail address is compared, counted, written to and stored as a key. Two spellings are the
 * same address exactly when this gives the same text for both. A canonical address stays as it is.
 *
 * A local part is ASCII, without quotation marks. Other letters may look like ASCII, or become ASCII by `toLowerCase()`
 * (the Kelvin sign becomes `k`), but they name another mailbox, and its reader must not pass for the owner of this one.
 * Refusing them excludes nobody: a letter to such a mailbox needs a mail server that speaks SMTPUTF8 (RFC 6531), which
 * helpdesks cannot rely on. Case does not matter, because no mail server in use tells mailboxes apart by it.
 *
 * A domain goes through IDNA (UTS #46), because mail does: `ｅｘａｍｐｌｅ.com` is `example.com`, and `bücher.example` is
 * `xn--bcher-kva.example`. Node 20 and 22 refuse a domain that only looks encoded (`xn--a.example`). Node 24 leaves it as
 * it is, and no letter arrives there.
 *
 * @returns undefined for a text that is not an address, or not one that a letter could reach.
 */
export function canonicalEmail(text: string): string | undefined {
	const typed = text.trim();
	const at = typed.lastIndexOf("@");
	const localPart = typed.slice(0, Math.max(at, 0));
	if (localPart.length > MAX_LOCAL_PART || !LOCAL_PART.test(localPart)) {
		return undefined;
	}
	const domain = canonicalDomain(typed.slice(at + 1));
	const email = `${localPart.toLowerCase()}@${domain}`;
	return domain !== undefined && email.length <= MAX_ADDRESS ? email : undefined;
}

/**
 * A domain as {@link canonicalEmail} compares it: at least two labels, in ASCII and lower case.
 *
 * @returns undefined for a text that is not a domain, such as an IP address.
 */
export function canonicalDomain(typed: string): string | undefined {
	if (typed.length > MAX_DOMAIN || !TYPED_DOMAIN.test(typed)) {
		return undefined;
	}
	const hostname = parseUrl(`http://${typed}`)?.hostname ?? "";
	return hostname.length <= MAX_DOMAIN && DOMAIN.test(hostname) ? hostname : undefined;
}
