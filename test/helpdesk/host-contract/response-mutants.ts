import type { LoginResponse } from "../../../src/contract/login-response.ts";
import { answering, calling } from "./break-hooks.ts";
import type { PortalMutant, PortalMutants } from "./open-broken.ts";

const OPENS = "opens a session for who is";

const withoutQuery = (kind: LoginResponse["kind"]): PortalMutant =>
	answering([`${OPENS} ${kind}, and goes on with a 303`], "startLogin", (response) =>
		response.kind === kind && "returnPath" in response
			? { ...response, returnPath: response.returnPath.split("?")[0] ?? "" }
			: response,
	);

const LOGIN_FORM = "/login?returnTo=/";

export const RESPONSE_MUTANTS: PortalMutants = {
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
