import { BlockList } from "node:net";
import type { CurrentUser } from "../../../src/contract/login-request.ts";
import type { Plugin } from "../../../src/contract/plugin.ts";
import { asking, calling } from "./break-hooks.ts";
import type { PortalMutant, PortalMutants } from "./open-broken.ts";

export const REQUEST_MUTANTS: PortalMutants = {
	"keeps each name of a query once": asking(
		"The plugin gets the query decoded, in the order sent and with repeated names",
		"handleCallback",
		({ query }) => ({ query: Object.entries(Object.fromEntries(query)) }),
	),

	"sorts the fields of a form": asking(
		"The plugin gets the form decoded, in the order sent and with repeated names",
		"startLogin",
		({ form }) => ({ form: [...form].sort() }),
	),

	"takes the intent from the form": asking(
		"A visitor cannot ask for a test log-in",
		"startLogin",
		({ form }) => (form.some(([name]) => name === "intent") ? { intent: "try" } : {}),
	),

	"treats every request as a POST": asking(
		"startLogin gets POST, handleCallback GET, continueLogin both",
		"continueLogin",
		() => ({ method: "POST" }),
	),

	"passes cookies on by the names that the browser has for them": asking(
		"The plugin gets its own cookies by its own names and no others",
		"continueLogin",
		({ cookies }) => ({
			cookies: Object.fromEntries(
				Object.entries(cookies).map(([name, value]) => [`probe-${name}`, value]),
			),
		}),
	),

	"passes the cookies of one brand on to all brands": calling(
		["A cookie of one brand is not sent to another brand"],
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

	"passes on a header instead of a language": asking(
		"The plugin gets a valid language tag, whatever the browser sends",
		"continueLogin",
		() => ({ locale: "de-AT, en;q=0.5" }),
	),

	"treats every request as a proof": calling(
		["The plugin gets the current user and the time of their last proof"],
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
		breaks: ["The plugin gets the client's address, and no header can forge it"],
		options: { trustedProxies: loopback() },
	},

	"counts all visitors as one network": asking(
		"The plugin gets the network of the client's address",
		"continueLogin",
		() => ({ clientNetwork: "everybody" }),
	),

	"gives brands the address that a request names": {
		breaks: ["A brand's addresses come from the configuration, whatever host a request names"],
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
