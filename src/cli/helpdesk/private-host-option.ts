import { isIP } from "node:net";
import { parseUrl } from "../../contract/parse-url.ts";
import { CommandError } from "../command-error.ts";
import { masked } from "../masked.ts";

/** One host name or IPv4 address: nothing that a URL has around its host or that stands for several, no dot at the end. */
const ONE_HOST = /^[^\s:/?#@\\%*,[\]]*[^\s:/?#@\\%*,[\].]$/;

/**
 * Reads a host of `--allow-private` as URLs write it: in lower case, an international name in Punycode, an IPv6 address
 * in brackets.
 *
 * @throws CommandError for a value that is not one host name or address.
 */
export function readPrivateHost(value: string): string {
	const address = /^\[(.*)\]$/.exec(value)?.[1] ?? value;
	const isIpv6 = isIP(address) === 6;
	const url = parseUrl(`https://${isIpv6 ? `[${address}]` : value}`);
	if (!(isIpv6 || ONE_HOST.test(value)) || url === undefined) {
		throw new CommandError(
			`--allow-private ${masked(value)} is not a host name or address such as rt.internal or 10.0.0.7 (no scheme, no port, no path, no range, no dot at the end); give the flag once for each host`,
		);
	}
	return url.hostname;
}
