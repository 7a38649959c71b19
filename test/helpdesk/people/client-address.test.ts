import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clientAddress } from "../../../src/helpdesk/people/client-address.ts";
import { clientNetwork, clientSite, shownNetwork } from "../../../src/routes/client-network.ts";

const proxies = new BlockList();
proxies.addSubnet("10.0.0.0", 8, "ipv4");
proxies.addSubnet("fd00::", 8, "ipv6");

test.each([
	["no proxy", "192.0.2.7", undefined, "192.0.2.7"],
	["an IPv4 peer seen on an IPv6 socket", "::ffff:192.0.2.7", undefined, "192.0.2.7"],
	["an IPv4 peer as a proxy may write it", "10.0.0.1", "::FFFF:c000:207", "192.0.2.7"],
	["a mapped proxy in hexadecimal", "10.0.0.1", "192.0.2.7, 0:0:0:0:0:ffff:a00:2", "192.0.2.7"],
	["a header from a peer that is not a proxy", "192.0.2.7", "198.51.100.1", "192.0.2.7"],
	["one proxy", "10.0.0.1", "192.0.2.7", "192.0.2.7"],
	["a mapped proxy", "::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"],
	["two proxies", "fd00::1", "192.0.2.7, 10.0.0.2", "192.0.2.7"],
	["a forged hop on the left", "10.0.0.1", "203.0.113.9, 192.0.2.7", "192.0.2.7"],
	["a forged proxy on the left", "10.0.0.1", "10.9.9.9, 192.0.2.7", "192.0.2.7"],
	["no proxy, but its address after ::", "10.0.0.1", "192.0.2.7, ::10.0.0.2", "::10.0.0.2"],
	["a proxy without a header", "10.0.0.1", undefined, "10.0.0.1"],
	["a proxy with a wrong header", "10.0.0.1", "unknown", "10.0.0.1"],
	["no address", "", "192.0.2.7", ""],
	["a port after an IPv4 address", "10.0.0.1", "198.51.100.7:51234", "198.51.100.7"],
	["a port after an IPv6 address", "10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"],
	["brackets without a port", "10.0.0.1", "[2001:db8::1]", "2001:db8::1"],
	["quotes around an address", "10.0.0.1", '"198.51.100.7"', "198.51.100.7"],
	["quotes around a port", "10.0.0.1", '"198.51.100.7:51234"', "198.51.100.7"],
	["quotes around brackets", "10.0.0.1", '"[2001:db8::1]:443"', "2001:db8::1"],
	["a port after a mapped address", "10.0.0.1", "[::ffff:198.51.100.7]:1", "198.51.100.7"],
	["a zone in brackets", "10.0.0.1", "[fe80::1%eth0]:443", "fe80::1%eth0"],
	["ports of several proxies", "10.0.0.1", "192.0.2.7:1, 10.0.0.3:2,[fd00::2]:3", "192.0.2.7"],
	["a forged hop with a port", "10.0.0.1", "10.0.0.2:1, 192.0.2.7:2", "192.0.2.7"],
	["a port that is left empty", "10.0.0.1", "198.51.100.7:", "10.0.0.1"],
	["a port with six digits", "10.0.0.1", "198.51.100.7:512345", "10.0.0.1"],
	["a port that is a name", "10.0.0.1", "198.51.100.7:_port", "10.0.0.1"],
	["a hidden client", "10.0.0.1", "_hidden", "10.0.0.1"],
	["an unknown client with a port", "10.0.0.1", "unknown:51234", "10.0.0.1"],
	["a hidden client before a proxy", "10.0.0.1", "192.0.2.7, _hidden, 10.0.0.2:1", "10.0.0.2"],
	["an unknown client in brackets", "10.0.0.1", "[unknown]:443", "10.0.0.1"],
	["an IPv6 address and a port without brackets", "10.0.0.1", "1:2:3:4:5:6:7:8:443", "10.0.0.1"],
	["half a pair of brackets", "10.0.0.1", "[2001:db8::1", "10.0.0.1"],
	["text after the brackets", "10.0.0.1", "[2001:db8::1]443", "10.0.0.1"],
	["two addresses in one hop", "10.0.0.1", "192.0.2.7 192.0.2.8", "10.0.0.1"],
	["an address that is short", "10.0.0.1", "127.1:80", "10.0.0.1"],
	["a header from a stranger, with a port", "192.0.2.7", "198.51.100.1:80", "192.0.2.7"],
])("%s", (_, peer, header, expected) => {
	expect(clientAddress(peer, header, proxies)).toBe(expected);
});

