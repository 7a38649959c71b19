import { isIP } from "node:net";
import { isLoopback } from "../contract/loopback.ts";
import { parseUrl } from "../contract/parse-url.ts";

/** The address of a database server, read from a URL that may hold a password. */
export interface ServerUrl {
	/** The URL for the client, without the parameters that are not the client's. */
	readonly href: string;
	/** Host and port, for messages. */
	readonly address: string;
	/** The name or IP address of the server, or the folder of its Unix socket. */
	readonly host: string;
	/** Whether the server is on this machine: loopback or a Unix socket. */
	readonly isLocal: boolean;
	/** The value of our own parameter. */
	readonly own: string | undefined;
	/** The values of the parameters about TLS. */
	readonly tls: ReadonlyMap<string, string>;
	/** The URL as it was given, with some changes and `***` for the password, for messages. */
	shown(changes: UrlChanges): string;
}

interface UrlChanges {
	readonly scheme?: string;
	/** Parameters to set; those with `undefined` are removed. */
	readonly parameters?: Readonly<Record<string, string | undefined>>;
}

interface UrlForm {
	readonly schemes: RegExp;
	readonly example: string;
	/** The name of a parameter of the URL that is ours and not the client's. */
	readonly own: string;
	/** The names of the parameters about TLS. */
	readonly tls: readonly string[];
	/** The host of a URL that names none. */
	readonly defaultHost: string;
	/** Whether the client takes the host from a parameter `host` first, as PostgreSQL's clients do. */
	readonly hostParameter?: boolean;
}

/** @throws Error with a message that repeats nothing of the URL. */
export function readServerUrl(value: string, form: UrlForm): ServerUrl {
	const url = form.schemes.test(value) ? parseUrl(value) : undefined;
	const hostname = url && readHostname(url);
	// A "/", "?" or "#" in the password would end the address too early, and the rest of the password would be printed.
	const isCut =
		hostname === undefined || `${url?.pathname}${url?.search}${url?.hash}`.includes("@");
	if (url === undefined || isCut || url.hash !== "") {
		throw new Error(
			`the storage URL has the wrong form; give one such as ${form.example} (with the password's special characters percent-encoded)`,
		);
	}
	const { searchParams } = url;
	const own = searchParams.get(form.own) ?? undefined;
	if (own !== undefined && !/^[a-z_][a-z0-9_]{0,47}$/.test(own)) {
		throw new Error(
			`the ${form.own} in the storage URL is not allowed; use lower-case letters, digits and _`,
		);
	}
	const named = form.hostParameter ? searchParams.getAll("host").at(-1) : undefined;
	const host = named || hostname || form.defaultHost;
	const tls = new Map([...searchParams].filter(([name]) => form.tls.includes(name)));
	for (const name of [form.own, ...form.tls]) {
		searchParams.delete(name);
	}
	if (named) {
		// The client connects to the host that was checked, if the URL names several.
		searchParams.set("host", named);
	}
	const port = (form.hostParameter && searchParams.getAll("port").at(-1)) || url.port;
	return {
		href: url.href,
		address: `${isIP(host) === 6 ? `[${host}]` : host}${port && `:${port}`}`,
		host,
		isLocal: isLocal(host),
		own,
		tls,
		shown: (changes) => shown(value, changes),
	};
}

function shown(value: string, { scheme, parameters = {} }: UrlChanges): string {
	const url = new URL(value);
	if (url.password !== "") {
		url.password = "***";
	}
	for (const name of ["password", "sslpassword"].filter((each) => url.searchParams.has(each))) {
		url.searchParams.set(name, "***");
	}
	for (const [name, set] of Object.entries(parameters)) {
		if (set === undefined) {
			url.searchParams.delete(name);
		} else {
			url.searchParams.set(name, set);
		}
	}
	return scheme === undefined ? url.href : url.href.replace(/^[a-z]+:/, `${scheme}:`);
}

function isLocal(host: string): boolean {
	const name = isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
	return host.startsWith("/") || isLoopback(name);
}

/** @returns an IPv6 address without its brackets; undefined for a name that cannot be read. */
function readHostname({ hostname }: URL): string | undefined {
	try {
		return decodeURIComponent(hostname.replace(/^\[(.+)\]$/, "$1"));
	} catch {
		return undefined;
	}
}
