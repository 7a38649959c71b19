import { type BlockList, isIP } from "node:net";

/**
 * Who asks: the peer of the connection or, where that is a trusted proxy, the last address of `X-Forwarded-For`
 * that is none. Whatever stands left of it was written by somebody else and proves nothing.
 */
export function clientAddress(
	peer: string,
	forwardedFor: string | undefined,
	trustedProxies: BlockList,
): string {
	let address = withoutMapping(peer);
	const hops = (forwardedFor ?? "").split(",").map((hop) => withoutMapping(hop.trim()));
	while (isTrusted(address, trustedProxies)) {
		const hop = hops.pop();
		if (hop === undefined || isIP(hop) === 0) {
			return address;
		}
		address = hop;
	}
	return address;
}

function isTrusted(address: string, trustedProxies: BlockList): boolean {
	const version = isIP(address);
	return version !== 0 && trustedProxies.check(address, version === 4 ? "ipv4" : "ipv6");
}

/** Servers that listen on IPv6 see `::ffff:192.0.2.1` for an IPv4 peer. */
function withoutMapping(address: string): string {
	return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
