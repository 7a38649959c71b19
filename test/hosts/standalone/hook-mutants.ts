import { BlockList } from "node:net";
import type { CurrentUser, LoginRequest } from "../../../src/contract/login-request.ts";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import type { HookName, Plugin } from "../../../src/contract/plugin.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import type { PortalMutant, PortalMutants } from "./open-broken.ts";

type LoginHook = "startLogin" | "handleCallback" | "continueLogin";

const calling = (
	breaks: readonly string[],
	hooks: NonNullable<PortalMutant["hooks"]>,
): PortalMutant => ({ breaks, hooks });

/** Tells a hook something else than what a visitor sent. */
const asking = (
	promise: string,
	hook: LoginHook,
	change: (request: LoginRequest) => Partial<LoginRequest>,
): PortalMutant =>
	calling([promise], (hooks) => ({
		[hook]: (request: LoginRequest) => hooks[hook]({ ...request, ...change(request) }),
	}));

/** Makes something else of what a hook answers. */
const answering = (
	breaks: readonly string[],
	hook: LoginHook,
	change: (response: LoginResponse, request: LoginRequest) => LoginResponse,
): PortalMutant =>
	calling(breaks, (hooks) => ({
		[hook]: async (request: LoginRequest) => change(await hooks[hook](request), request),
	}));

const OPENS = "opens a session for who is";

const withoutQuery = (kind: LoginResponse["kind"]): PortalMutant =>
	answering([`${OPENS} ${kind}, and goes on with a 303`], "startLogin", (response) =>
		response.kind === kind && "returnPath" in response
			? { ...response, returnPath: response.returnPath.split("?")[0] ?? "" }
			: response,
	);

const LOGIN_FORM = "/login?returnTo=/";

export const LIFECYCLE_MUTANTS: PortalMutants = {
	"does not tell a plugin that it was deactivated": calling(
		[
			"activates and deactivates a plugin by its hooks, by whatever name the manifest gives the methods",
		],
		() => ({ onDeactivate: async () => {} }),
	),

	"activates a plugin against its will": calling(
		["keeps a plugin deactivated that does not want to be activated"],
		(hooks) => ({ onActivate: () => hooks.onActivate().catch(() => ({ state: "ready" })) }),
	),

	"goes on calling a deactivated plugin": {
		breaks: [
			"calls no login hook of a deactivated plugin",
			"starts no log-in by a form from before the plugin was deactivated",
		],
		handling: ({ deactivate }, storage) => ({
			deactivate: async () => {
				await deactivate();
				await namespaced(storage, ["plugin-state", "probe"]).commit({
					sets: [{ key: ["state"], value: "active" }],
				});
			},
		}),
	},

	"forgets to tell a deactivated plugin of deletions": calling(
		["tells a plugin of users who are deleted, active or not"],
		(hooks) => {
			let active = false;
			return {
				onActivate: () => {
					active = true;
					return hooks.onActivate();
				},
				onDeactivate: () => {
					active = false;
					return hooks.onDeactivate();
				},
				onUserDeleted: async (userId) => (active ? hooks.onUserDeleted(userId) : undefined),
			};
		},
	),

	"calls methods by the names of hooks that are not listed": {
		breaks: ["calls no hook that the manifest does not list"],
		manifest: ({ hooks }) => {
			const all: HookName[] = [
				"onActivate",
				"onSettingsWillSave",
				"handleCallback",
				"continueLogin",
			];
			const added = all
				.filter((name) => hooks.every(({ hook }) => hook !== name))
				.map((hook) => ({
					hook,
					method: `probe${hook.charAt(0).toUpperCase()}${hook.slice(1)}`,
				}));
			return { hooks: [...hooks, ...added] };
		},
	},

	"shows a plugin no secrets before they are saved": calling(
		[
			"asks the plugin about settings before they are saved: what would hold, and secrets typed anew or removed",
		],
		(hooks) => ({
			onSettingsWillSave: (change) => hooks.onSettingsWillSave({ ...change, secrets: {} }),
		}),
	),

	"saves what the plugin refuses": calling(
		["saves no settings that the plugin refuses"],
		(hooks) => ({
			onSettingsWillSave: async (change) => {
				await hooks.onSettingsWillSave(change);
				return [];
			},
		}),
	),
};

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

/** While a log-in starts, brands are elsewhere. */
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

