import { BlockList } from "node:net";
import type { CurrentUser } from "../../../src/contract/login-request.ts";
import type { Plugin } from "../../../src/contract/plugin.ts";
import { asking, calling } from "./break-hooks.ts";
import type { PortalMutant, PortalMutants } from "./open-broken.ts";

export const REQUEST_MUTANTS: PortalMutants = {
	"knows each name of a query once": asking(
		"hands over a query decoded and in the order sent, repeated names repeated",
		"handleCallback",
		({ query }) => ({ query: Object.entries(Object.fromEntries(query)) }),
	),

	"sorts the fields of a form": asking(
		"hands over a form decoded and in the order sent, repeated names repeated",
		"startLogin",
		({ form }) => ({ form: [...form].sort() }),
	),

	"takes every request for a POST": asking(
		"hands over POST to the start, GET to the callback, both to what continues",
		"continueLogin",
		() => ({ method: "POST" }),
	),

	"hands over cookies by the names that it dresses them in": asking(
		"hands over the cookies of the plugin by the names it gave them, and no others",
		"continueLogin",
		({ cookies }) => ({
			cookies: Object.fromEntries(
				Object.entries(cookies).map(([name, value]) => [`probe-${name}`, value]),
			),
		}),
	),

	"has one cookie jar for all brands": calling(
		["hands over no cookie of another brand"],
		(hooks) => {
			const ofFirst = new Map<string, string>();
			return {
				startLogin: async (request) => {
					const response = await hooks.startLogin(request);
					for (const { name, value } of response.cookies ?? []) {
						ofFirst.set(name, value);
					}
					return response;
				},
				continueLogin: ({ cookies, ...request }) => {
					const others = request.brandId === "acorn" ? {} : Object.fromEntries(ofFirst);
					return hooks.continueLogin({ ...request, cookies: { ...others, ...cookies } });
				},
			};
		},
	),

	"hands over a header for a language": asking(
		"hands over a language tag, whatever the browser says of its languages",
		"continueLogin",
		() => ({ locale: "de-AT, en;q=0.5" }),
	),

	"takes every request for a proof": calling(
		["hands over who is signed in, and when they last proved who they are"],
		(hooks, { clock }) => ({
			continueLogin: ({ currentUser, ...request }) => {
				const proven: CurrentUser | undefined = currentUser && {
					...currentUser,
					provenAt: clock.now(),
				};
				return hooks.continueLogin({ ...request, currentUser: proven });
			},
		}),
	),

	"believes anybody's X-Forwarded-For": {
		breaks: ["hands over the address of the client, and believes no header about it"],
		options: { trustedProxies: loopback() },
	},

	"gives brands the address that a request names": {
		breaks: [
			"tells the plugin the brand's addresses from its configuration, whatever host a request names",
		],
		...starting(),
	},
};

/** The addresses of brands change while a log-in starts. */
function starting(): Pick<PortalMutant, "ports" | "hooks"> {
	let misled = false;
	return {
		ports: ({ brands }) => ({
			brands: {
				list: () => brands.list(),
				find: async (brandId) => {
					const brand = await brands.find(brandId);
					return brand && misled ? { ...brand, baseUrl: "https://evil.example" } : brand;
				},
			},
		}),
		hooks: (hooks): Partial<Plugin> => ({
			startLogin: async (request) => {
				misled = true;
				try {
					return await hooks.startLogin(request);
				} finally {
					misled = false;
				}
			},
		}),
	};
}

function loopback(): BlockList {
	const list = new BlockList();
	list.addAddress("127.0.0.1");
	return list;
}
