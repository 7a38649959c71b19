import parseAddresses from "nodemailer/lib/addressparser";
import { canonicalEmail } from "../../contract/email-address.ts";
import { isLoopback } from "../../contract/loopback.ts";
import { parseUrl } from "../../contract/parse-url.ts";
import { type Secret, secret } from "../../contract/secret.ts";

/** A mail server and how to reach it (RFC 5321, RFC 3207, RFC 8314). */
export interface MailServer {
	readonly host: string;
	/** Undefined: 465 with `implicit` TLS, 587 otherwise. */
	readonly port: number | undefined;
	/**
	 * `implicit`: from the first byte (`smtps:`). `required`: by STARTTLS, or nothing is sent. `offered`: by STARTTLS where
	 * the server offers it, on loopback. `off`: clear text, because the URL says so.
	 */
	readonly tls: "implicit" | "required" | "offered" | "off";
	readonly login: { readonly user: string; readonly password: Secret } | undefined;
	/** The sender of all letters. */
	readonly from: string;
}

/** A URL does not name a mail server. The message repeats nothing of the URL, which may hold a password. */
export class MailServerUrlError extends Error {
	override readonly name = "MailServerUrlError";

	/** @param instead the URL that says the same and is allowed, where there is one. */
	constructor(
		message: string,
		readonly instead?: string,
	) {
		super(message);
	}
}

const PARAMETERS = ["from", "tls"];

/**
 * Reads `smtp://user:password@host:port?from=help@example.com&tls=off`. All but the host may be left out.
 *
 * @throws MailServerUrlError
 */
export function readMailServer(value: string): MailServer {
	const url = parseUrl(value);
	const host = url && canonicalHost(url.hostname);
	if (url === undefined || host === undefined || !/^smtps?:$/.test(url.protocol) || isCut(url)) {
		throw new MailServerUrlError(
			"is not a mail server such as smtp://user:password@mail.example.com:587?from=help@example.com (with the password's special characters percent-encoded)",
		);
	}
	refuseOtherParameters(url);
	const tls = url.searchParams.get("tls");
	if (tls !== null && (tls !== "off" || url.protocol === "smtps:")) {
		throw new MailServerUrlError(
			"has a wrong tls: tls=off, with smtp:, sends in clear text; without it, TLS is required",
			withTls(url, undefined),
		);
	}
	return {
		host: host.replace(/^\[(.*)\]$/, "$1"),
		port: url.port === "" ? undefined : Number(url.port),
		tls: tlsOf(url.protocol, host, tls),
		login: loginOf(url),
		from: senderIn(url, host),
	};
}

/** The sender that a URL names. @throws MailServerUrlError for anything but one address, with or without a name. */
function senderIn({ searchParams }: URL, host: string): string {
	const [from, ...more] = searchParams.getAll("from");
	if (from === undefined) {
		return `no-reply@${host}`;
	}
	if (!isSender(from) || more.length > 0) {
		throw new MailServerUrlError(
			"has a from that is not one e-mail address. Write from=help@example.com, or from=Help <help@example.com> with a name. In a URL, %2B stands for a plus sign",
		);
	}
	return from;
}

/** Whether a text is one address, with or without a name: `Help <help@example.com>`. */
export function isSender(from: string): boolean {
	const [sender, ...others] = parseAddresses(from);
	const address = sender?.address ?? "";
	// A company may have host names without a domain.
	const isAddress = [address, `${address}.example`].some(
		(each) => canonicalEmail(each) !== undefined,
	);
	const isWhole = from.trim() === address || from.trim().endsWith(`<${address}>`);
	return isAddress && isWhole && others.length === 0 && !/\p{Cc}/u.test(from);
}

/** The same mail server, in clear text. */
export function inClearText(value: string): string {
	return withTls(new URL(value), "off");
}

/** Whether a "/", "?" or "#" in the password ended the address too early. */
function isCut({ pathname, searchParams, hash }: URL): boolean {
	const others = [...searchParams].filter(([name]) => name !== "from");
	return `${pathname}${others}${hash}`.includes("@");
}

function tlsOf(protocol: string, host: string, tls: string | null): MailServer["tls"] {
	if (protocol === "smtps:") {
		return "implicit";
	}
	return tls === "off" ? "off" : isLoopback(host) ? "offered" : "required";
}

/** A host of a mail server as URLs write it: an IPv6 address in brackets. */
export function hostInUrl(host: string): string {
	return host.includes(":") ? `[${host}]` : host;
}

/** A host as an http address has it: whatever the spelling, this host is judged and this host is called. */
export function canonicalHost(hostname: string): string | undefined {
	return hostname === "" ? undefined : parseUrl(`http://${hostname}`)?.hostname;
}

function loginOf({ username, password }: URL): MailServer["login"] {
	if (username === "" && password === "") {
		return undefined;
	}
	try {
		return { user: decodeURIComponent(username), password: secret(decodeURIComponent(password)) };
	} catch (cause) {
		const message = "has a % in its user or password that is not percent-encoded; write %25";
		throw Object.assign(new MailServerUrlError(message), { cause });
	}
}

/** Others would be options of the mail library, such as one that turns the check of certificates off. */
function refuseOtherParameters(url: URL): void {
	const others = [...url.searchParams.keys()].filter((name) => !PARAMETERS.includes(name));
	if (others.length === 0) {
		return;
	}
	const known = new URL(url);
	for (const name of others) {
		known.searchParams.delete(name);
	}
	const wantsClearText = url.searchParams.get("ignoreTLS") === "true" && url.protocol === "smtp:";
	throw new MailServerUrlError(
		`takes only the parameters ${PARAMETERS.join(" and ")}`,
		withTls(known, wantsClearText ? "off" : undefined),
	);
}

/** @param tls undefined: without this parameter. */
function withTls(url: URL, tls: "off" | undefined): string {
	const changed = new URL(url);
	changed.searchParams.delete("tls");
	if (tls !== undefined) {
		changed.searchParams.append("tls", tls);
	}
	// An address stays readable: "@" needs no encoding in a query.
	changed.search = changed.search.replaceAll("%40", "@");
	return changed.href;
}