export const ANSWER_MUTANTS: PortalMutants = {
	"follows a plugin wherever it leads": {
		breaks: ["sends a visitor nowhere else", "lets no return path lead off the portal"],
		unbounded: true,
	},

	"sends pages as if all were well": answering(
		["shows a page of the plugin in its own layout, with its status"],
		"handleCallback",
		(response) =>
			response.kind === "page"
				? { ...response, page: { ...response.page, status: 200 } }
				: response,
	),

	"sends a refused visitor to its first page": answering(
		["shows why a visitor does not get in, and signs nobody in"],
		"handleCallback",
		(response) => (response.kind === "refused" ? { kind: "redirect", location: "/" } : response),
	),

	"shows what a hook rejects with": calling(
		["answers for a hook that rejects with an error page of its own"],
		(hooks) => ({
			startLogin: (request) =>
				hooks.startLogin(request).catch((error: Error) => ({
					kind: "page",
					page: { status: 500, title: "Error", html: `<pre>${error.stack}</pre>` },
				})),
		}),
	),

	"keeps to itself what a hook rejects with": {
		breaks: ["logs what a hook rejects with"],
		handling: ({ log }) => ({
			log: () => log().filter((line) => !line.includes("canary-of-a-bug")),
		}),
	},

	"lets a visitor wait for what is to be done afterwards": calling(
		["calls what is to be done afterwards once, and lets no visitor wait for it"],
		(hooks) => ({
			handleCallback: async (request) => {
				const { afterwards, ...response } = await hooks.handleCallback(request);
				await afterwards?.();
				return response;
			},
		}),
	),

	"keeps to itself what goes wrong afterwards": {
		breaks: ["logs what goes wrong afterwards"],
		handling: ({ log }) => ({
			log: () => log().filter((line) => !line.includes("canary-of-what-follows")),
		}),
	},
};

export const OUTCOME_MUTANTS: PortalMutants = {
	"forgets where who signed in wanted to go": withoutQuery("signed-in"),
	"forgets where who signed up wanted to go": withoutQuery("signed-up"),
	"forgets where who linked wanted to go": withoutQuery("linked"),

	"sends whoever links an account to its first page": answering(
		["keeps somebody signed in who links an account"],
		"handleCallback",
		(response, { currentUser }) =>
			response.kind === "linked" && response.userId === currentUser?.id
				? { kind: "redirect", location: "/" }
				: response,
	),

	"suspends nobody": {
		breaks: [
			"signs in nobody who is suspended, deleted or of another brand",
			"ends the sessions of a user who is suspended or deleted",
		],
		handling: () => ({ suspend: async () => {} }),
	},

	"takes a user for signed in whom nobody knows": calling(
		["signs in nobody who is suspended, deleted or of another brand"],
		(hooks) => {
			let signedIn = "";
			return {
				startLogin: async (request) => {
					const response = await hooks.startLogin(request);
					signedIn = "userId" in response ? response.userId : "";
					return response;
				},
				continueLogin: ({ currentUser, ...request }) => {
					const unknown = signedIn === "nobody" ? { id: signedIn, provenAt: 0 } : undefined;
					return hooks.continueLogin({ ...request, currentUser: currentUser ?? unknown });
				},
			};
		},
	),

	"asks an incomplete user for nothing": {
		breaks: ["asks an incomplete user for what it misses, signs them in, and goes on"],
		handling: ({ addUser }) => ({ addUser: (user) => addUser({ ...user, incomplete: false }) }),
	},

	"forgets where who logs in was to go on": answering(
		["lets somebody log in who is to prove who they are, and comes back"],
		"handleCallback",
		(response, { currentUser }) =>
			response.kind === "reauthenticate" && currentUser === undefined
				? { kind: "redirect", location: LOGIN_FORM }
				: response,
	),

	"takes a session for a proof": answering(
		["lets somebody who is signed in prove who they are, and comes back"],
		"handleCallback",
		(response, { currentUser }) =>
			response.kind === "reauthenticate" && currentUser !== undefined
				? { kind: "redirect", location: response.returnPath }
				: response,
	),

	"leaves a squatter in": {
		breaks: [
			"ends the sessions of an account that somebody else proves to own, and drops its password",
		],
		ports: ({ users }) => ({
			users: {
				ownerOf: (brandId, email) => users.ownerOf(brandId, email),
				find: (userId) => users.find(userId),
				create: (key, user) => users.create(key, user),
				confirm: async () => {},
			},
		}),
	},
};

export const BUTTON_MUTANTS: PortalMutants = {
	"takes the account page for the log-in page": calling(
		["says which page a button is for, in which language and on whose account page"],
		(hooks) => ({
			renderLoginButtons: (page) => hooks.renderLoginButtons({ ...page, page: "login" }),
		}),
	),

	"shows buttons as they come": calling(["shows buttons in their order"], (hooks) => ({
		renderLoginButtons: async (page) =>
			(await hooks.renderLoginButtons(page)).map((button) => ({ ...button, order: 0 })),
	})),

	"shows in place of a button why there is none": calling(
		["shows its pages when a plugin fails to draw its buttons"],
		(hooks) => ({
			renderLoginButtons: (page) =>
				hooks.renderLoginButtons(page).catch((error: Error) => [
					{
						id: "error",
						label: "",
						intent: "log-in",
						action: "/",
						method: "post",
						fields: {},
						icon: "",
						order: 0,
						html: error.message,
					},
				]),
		}),
	),
};
