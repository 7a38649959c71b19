import express, { type Request, type Response } from "express";
import { test } from "vitest";
import { toNodeHandler } from "../../src/routes/to-node-handler.ts";
import { expectSignUp, openVendorDesk } from "../kit/routes/vendor-desk.ts";

test("a visitor of an Express desk logs in with X", async () => {
	const desk = await openVendorDesk();
	const { plugin, sessions, layout, host } = desk;
	const app = express();
	const routes = toNodeHandler<Request, Response>({
		plugins: [plugin],
		users: host.users,
		currentUser: ({ req }) => sessions.userOf(req.headers.cookie),
		openSession: async ({ res }, { id }) => void res.append("set-cookie", sessions.open(id)),
		closeSession: async ({ res }) => void res.append("set-cookie", sessions.close()),
		showPage: (_, { title, html }) => layout(title, html),
		clientAddress: ({ req }) => req.ip ?? "",
	});
	app.use(routes);
	app.get("/login", async (req, res) => {
		const [button] = await routes.buttons(req, res, { page: "login", returnPath: "/" });
		res.send(layout("Log in", button?.html ?? ""));
	});
	app.get("/", (req, res) => {
		res.send(layout("Home", `logged in as ${sessions.userOf(req.headers.cookie)?.id}`));
	});
	desk.serve(app);

	await expectSignUp(desk);
});
