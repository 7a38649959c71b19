import assert from "node:assert/strict";
import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { HttpRequest } from "../../../contract/http.ts";
import type { HostPromises } from "../opened-host.ts";

const NOTHING = { network: [], navigation: [], ports: [] };
const USER = {
	brandId: "any",
	name: "Ada",
	email: "ada@example.com",
	emailProof: "asserted",
	locale: "en",
} as const;
const LETTER = { brandId: "any", to: "ada@example.com", subject: "s", text: "t" };

const requestTo = (url: string): HttpRequest => ({
	method: "GET",
	url,
	headers: {},
	timeoutMs: 1000,
	maxBytes: 1000,
});

const REACHES: readonly (readonly [string, string, (host: HelpdeskHost) => unknown])[] = [
	["storage", "storage", ({ storage }) => storage.get(["a"])],
	["secrets", "secrets", ({ secrets }) => secrets.has("any", "key")],
	["settings", "settings", ({ settings }) => settings.read("any")],
	["mail", "mail", ({ mail }) => mail.send(LETTER)],
	["users.ownerOf", "users:read", ({ users }) => users.ownerOf("any", "ada@example.com")],
	["users.find", "users:read", ({ users }) => users.find("any")],
	["users.create", "users:create", ({ users }) => users.create("key", USER)],
	["users.confirm", "users:confirm", ({ users }) => users.confirm("any")],
	["http.originOf", "network: declared.example", ({ http }) => http.originOf("declared.example")],
	["http.send", "network: 127.0.0.1:1", ({ http }) => http.send(requestTo("http://127.0.0.1:1/"))],
];

type Port = Exclude<keyof HelpdeskHost, "contract">;

const MEMBERS = {
	storage: ["commit", "get", "list", "take"],
	secrets: ["get", "has"],
	settings: ["read"],
	brands: ["find", "list"],
	users: ["confirm", "create", "find", "ownerOf"],
	mail: ["send"],
	http: ["originOf", "send"],
	events: ["emit"],
	clock: ["now"],
	random: ["bytes"],
} as const satisfies Record<Port, readonly string[]>;

/** A plugin is limited to what its manifest declares. */
export const CAPABILITY_PROMISES: HostPromises = {
	...Object.fromEntries(
		REACHES.map(([what, capability, reach]) => [
			`A call of ${what} without its capability fails and names the capability`,
			async (opener) => {
				const { host } = await opener.open({ capabilities: NOTHING });

				await assert.rejects(
					async () => reach(host),
					(error: Error & { readonly capability?: unknown }) => {
						assert.equal(error.name, "CapabilityError");
						assert.equal(error.capability, capability);
						assert.ok(error.message.includes(capability), error.message);
						return true;
					},
				);
			},
		]) satisfies [string, HostPromises[string]][],
	),

	"The http port reaches declared servers only, even if the address changes while it is read":
		async (opener) => {
			const other = await opener.listen((_, response) => {
				response.end();
			});
			const { host, server } = await opener.openWithServer((_, response) => {
				response.end();
			});
			const addresses = [`${server.origin}/`];
			await Promise.allSettled([
				host.http.send({
					method: "GET",
					headers: {},
					timeoutMs: 1000,
					maxBytes: 1000,
					get url() {
						return addresses.shift() ?? `${other.origin}/`;
					},
				}),
				host.http.send(requestTo(`${other.origin}/`)),
				host.http.send(requestTo(`${server.origin}@${new URL(other.origin).host}/`)),
			]);

			assert.deepEqual(other.requests, []);
		},

	"Ports have the members of the contract and no others": async (opener) => {
		const { host } = await opener.open();
		const members = Object.keys(MEMBERS).map((name) => [name, membersOf(host[name as Port])]);

		assert.deepEqual(Object.fromEntries(members), MEMBERS);
		const ports = membersOf(host).filter((name) => name !== "contract");
		assert.deepEqual(ports, Object.keys(MEMBERS).sort());
	},

	"A plugin cannot replace a port or a member of a port": async (opener) => {
		const { host } = await opener.open();

		for (const [name, members] of Object.entries(MEMBERS)) {
			const port = host[name as Port];
			assert.ok(!canReplace(host, name), name);
			for (const member of members) {
				assert.ok(!canReplace(port, member), `${name}.${member}`);
			}
		}
	},

	"A plugin that changes a returned value does not change the helpdesk's own": async (opener) => {
		const { host, brand } = await opener.open();
		const { baseUrl } = brand;
		const [listed] = await host.brands.list();
		for (const each of [brand, listed ?? assert.fail("no brand")]) {
			Reflect.set(each, "baseUrl", "https://evil.example");
		}
		Reflect.set((await host.settings.read(brand.id)).values, "motto", "evil");

		const [first] = await host.brands.list();
		assert.equal((await host.brands.find(brand.id))?.baseUrl, baseUrl);
		assert.notEqual(first?.baseUrl, "https://evil.example");
		assert.equal((await host.settings.read(brand.id)).values["motto"], "none");
	},
};

/** Replaces a member with itself, so that a helpdesk that allows it still works. */
function canReplace(value: object, member: string): boolean {
	return Reflect.set(value, member, Reflect.get(value, member));
}

/** Own and inherited members. */
function membersOf(value: object): string[] {
	const names = new Set<string>();
	for (
		let each: object | null = value;
		each !== null && each !== Object.prototype;
		each = Object.getPrototypeOf(each)
	) {
		for (const name of Reflect.ownKeys(each)) {
			names.add(String(name));
		}
	}
	return [...names].sort();
}