test.each([
	["192.0.2.7", "192.0.2.7"],
	["::ffff:192.0.2.7", "192.0.2.7"],
	["::FFFF:C000:207", "192.0.2.7"],
	["0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"],
	["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
	["2001:0DB8:0001:0002::ffff", "2001:db8:1:2::/64"],
	["2001:db8::1", "2001:db8:0:0::/64"],
	["2001:db8:0:1::", "2001:db8:0:1::/64"],
	["2001:db8:1:2:0:ffff:192.0.2.7", "2001:db8:1:2::/64"],
	["::1", "0:0:0:0::/64"],
	["::", "0:0:0:0::/64"],
	["::192.0.2.7", "0:0:0:0::/64"],
	["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
	["fe80::1%eth0", "fe80:0:0:0::/64"],
	["fe80::1%.a-b", "fe80:0:0:0::/64"],
	["::ffff:192.0.2.7%eth0", "192.0.2.7"],
	["127.1", "127.1"],
	["0x7f.0.0.1", "0x7f.0.0.1"],
	["010.0.0.1", "010.0.0.1"],
	["", ""],
	["unknown", "unknown"],
])("%s counts as %s", (address, network) => {
	expect(clientNetwork(address)).toBe(network);
});

test.each([
	["192.0.2.7", "192.0.2.7"],
	["::ffff:192.0.2.7", "192.0.2.7"],
	["2001:db8:1:2::3", "2001:db8:1::/48"],
	["2001:0DB8:0001:ffff::3", "2001:db8:1::/48"],
	["", ""],
])("%s belongs to the subscriber %s", (address, site) => {
	expect(clientSite(address)).toBe(site);
});

const group = fc.stringMatching(/^[0-9a-fA-F]{1,4}$/);
const zone = fc.stringMatching(/^%[!-~]{1,8}$/);
const shortened = fc
	.tuple(fc.array(group, { maxLength: 5 }), fc.nat(5), fc.option(fc.ipV4()), fc.option(zone))
	.map(([groups, gap, ipV4, ofZone]) => {
		const tail = [...groups.slice(gap), ...(ipV4 === null ? [] : [ipV4])];
		return `${groups.slice(0, gap).join(":")}::${tail.join(":")}${ofZone ?? ""}`;
	});

test("every address that Node accepts, in any notation, belongs to a network of its kind", () => {
	const address = fc.oneof(fc.ipV4(), fc.ipV6(), shortened).filter((text) => isIP(text) !== 0);
	fc.assert(
		fc.property(address, (text) => {
			const network = clientNetwork(text);
			expect(isIP(network.replace(/\/64$/, ""))).toBe(network.endsWith("::/64") ? 6 : 4);
			expect(clientNetwork(clientAddress(text, undefined, proxies))).toBe(network);
		}),
	);
});

test("a port and the way of writing never change a client's address", () => {
	const addresses = fc.oneof(fc.ipV4(), fc.ipV6());
	fc.assert(
		fc.property(addresses, fc.integer({ min: 0, max: 65_535 }), (address, port) => {
			const written = address.includes(":") ? `[${address}]` : address;
			const expected = clientAddress("10.0.0.1", address, proxies);
			for (const hop of [written, `${written}:${port}`, `"${written}:${port}"`, `"${written}"`]) {
				expect([hop, clientAddress("10.0.0.1", hop, proxies)]).toEqual([hop, expected]);
			}
		}),
	);
});

test.each([
	["192.0.2.77", "192.0.2.0/24"],
	["::ffff:192.0.2.77", "192.0.2.0/24"],
	["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
	["fe80::1%eth0", "fe80:0:0::/48"],
	["unix socket", null],
	["", null],
])("people see of %s only the network %s", (address, network) => {
	expect(shownNetwork(address)).toBe(network);
});
