import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The only range that IANA gives IPv6 addresses of the internet from (RFC 4291, section 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an address belongs to one host of the internet. It does not if it is private, loopback, link-local, shared by
 * a provider's customers (RFC 6598), multicast or reserved (RFC 6890), or if another address is inside it: IPv4-mapped,
 * IPv4-compatible, NAT64, 6to4, Teredo. Those lead wherever the inner address leads.
 *
 * @param address as `dns.lookup` gives it, or a host of a URL without brackets. A text that is no address is not global.
 */
export function isGlobalAddress(address: string): boolean {
	// Node decides what an address is, because ipaddr.js also takes forms such as `127.1`.
	switch (isIP(address)) {
		case 4:
			return ipaddr.IPv4.parse(address).range() === "unicast";
		case 6: {
			const parsed = ipaddr.IPv6.parse(address);
			// A zone belongs to addresses that lead no further than the next router.
			return (
				parsed.zoneId === undefined && parsed.match(GLOBAL_UNICAST) && parsed.range() === "unicast"
			);
		}
		default:
			return false;
	}
}
