import type { Brand } from "../../../src/contract/brands.ts";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { PortMutants } from "./port-mutant.ts";

const EVERYTHING = {
	network: ["declared.example", "second.example"],
	navigation: [],
	ports: ["storage", "secrets", "settings", "users:read", "users:create", "users:confirm", "mail"],
} as const;

/** The host with another port. It is frozen, and its getters stay as they are. */
function replaced(host: HelpdeskHost, port: keyof HelpdeskHost, value: object): HelpdeskHost {
	const descriptors = Object.getOwnPropertyDescriptors(host);
	return Object.freeze(
		Object.defineProperties(
			{},
			{ ...descriptors, [port]: { value, enumerable: true } },
		) as HelpdeskHost,
	);
}

export const CAPABILITY_MUTANTS: PortMutants = {
	"hands over all ports, whatever the manifest says": {
		breaks: [
			"storage",
			"secrets",
			"settings",
			"mail",
			"users.ownerOf",
			"users.find",
			"users.create",
			"users.confirm",
			"http.originOf",
		].map((what) => `A call of ${what} without its capability fails and names the capability`),
		manifest: () => ({ capabilities: EVERYTHING }),
	},

	"calls any server that a plugin names": {
		breaks: [
			"A call of http.send without its capability fails and names the capability",
			"The http port reaches declared servers only, even if the address changes while it is read",
		],
		handed: (handed, { http }) =>
			replaced(
				handed,
				"http",
				Object.freeze({
					originOf: handed.http.originOf,
					send: (request: Parameters<typeof http.send>[0]) => http.send(request),
				}),
			),
	},

	"reads an address once to check it and again to call it": {
		breaks: [
			"The http port reaches declared servers only, even if the address changes while it is read",
		],
		handed: (handed, { http }) =>
			replaced(
				handed,
				"http",
				Object.freeze({
					originOf: handed.http.originOf,
					send: async (request: Parameters<typeof http.send>[0]) => {
						const looked = new URL(request.url).origin;
						return looked === declaredOrigin(handed)
							? http.send(request)
							: handed.http.send(request);
					},
				}),
			),
	},

	"hands over its log with the port that writes to it": {
		breaks: ["Ports have the members of the contract and no others"],
		handed: (handed, { events }) =>
			replaced(handed, "events", Object.freeze({ ...handed.events, log: () => events })),
	},

	"hands over its own clock": {
		breaks: ["A plugin cannot replace a port or a member of a port"],
		handed: (handed) => replaced(handed, "clock", { ...handed.clock }),
	},

	"hands over its own brand objects": {
		breaks: ["A plugin that changes a returned value does not change the helpdesk's own"],
		handed: (handed) => {
			const kept = new Map<string, Brand>();
			const keep = (brand: Brand): Brand => {
				const known = kept.get(brand.id) ?? { ...brand };
				kept.set(brand.id, known);
				return known;
			};
			return replaced(
				handed,
				"brands",
				Object.freeze({
					find: async (brandId: string) => {
						const brand = await handed.brands.find(brandId);
						return brand && keep(brand);
					},
					list: async () => (await handed.brands.list()).map(keep),
				}),
			);
		},
	},
};

/** The address of the server that the probe may call, if any. */
function declaredOrigin({ http }: HelpdeskHost): string | undefined {
	try {
		return http.originOf("declared.example");
	} catch {
		return undefined;
	}
}
