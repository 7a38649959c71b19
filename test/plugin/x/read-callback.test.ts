import { expect, test } from "vitest";
import type { FormField } from "../../../src/contract/login-request.ts";
import { readCallback } from "../../../src/plugin/x/read-callback.ts";

test("a token with a verifier is an approval, and the verifier cannot be printed", () => {
	const callback = readCallback([
		["oauth_token", "T-1"],
		["oauth_verifier", "V-1"],
	]);

	expect(callback).toMatchObject({ kind: "approved", token: "T-1" });
	expect(JSON.stringify(callback)).not.toContain("V-1");
	expect(callback.kind === "approved" && callback.proof.reveal()).toBe("V-1");
});

test("`denied` alone is a denial", () => {
	expect(readCallback([["denied", "T-1"]])).toEqual({
		kind: "denied",
		protocol: "oauth1",
		token: "T-1",
	});
});

test.each([
	["access_denied", "denied"],
	["server_error", "failed"],
])("the error %s of OAuth 2.0 means: %s", (error, kind) => {
	const query: FormField[] = [
		["error", error],
		["error_description", "why"],
		["state", "S-1"],
	];
	expect(readCallback(query)).toEqual({ kind, protocol: "oauth2", token: "S-1" });
});

test.each([
	["nothing", []],
	["a token without verifier", [["oauth_token", "T"]]],
	["a verifier without token", [["oauth_verifier", "V"]]],
	[
		"a doubled token",
		[
			["oauth_token", "T"],
			["oauth_token", "U"],
			["oauth_verifier", "V"],
		],
	],
	[
		"a doubled verifier",
		[
			["oauth_token", "T"],
			["oauth_verifier", "V"],
			["oauth_verifier", "W"],
		],
	],
	[
		"a doubled denial",
		[
			["denied", "T"],
			["denied", "T"],
		],
	],
	[
		"a denial with a verifier",
		[
			["denied", "T"],
			["oauth_token", "T"],
			["oauth_verifier", "V"],
		],
	],
	[
		"an empty token",
		[
			["oauth_token", ""],
			["oauth_verifier", "V"],
		],
	],
	[
		"an overlong token",
		[
			["oauth_token", "T".repeat(257)],
			["oauth_verifier", "V"],
		],
	],
	[
		"a binary token",
		[
			["oauth_token", "T\u0000\ufffd"],
			["oauth_verifier", "V"],
		],
	],
	[
		"a doubled error",
		[
			["state", "S"],
			["error", "access_denied"],
			["error", "server_error"],
		],
	],
	[
		"an error beside a code",
		[
			["state", "S"],
			["code", "C"],
			["error", "access_denied"],
		],
	],
	[
		"an overlong code",
		[
			["state", "S"],
			["code", "C".repeat(1025)],
		],
	],
] satisfies [string, FormField[]][])("%s is malformed", (_, query) => {
	expect(readCallback(query)).toEqual({ kind: "malformed" });
});
