import { createHash } from "node:crypto";
import { type BlockList, isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The parts of IPv6 addresses that one subscriber has at least and at most (RFC 6177), in groups of 16 bits. */
const GROUPS = { network: 4, site: 3 } as const;

/** A hop with a port, which some proxies write, or with an IPv6 address in brackets. Both may be in quotes (RFC 7239). */
const HOP = /^"?(?:\[([^\]"]*)\]|([\d.]+))(?::\d{1,5})?"?$/;

/**
 * The address of the client: the peer of the connection or, if the peer is a trusted proxy, the last address in
 * `X-Forwarded-For` that is not a trusted proxy. The addresses left of it prove nothing, because anybody can write
 * them.
 */
export function clientAddress(
	peer: string,
	forwardedFor: string | undefined,
	trustedProxies: BlockList,
): string {
	let address = withoutMapping(peer);
	if (forwardedFor === undefined) {
		return address;
	}
	const hops = forwardedFor.split(",").map((hop) => withoutMapping(addressOf(hop.trim())));
	while (isTrustedProxy(address, trustedProxies)) {
		const hop = hops.pop();
		if (hop === undefined || isIP(hop) === 0) {
			return address;
		}
		address = hop;
	}
	return address;
}

/** The address in a hop. A port is left out, because it belongs to one connection and not to the client. */
function addressOf(hop: string): string {
	const [, inBrackets, plain] = HOP.exec(hop) ?? [];
	return inBrackets ?? plain ?? hop;
}

/** Whether an address, such as the peer of a connection, is a trusted proxy. */
export function isTrustedProxy(address: string, trustedProxies: BlockList): boolean {
	const plain = withoutMapping(address);
	const version = isIP(plain);
	return version !== 0 && trustedProxies.check(plain, version === 4 ? "ipv4" : "ipv6");
}

/**
 * The network that attempts are counted by: an IPv4 address, or the /64 of an IPv6 address. Every subscriber has at
 * least a /64 and can use another address of it for each request.
 */
export function clientNetwork(address: string): string {
	return partOf(address, GROUPS.network);
}

/** A network as counts store it, because addresses of people are not stored in clear. */
export function networkDigest(network: string): string {
	return createHash("sha256").update(network).digest("base64url");
}

/**
 * All the networks that one subscriber may have: an IPv4 address, or the /48 of an IPv6 address. Others may be in it as
 * well. Therefore it is for what a visitor holds for a moment, and not for counts that last.
 */
export function clientSite(address: string): string {
	return partOf(address, GROUPS.site);
}

function partOf(address: string, groups: number): string {
	const parsed = parse(address);
	if (!(parsed instanceof ipaddr.IPv6)) {
		return withoutMapping(address);
	}
	const part = parsed.parts.slice(0, groups).map((group) => group.toString(16));
	return `${part.join(":")}::/${groups * 16}`;
}

/** Servers that listen on IPv6 see an IPv4 peer as `::ffff:192.0.2.1`, in any notation. */
function withoutMapping(address: string): string {
	const parsed = parse(address);
	return parsed instanceof ipaddr.IPv4 ? parsed.toString() : address;
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
