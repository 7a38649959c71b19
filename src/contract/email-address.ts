const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LOCAL_PART = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`);
/** Of what IDNA is asked about: neither what would end a host name in a URL nor what nobody sees. */
const TYPED_DOMAIN = /^(?:[A-Za-z0-9.-]|[^\p{ASCII}\p{Cc}\p{Cf}])+$/u;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** A last label that begins with a digit is part of an IP address (RFC 3696 section 2). */
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);
/** RFC 5321 section 4.5.3.1; an address as a whole by the path that it has to fit into. */
const MAX_LOCAL_PART = 64;
const MAX_DOMAIN = 253;
const MAX_ADDRESS = 254;

/**
 * The one form in which an e-mail address is compared, counted, stored as a key and written to. Two spellings are one
 * address exactly when this gives the same for both. What it gave it leaves as it is.
 *
 * A local part is ASCII, without quotation marks. Other letters look like ASCII, or become it by `toLowerCase()` (the
 * Kelvin sign becomes `k`), and are another mailbox all the same: who reads that one must not pass for the owner of
 * this one. Nobody is lost by that, because a letter to such a mailbox needs a mail server that speaks SMTPUTF8 (RFC
 * 6531), which helpdesks cannot count on. Case is dropped: no mail server that people use tells mailboxes apart by it.
 *
 * A domain goes through IDNA (UTS #46) first, because that is where a letter to it would go: `ｅｘａｍｐｌｅ.com` is
 * `example.com`, and `bücher.example` is `xn--bcher-kva.example`. What only looks encoded (`xn--a.example`), Node 20 and
 * 22 refuse; Node 24 leaves it as it is, where no letter arrives.
 *
 * @returns undefined for what is no address, or none that a letter could reach.
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
 * @returns undefined for what is none, an IP address among it.
 */
export function canonicalDomain(typed: string): string | undefined {
	if (typed.length > MAX_DOMAIN || !TYPED_DOMAIN.test(typed) || !URL.canParse(`http://${typed}`)) {
		return undefined;
	}
	const { hostname } = new URL(`http://${typed}`);
	return hostname.length <= MAX_DOMAIN && DOMAIN.test(hostname) ? hostname : undefined;
}
