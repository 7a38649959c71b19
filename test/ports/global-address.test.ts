import { expect, test } from "vitest";
import { isGlobalAddress } from "../../src/ports/global-address.ts";

test.each(["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "223.255.255.254"])(
	"the IPv4 address %s is global",
	(address) => {
		expect(isGlobalAddress(address)).toBe(true);
	},
);

test.each(["2606:4700::1111", "2a01:4f8::1", "2001:4860:4860::8888", "3000::1"])(
	"the IPv6 address %s is global",
	(address) => {
		expect(isGlobalAddress(address)).toBe(true);
	},
);

test.each([
	["this network", ["0.0.0.0", "0.1.2.3"]],
	["loopback", ["127.0.0.1", "127.255.255.255", "::1"]],
	["unspecified", ["::"]],
	[
		"private",
		["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd00:ec2::254"],
	],
	["shared by a provider's customers", ["100.64.0.1", "100.127.255.255", "100.100.100.200"]],
	["link-local", ["169.254.169.254", "fe80::1", "febf::1", "fe80::1%eth0"]],
	["site-local", ["fec0::1"]],
	["multicast", ["224.0.0.1", "239.255.255.255", "ff02::1"]],
	["broadcast", ["255.255.255.255"]],
	["for protocols or documentation", ["192.0.0.192", "192.0.2.1", "198.51.100.1"]],
	[
		"for documentation or benchmarks",
		["203.0.113.1", "198.18.0.1", "198.19.255.255", "2001:2::1", "2001:db8::1"],
	],
	["reserved", ["240.0.0.1", "192.88.99.1", "3fff::1", "4000::1", "5f00::1", "e000::1", "100::1"]],
	["IPv4-mapped", ["::ffff:127.0.0.1", "::ffff:1.1.1.1", "::ffff:7f00:1"]],
	["IPv4-translated (RFC 2765)", ["::ffff:0:127.0.0.1"]],
	["IPv4-compatible", ["::127.0.0.1", "::1.1.1.1", "::7f00:1"]],
	["NAT64", ["64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::a00:1"]],
	["6to4", ["2002:7f00:1::", "2002:a00:1::1"]],
	["Teredo", ["2001:0:7f00:1::1"]],
	["a global one with a zone", ["2606:4700::1111%eth0"]],
	["in another notation or none", ["127.1", "0x7f.1", "2130706433", "localhost", "", "[2606::1]"]],
])("an address that is %s is not global", (_, addresses) => {
	expect(addresses.filter(isGlobalAddress)).toEqual([]);
});
