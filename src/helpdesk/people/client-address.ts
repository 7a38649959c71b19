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
	if (forwardedFor === undefined) {
		return address;
	}
	const hops = forwardedFor.split(",").map((hop) => withoutMapping(hop.trim()));
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

/**
 * Who counts as one where attempts are counted: an IPv4 address, or the /64 of an IPv6 address. Every subscriber has at
 * least a /64 (RFC 6177), and may ask from another one of its addresses each time.
 */
export function clientNetwork(address: string): string {
	const plain = withoutMapping(address);
	const groups = groupsOf(plain);
	return groups === undefined ? plain : `${groups.slice(0, 4).join(":")}::/64`;
}

/** Servers that listen on IPv6 see `::ffff:192.0.2.1` for an IPv4 peer; in whatever notation. */
function withoutMapping(address: string): string {
	const groups = groupsOf(address);
	if (groups?.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") {
		return address;
	}
	const bytes = groups.slice(6).flatMap((group) => {
		const bits = Number.parseInt(group, 16);
		return [bits >> 8, bits & 0xff];
	});
	return bytes.join(".");
}

/** The eight groups of an IPv6 address, in lower case and without leading zeros; undefined for anything else. */
function groupsOf(address: string): string[] | undefined {
	if (isIP(address) !== 6) {
		return undefined;
	}
	const { hostname } = new URL(`http://[${address.replace(/%.*/, "")}]`);
	const [head = [], tail = []] = hostname
		.slice(1, -1)
		.split("::")
		.map((part) => part.split(":").filter((group) => group !== ""));
	return [...head, ...Array(8 - head.length - tail.length).fill("0"), ...tail];
}
