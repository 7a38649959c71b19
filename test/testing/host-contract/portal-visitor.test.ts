import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { PortalVisitor } from "../../../src/testing/host-contract/portal-visitor.ts";
import { mockBrand } from "../../../src/testing/mock-host/mock-host.ts";

/** A portal that answers every GET with this form, and keeps what is posted. */
async function portalWith(form: string) {
	const posted: string[] = [];
	const server = createServer((request, response) => {
		if (request.method === "POST") {
			let body = "";
			request.on("data", (bytes) => {
				body += bytes;
			});
			request.on("end", () => {
				posted.push(`${request.url} ${body}`);
				response.end();
			});
		} else if (request.url === "/login") {
			response.writeHead(303, { location: "/login/page?next=%2F&a=1#top" }).end();
		} else {
			response.end(form);
		}
	}).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	onTestFinished(() => void server.close());
	const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const visitor = new PortalVisitor(baseUrl, mockBrand("acorn", { baseUrl }));
	return { posted, visitor };
}

test.each([
	["without an action", "<form method=post>"],
	["with an empty action", '<form method=post action="">'],
])("a form %s is posted to its own page, with the page's query", async (_, start) => {
	const { posted, visitor } = await portalWith(`${start}<button name=button value=1></form>`);

	await visitor.pressButton();

	expect(posted).toEqual(["/login/page?next=%2F&a=1 button=1"]);
});

test("the address of a form is decoded before it is used", async () => {
	const { posted, visitor } = await portalWith(
		`<form method=post action="/start?a=1&amp;b=2"><input type=hidden name=csrf value="a&#x2F;b&amp;c"><button name=button value=1></form>`,
	);

	await visitor.pressButton();

	expect(posted).toEqual(["/start?a=1&b=2 csrf=a%2Fb%26c&button=1"]);
});
