import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { fixture } from "./recipe.ts";

const MOST_USERS = 2;

export interface FakeSupportPal {
	readonly url: string;
	readonly token: string;
}

/** The users of a SupportPal by its REST API, a few at a time. */
export async function startFakeSupportPal(): Promise<FakeSupportPal> {
	const token = "made-up-token";
	const users = JSON.parse(await fixture("supportpal/users.json"));
	const server = createServer((request, response) => {
		const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
		const proof = `Basic ${Buffer.from(`${token}:X`).toString("base64")}`;
		if (request.headers.authorization !== proof || pathname !== "/desk/api/user/user") {
			response.writeHead(401).end(JSON.stringify({ status: "error", message: "", data: [] }));
			return;
		}
		const start = Number(searchParams.get("start")) - 1;
		const data = users.slice(start, start + MOST_USERS);
		response.end(JSON.stringify({ status: "success", message: null, count: users.length, data }));
	});
	server.listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/desk`, token };
}
