import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The parts of IPv6 addresses that one subscriber has at least and at most (RFC 6177), in groups of 16 bits. */
const GROUPS = { network: 4, site: 3 } as const;

/**
 * The network that attempts are counted by: an IPv4 address, or the /64 of an IPv6 address. Every subscriber has at
 * least a /64 and can use another address of it for each request.
 */
export function clientNetwork(address: string): string {
	return partOf(address, GROUPS.network);
}

/**
 * All the networks that one subscriber may have: an IPv4 address, or the /48 of an IPv6 address. Others may be in it as
 * well. Therefore it is for what a visitor holds for a moment, and not for counts that last.
 */
export function clientSite(address: string): string {
	return partOf(address, GROUPS.site);
}

/**
 * A network as people see it in the list of their sessions: so much of it is left out that it names no single
 * subscriber.
 *
 * @returns null for what is no IP address.
 */
export function shownNetwork(address: string): string | null {
	const parsed = parse(address);
	if (parsed instanceof ipaddr.IPv4) {
		return `${parsed.octets.slice(0, 3).join(".")}.0/24`;
	}
	return parsed === undefined ? null : clientSite(address);
}

/** Servers that listen on IPv6 see an IPv4 peer as `::ffff:192.0.2.1`, in any notation. */
export function withoutMapping(address: string): string {
	const parsed = parse(address);
	return parsed instanceof ipaddr.IPv4 ? parsed.toString() : address;
}

function partOf(address: string, groups: number): string {
	const parsed = parse(address);
	if (!(parsed instanceof ipaddr.IPv6)) {
		return withoutMapping(address);
	}
	const part = parsed.parts.slice(0, groups).map((group) => group.toString(16));
	return `${part.join(":")}::/${groups * 16}`;
}

/**
 * IPv4-mapped addresses as IPv4. Node decides what an address is, because ipaddr.js also takes forms such as `127.1`, and
 * takes the obsolete form `::192.0.2.7` for IPv4. The zone (`%eth0`) is left out: it is part of no network.
 */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
	switch (isIP(address)) {
		case 4:
			return ipaddr.IPv4.parse(address);
		case 6: {
			// Written by the URL parser, which knows only groups of hexadecimal digits.
			const { hostname } = new URL(`http://[${address.replace(/%.*/, "")}]`);
			return ipaddr.process(hostname.slice(1, -1));
		}
		default:
			return undefined;
	}
}
