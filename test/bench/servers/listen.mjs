import { createServer } from "node:http";

/** Where X is. */
export const X_URL = process.env.X_URL;

/** Listens on a free port of loopback and prints where. */
export async function listen(listenerFor) {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${server.address().port}`;
	const listener = await listenerFor(url);
	server.on("request", async (request, response) => {
		try {
			await listener(request, response);
		} catch {
			// X hung up: that visitor's log-in fails, and nobody else's.
			response.writeHead(502).end();
		}
	});
	console.log(JSON.stringify({ url }));
}
