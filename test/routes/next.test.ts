import { getRequestListener } from "@hono/node-server";
import { test } from "vitest";
import { toFetchHandler } from "../../src/routes/to-fetch-handler.ts";
import { expectSignUp, openVendorDesk } from "../kit/routes/vendor-desk.ts";

/** What Next gives a route handler besides the request. */
interface RouteContext {
	readonly params: Promise<{ readonly step: string }>;
}

/** Next is large, so a router of a few lines calls the route handlers as Next does. */
test("a visitor of a Next desk logs in with X", async () => {
	const desk = await openVendorDesk();
	const { plugin, sessions, layout, host } = desk;

	const routes = toFetchHandler<RouteContext>({
		plugins: [plugin],
		users: host.users,
		currentUser: ({ request }) => sessions.userOf(request.headers.get("cookie")),
		openSession: async ({ setCookie }, { id }) => setCookie(sessions.open(id)),
		closeSession: async ({ setCookie }) => setCookie(sessions.close()),
		showPage: (_, { title, html }) => layout(title, html),
		clientAddress: ({ request }) => request.headers.get("x-real-ip") ?? "127.0.0.1",
	});
	const loginStep = { GET: routes, POST: routes };
	const login = async (request: Request) => {
		const shown = await routes.buttons(request, { page: "login", returnPath: "/" });
		const headers = new Headers({ "content-type": "text/html" });
		shown.cookies.map((cookie) => headers.append("set-cookie", cookie));
		return new Response(layout("Log in", shown.buttons[0]?.html ?? ""), { headers });
	};
	const home = (request: Request) =>
		new Response(
			layout("Home", `logged in as ${sessions.userOf(request.headers.get("cookie"))?.id}`),
		);
	desk.serve(
		getRequestListener((request) => {
			const { pathname } = new URL(request.url);
			const [, step] = /^\/login\/(\w+)$/.exec(pathname) ?? [];
			if (step === undefined) {
				return pathname === "/login" ? login(request) : home(request);
			}
			const handler = request.method === "POST" ? loginStep.POST : loginStep.GET;
			return handler(request, { params: Promise.resolve({ step }) });
		}),
	);

	await expectSignUp(desk);
});
