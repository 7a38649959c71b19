import { getRequestListener } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono } from "hono";
import { test } from "vitest";
import { toFetchHandler } from "../../src/routes/to-fetch-handler.ts";
import { expectSignUp, openVendorDesk } from "../kit/routes/vendor-desk.ts";

test("a visitor of a Hono desk logs in with X", async () => {
	const desk = await openVendorDesk();
	const { plugin, sessions, layout, host } = desk;
	const app = new Hono();

	const routes = toFetchHandler<Context>({
		plugins: [plugin],
		users: host.users,
		currentUser: ({ context }) => sessions.userOf(context.req.header("cookie")),
		openSession: async ({ setCookie }, { id }) => setCookie(sessions.open(id)),
		closeSession: async ({ setCookie }) => setCookie(sessions.close()),
		showPage: (_, { title, html }) => layout(title, html),
		clientAddress: ({ context }) => getConnInfo(context).remote.address ?? "",
	});
	app.all("/login/:step", (c) => routes(c.req.raw, c));
	app.get("/login", async (c) => {
		const page = { page: "login", returnPath: "/" } as const;
		const { buttons, cookies } = await routes.buttons(c.req.raw, page, c);
		cookies.map((cookie) => c.header("set-cookie", cookie, { append: true }));
		return c.html(layout("Log in", buttons[0]?.html ?? ""));
	});
	app.get("/", (c) =>
		c.html(layout("Home", `logged in as ${sessions.userOf(c.req.header("cookie"))?.id}`)),
	);
	desk.serve(getRequestListener(app.fetch));

	await expectSignUp(desk);
});
