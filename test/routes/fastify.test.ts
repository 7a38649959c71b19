import Fastify, { type FastifyRequest } from "fastify";
import { test } from "vitest";
import { toFetchHandler } from "../../src/routes/to-fetch-handler.ts";
import { expectSignUp, openVendorDesk } from "../kit/routes/vendor-desk.ts";

const FORM = "application/x-www-form-urlencoded";

test("a visitor of a Fastify desk logs in with X", async () => {
	const desk = await openVendorDesk();
	const { plugin, sessions, layout, host } = desk;
	const app = Fastify();
	app.addContentTypeParser(FORM, { parseAs: "string" }, (_, body, done) => done(null, body));

	const routes = toFetchHandler<unknown, FastifyRequest>({
		plugins: [plugin],
		users: host.users,
		currentUser: ({ request }) => sessions.userOf(request.headers.cookie),
		openSession: async ({ setCookie }, { id }) => setCookie(sessions.open(id)),
		closeSession: async ({ setCookie }) => setCookie(sessions.close()),
		showPage: (_, { title, html }) => layout(title, html),
		clientAddress: ({ request }) => request.ip,
	});
	app.all("/login/:step", (request) => routes(request));
	app.get("/login", async (request, reply) => {
		const page = { page: "login", returnPath: "/" } as const;
		const shown = await routes.buttons(request, page);
		reply.header("set-cookie", shown.cookies).type("text/html");
		return layout("Log in", shown.buttons[0]?.html ?? "");
	});
	app.get("/", (request, reply) => {
		reply.type("text/html");
		return layout("Home", `logged in as ${sessions.userOf(request.headers.cookie)?.id}`);
	});
	await app.ready();
	desk.serve(app.routing);

	await expectSignUp(desk);
});
