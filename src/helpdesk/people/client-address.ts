import { createHash } from "node:crypto";
import { type BlockList, isIP } from "node:net";
import { withoutMapping } from "../../routes/client-network.ts";

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

/** A network as counts store it, because addresses of people are not stored in clear. */
export function networkDigest(network: string): string {
	return createHash("sha256").update(network).digest("base64url");
}
