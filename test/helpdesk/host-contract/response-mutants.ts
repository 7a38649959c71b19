import type { LoginResponse } from "../../../src/contract/login-response.ts";
import { answering, calling } from "./break-hooks.ts";
import type { PortalMutant, PortalMutants } from "./open-broken.ts";

const withoutQuery = (kind: LoginResponse["kind"]): PortalMutant =>
	answering(
		[`The outcome ${kind} opens a session and redirects with a 303`],
		"startLogin",
		(response) =>
			response.kind === kind && "returnPath" in response
				? { ...response, returnPath: response.returnPath.split("?")[0] ?? "" }
				: response,
	);

const LOGIN_FORM = "/login?returnTo=/";

export const RESPONSE_MUTANTS: PortalMutants = {
	"follows a plugin wherever it leads": {
		breaks: [
			"A redirect to any other address is refused",
			"A return path never leads off the portal",
		],
		unbounded: true,
	},

	"sends every page with the status 200": answering(
		["A page of the plugin has the helpdesk's layout and the plugin's status"],
		"handleCallback",
		(response) =>
			response.kind === "page"
				? { ...response, page: { ...response.page, status: 200 } }
				: response,
	),

	"sends a refused visitor to its first page": answering(
		["A refused or cancelled log-in shows the plugin's page and logs nobody in"],
		"handleCallback",
		(response) => (response.kind === "refused" ? { kind: "redirect", location: "/" } : response),
	),

	"shows what a hook rejects with": calling(
		["A hook that rejects leads to the helpdesk's own error page"],
		(hooks) => ({
			startLogin: (request) =>
				hooks.startLogin(request).catch((error: Error) => ({
					kind: "page",
					page: { status: 500, title: "Error", html: `<pre>${error.stack}</pre>` },
				})),
		}),
	),

	"does not log what a hook rejects with": {
		breaks: ["The log has the error that a hook rejects with"],
		handling: ({ log }) => ({
			log: () => log().filter((line) => !line.includes("canary-of-a-bug")),
		}),
	},

	"makes the visitor wait for afterwards": calling(
		["The helpdesk calls afterwards once and does not keep the visitor waiting"],
		(hooks) => ({
			handleCallback: async (request) => {
				const { afterwards, ...response } = await hooks.handleCallback(request);
				await afterwards?.();
				return response;
			},
		}),
	),

	"does not log what afterwards rejects with": {
		breaks: ["The log has the error that afterwards rejects with"],
		handling: ({ log }) => ({
			log: () => log().filter((line) => !line.includes("canary-of-what-follows")),
		}),
	},

	"forgets the return path of a user who logs in": withoutQuery("signed-in"),
	"forgets the return path of a user who signs up": withoutQuery("signed-up"),
	"forgets the return path of a user who links an account": withoutQuery("linked"),

	"sends a user who links an account to its first page": answering(
		["A user who links an account stays logged in"],
		"handleCallback",
		(response, { currentUser }) =>
			response.kind === "linked" && response.userId === currentUser?.id
				? { kind: "redirect", location: "/" }
				: response,
	),

	"overlooks that an access epoch has passed": answering(
		["An outcome opens no session under an access epoch that has passed"],
		"startLogin",
		(response) => ("accessEpoch" in response ? { ...response, accessEpoch: undefined } : response),
	),

	"sends a visitor whose linked account has a label to its first page": answering(
		["An outcome with the label of a linked account opens a session, and so does one without"],
		"startLogin",
		(response) => ("linkedAccount" in response ? { kind: "redirect", location: "/" } : response),
	),

	"suspends nobody": {
		breaks: [
			"A user who is suspended or deleted is not logged in",
			"Suspending or deleting a user ends their sessions",
		],
		handling: () => ({ suspend: async () => {} }),
	},

	"has one list of users for all brands": {
		breaks: ["A user of another brand is not logged in"],
		handling: ({ addUser }) => ({ addUser: (user) => addUser({ ...user, brandId: "acorn" }) }),
	},

	"logs in a user whom it does not know": calling(
		["A user who is suspended or deleted is not logged in"],
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
		breaks: [
			"The helpdesk asks an incomplete user for the missing details, logs them in and continues",
		],
		handling: ({ addUser }) => ({ addUser: (user) => addUser({ ...user, incomplete: false }) }),
	},

	"forgets the return path of a visitor who proves who they are": answering(
		["A visitor who must prove who they are logs in and comes back"],
		"handleCallback",
		(response, { currentUser }) =>
			response.kind === "reauthenticate" && currentUser === undefined
				? { kind: "redirect", location: LOGIN_FORM }
				: response,
	),

	"treats a session as a proof": answering(
		["A user who must prove who they are enters their password and comes back"],
		"handleCallback",
		(response, { currentUser }) =>
			response.kind === "reauthenticate" && currentUser !== undefined
				? { kind: "redirect", location: response.returnPath }
				: response,
	),

	"leaves a squatter logged in": {
		breaks: ["Confirming an unconfirmed account ends its sessions and drops its password"],
		ports: ({ users }) => ({
			users: {
				ownerOf: (brandId, email) => users.ownerOf(brandId, email),
				find: (userId) => users.find(userId),
				create: (key, user) => users.create(key, user),
				confirm: async () => {},
			},
		}),
	},

	"treats the account page as the log-in page": calling(
		["renderLoginButtons gets the page, the language and the user of an account page"],
		(hooks) => ({
			renderLoginButtons: (page) => hooks.renderLoginButtons({ ...page, page: "login" }),
		}),
	),

	"shows buttons in any order": calling(["Buttons are shown in their order"], (hooks) => ({
		renderLoginButtons: async (page) =>
			(await hooks.renderLoginButtons(page)).map((button) => ({ ...button, order: 0 })),
	})),

	"shows an error in place of a button": calling(
		["A page is shown even if a plugin fails to draw its buttons"],
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
