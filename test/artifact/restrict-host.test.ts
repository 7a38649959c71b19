import { expect, test } from "vitest";
import { restrictHost } from "../../src/artifact/restrict-host.ts";
import type { HelpdeskHost } from "../../src/contract/helpdesk-host.ts";
import type { Capabilities } from "../../src/contract/manifest.ts";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { MockMail } from "../../src/testing/mock-host/mock-mail.ts";
import { MockSettings } from "../../src/testing/mock-host/mock-settings.ts";
import { MockUsers } from "../../src/testing/mock-host/mock-users.ts";

const NOTHING: Capabilities = { network: [], navigation: [], ports: [] };
const sent: string[] = [];

function hostFor(capabilities: Capabilities): HelpdeskHost {
	const clock = new MockClock();
	const settings = new MockSettings({
		$schema: "https://json-schema.org/draft/2020-12/schema",
		type: "object",
		additionalProperties: false,
		properties: {},
	});
	const host: HelpdeskHost = {
		storage: new MemoryStorage(clock),
		secrets: settings,
		settings,
		brands: { find: async () => undefined, list: async () => [] },
		users: new MockUsers(),
		mail: new MockMail(),
		http: {
			originOf: (name) => (name === "api.x.com" ? "http://localhost:9" : `https://${name}`),
			send: async ({ url }) => {
				sent.push(url);
				return { kind: "failure", reason: "dns", detail: "test" };
			},
		},
		events: { emit: () => {} },
		clock,
		random: cryptoRandom,
	};
	return restrictHost(host, capabilities);
}

const get = (url: string) =>
	({ method: "GET", url, headers: {}, timeoutMs: 1, maxBytes: 1 }) as const;

test.each([
	["storage", async (host: HelpdeskHost) => host.storage],
	["secrets", async (host: HelpdeskHost) => host.secrets],
	["settings", async (host: HelpdeskHost) => host.settings],
	["users:read", (host: HelpdeskHost) => host.users.find("1")],
	["users:read", (host: HelpdeskHost) => host.users.ownerOf("b", "a@b.c")],
	[
		"users:create",
		(host: HelpdeskHost) =>
			host.users.create("k", {
				brandId: "b",
				name: "n",
				email: "e@f.g",
				emailProof: "asserted",
				locale: "en",
			}),
	],
	["users:confirm", (host: HelpdeskHost) => host.users.confirm("1")],
	["mail", async (host: HelpdeskHost) => host.mail],
	["network: api.x.com", async (host: HelpdeskHost) => host.http.originOf("api.x.com")],
	["network: evil.example", (host: HelpdeskHost) => host.http.send(get("https://evil.example/"))],
])("what needs %s is refused by that name when it is not declared", async (capability, reach) => {
	await expect(reach(hostFor(NOTHING))).rejects.toMatchObject({
		name: "CapabilityError",
		capability,
	});
});

test("a declared host is reached where the operator put it, and nowhere else", async () => {
	const { http } = hostFor({ ...NOTHING, network: ["api.x.com"] });

	expect(http.originOf("api.x.com")).toBe("http://localhost:9");
	await http.send(get("http://localhost:9/oauth/request_token"));
	expect(sent).toEqual(["http://localhost:9/oauth/request_token"]);
	await expect(http.send(get("https://api.x.com/"))).rejects.toThrow("network: api.x.com");
	await expect(http.send(get("http://localhost:9@evil.example/"))).rejects.toThrow("network");
});
