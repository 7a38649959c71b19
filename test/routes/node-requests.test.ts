import {
	createServer,
	type IncomingMessage,
	type RequestListener,
	request,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { expect, onTestFinished, test } from "vitest";
import type { LoginRequest } from "../../src/contract/login-request.ts";
import { type NodeHandler, toNodeHandler } from "../../src/routes/to-node-handler.ts";
import { eventually } from "../kit/eventually.ts";
import { ACORN, ScriptedDesk } from "../kit/routes/scripted-desk.ts";

const CALLBACK = new URL(ACORN.callbackUrl).pathname;
const FORM = "application/x-www-form-urlencoded";

function handlerOf(desk: ScriptedDesk): NodeHandler<IncomingMessage, ServerResponse> {
	return toNodeHandler({
		plugins: [desk.plugin("probe")],
		users: desk.users,
		brandId: () => "acorn",
		currentUser: () => undefined,
		openSession: async () => {},
		closeSession: async () => {},
		showPage: (_, { html }) => html,
		clientAddress: ({ req }) => req.socket.remoteAddress ?? "",
		csrf: { field: () => ["own", "1"], check: () => true },
		report: (error) => void desk.reports.push(error),
	});
}

async function open(listener: RequestListener): Promise<string> {
	const server = createServer(listener).listen(0, "127.0.0.1");
	await new Promise((listening) => server.once("listening", listening));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Posts a form to an Express desk that has read its body before. */
async function postAfter(parse: express.RequestHandler): Promise<{
	readonly status: number;
	readonly errors: readonly unknown[];
	readonly requests: readonly LoginRequest[];
}> {
	const desk = new ScriptedDesk();
	const errors: unknown[] = [];
	const app = express().use(parse, handlerOf(desk));
	app.use(((error, _req, res, _next) => {
		errors.push(error);
		res.status(500).end();
	}) as express.ErrorRequestHandler);
	const body = new URLSearchParams("b=2&a=1&b=3");
	const { status } = await fetch(`${await open(app)}${ACORN.startPath}`, { method: "POST", body });
	return { status, errors, requests: desk.requests };
}

test("a body that was read as text reaches the plugin in its order", async () => {
	const { status, requests } = await postAfter(express.text({ type: FORM }));

	expect(status).toBe(200);
	expect(requests[0]?.form).toEqual([
		["b", "2"],
		["a", "1"],
		["b", "3"],
	]);
});

test("a body whose order is lost is an error that says what to do", async () => {
	const { status, errors, requests } = await postAfter(express.urlencoded());

	expect([status, requests]).toEqual([500, []]);
	expect(errors).toMatchObject([
		{ message: expect.stringContaining("install the routes before express.urlencoded()") },
	]);
});

test("a router of Express may be at a path, other requests go on, and its cookies stay", async () => {
	const desk = new ScriptedDesk();
	const cookies = [{ name: "browser", value: "1", maxAgeSeconds: 60 }];
	desk.answer = async () => ({ kind: "redirect", location: "/", cookies });
	const app = express()
		.use((_req, res, next) => {
			res.cookie("own", "2");
			next();
		})
		.use("/login", handlerOf(desk))
		.use((_req, res) => void res.send("the desk's own"));
	const url = await open(app);
	const answer = await fetch(`${url}${CALLBACK}`, { redirect: "manual" });

	expect(answer.headers.getSetCookie().map((line) => line.split(";")[0])).toEqual([
		"own=2",
		"__Host-probe.acorn.browser=1",
	]);
	expect(await (await fetch(`${url}/login/nowhere`)).text()).toBe("the desk's own");
});

/** A handler whose desk fails with an error. */
function brokenHandler(desk: ScriptedDesk, error: Error) {
	return toNodeHandler({
		...{ plugins: [desk.plugin("probe")], users: desk.users, brandId: () => "acorn" },
		currentUser: () => Promise.reject(error),
		openSession: async () => {},
		closeSession: async () => {},
		showPage: () => "",
		clientAddress: () => "192.0.2.7",
	});
}

test("without a framework, a request at no route gets a page, and an error of the desk reaches the caller", async () => {
	const desk = new ScriptedDesk();
	const errors: unknown[] = [];
	const handler = handlerOf(desk);
	const error = new Error("the sessions are away");
	desk.answer = async () => ({ kind: "redirect", location: "/" });
	const broken = brokenHandler(desk, error);
	const url = await open((req, res) => {
		const answered = req.headers["x-broken"] ? broken(req, res) : handler(req, res);
		answered.catch((thrown: unknown) => {
			errors.push(thrown);
			res.end();
		});
	});
	const nowhere = await fetch(`${url}/nowhere`);
	await fetch(`${url}${CALLBACK}`, { headers: { "x-broken": "1" } });

	expect(nowhere.status).toBe(404);
	expect(await nowhere.text()).toContain("Page not found");
	expect(errors).toEqual([error]);
});

test("in a framework that does not look at promises, an error of the desk goes to the next handler", async () => {
	const desk = new ScriptedDesk();
	const error = new Error("the sessions are away");
	const broken = brokenHandler(desk, error);
	const passed: unknown[] = [];
	const url = await open((req, res) => {
		void broken(req, res, (thrown) => {
			passed.push(thrown);
			res.end();
		});
	});
	await fetch(`${url}${CALLBACK}`);

	expect(passed).toEqual([error]);
});

test("a visitor who goes away while the form is sent is no error, and the plugin hears nothing", async () => {
	const desk = new ScriptedDesk();
	const handler = handlerOf(desk);
	const ended: string[] = [];
	let arrived = (): void => {};
	const arrival = new Promise<void>((resolve) => {
		arrived = resolve;
	});
	const url = await open((req, res) => {
		arrived();
		handler(req, res).then(
			() => ended.push("calm"),
			(error: unknown) => ended.push(String(error)),
		);
	});
	const headers = { "content-type": FORM, "content-length": "100" };
	const sent = request(`${url}${ACORN.startPath}`, { method: "POST", headers });
	sent.on("error", () => {}).write("a=1");
	await arrival;
	sent.destroy();
	await eventually(() => expect(ended).toEqual(["calm"]));

	expect(desk.requests).toEqual([]);
});

test("a body that is too large gets an answer while it is still sent, and its request can be logged", async () => {
	const desk = new ScriptedDesk();
	const handler = handlerOf(desk);
	let logged: string | undefined;
	const url = await open((req, res) => {
		res.once("finish", () => {
			logged = req.socket.remoteAddress;
		});
		void handler(req, res);
	});
	const sent = request(`${url}${ACORN.startPath}`, {
		method: "POST",
		headers: { "content-type": FORM },
	});
	const status = await new Promise((answered, failed) => {
		sent.once("response", ({ statusCode }) => answered(statusCode)).once("error", failed);
		sent.write("a".repeat(70_000));
	});
	sent.on("error", () => {}).destroy();

	expect([status, desk.requests, logged]).toEqual([413, [], "127.0.0.1"]);
});

test("the work after an answer begins when the answer was sent", async () => {
	const desk = new ScriptedDesk();
	const handler = handlerOf(desk);
	const order: string[] = [];
	const url = await open((req, res) => {
		res.once("finish", () => order.push("sent"));
		desk.answer = async () => ({
			kind: "redirect",
			location: "/",
			afterwards: async () => void order.push("work"),
		});
		void handler(req, res);
	});
	await fetch(`${url}${CALLBACK}`, { redirect: "manual" });
	await eventually(() => expect(order).toEqual(["sent", "work"]));
});
