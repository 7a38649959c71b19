import { expect, test } from "vitest";
import { relyingPartyOf } from "../../../../src/helpdesk/people/passkeys/relying-party.ts";

test.each([
	["https://help.example.com", { id: "help.example.com", origin: "https://help.example.com" }],
	[
		"https://help.example.com:8443/",
		{ id: "help.example.com", origin: "https://help.example.com:8443" },
	],
	["http://localhost:3000", { id: "localhost", origin: "http://localhost:3000" }],
	["http://acme.localhost:3000", { id: "acme.localhost", origin: "http://acme.localhost:3000" }],
])("passkeys are made for the host name of %s", (address, party) => {
	expect(relyingPartyOf(address, "Acme")).toEqual({ ...party, name: "Acme" });
});

test.each([
	"http://127.0.0.1:3000",
	"https://127.0.0.1",
	"https://192.0.2.7:8443",
	"https://[::1]:3000",
	"http://help.example.com",
	"http://notlocalhost:3000",
])("browsers make no passkeys at %s", (address) => {
	expect(relyingPartyOf(address, "Acme")).toBeUndefined();
});
