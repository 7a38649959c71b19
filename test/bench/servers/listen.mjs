import { createServer } from "node:http";

/** The address of X. */
export const X_URL = process.env.X_URL;

/** Listens on a free port of loopback and prints its address, and what else the bench has to know. */
export async function listen(listenerFor, more = {}) {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${server.address().port}`;
	const listener = await listenerFor(url);
	server.on("request", async (request, response) => {
		try {
			await listener(request, response);
		} catch {
			// X closed the connection. Only this visitor's log-in fails.
			response.writeHead(502).end();
		}
	});
	console.log(JSON.stringify({ url, ...more }));
}
