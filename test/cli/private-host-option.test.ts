import { expect, test } from "vitest";
import { readStartOptions } from "../../src/cli/helpdesk/start-options.ts";

const allowed = (...hosts: string[]) =>
	readStartOptions(hosts.flatMap((host) => ["--allow-private", host])).allowPrivate;

test.each([
	["rt.internal", "rt.internal"],
	["RT.Internal", "rt.internal"],
	["rt", "rt"],
	["bücher.example", "xn--bcher-kva.example"],
	["10.0.0.7", "10.0.0.7"],
	["127.1", "127.0.0.1"],
	["fd00::7", "[fd00::7]"],
	["[FD00:0::7]", "[fd00::7]"],
	["::ffff:10.0.0.7", "[::ffff:a00:7]"],
])("--allow-private %s is the host %s of URLs", (host, expected) => {
	expect(allowed(host)).toEqual([expected]);
});

test("--allow-private names one host each time, and none without it", () => {
	expect(allowed("rt.internal", "10.0.0.7")).toEqual(["rt.internal", "10.0.0.7"]);
	expect(allowed()).toEqual([]);
});

test.each([
	[""],
	["https://rt.internal"],
	["rt.internal:8443"],
	["rt.internal:443"],
	["[fd00::7]:443"],
	["rt.internal/path"],
	["10.0.0.0/8"],
	["*.internal"],
	["rt.internal,zammad.internal"],
	["rt.internal "],
	["rt.internal."],
	["user@rt.internal"],
	["rt%2einternal"],
	["fe80::1%eth0"],
	["10.0.0.256"],
	["[rt.internal]"],
	["fd00::7]"],
	["[fd00::7"],
])("--allow-private %j is refused", (host) => {
	expect(() => allowed(host)).toThrow("--allow-private");
});
