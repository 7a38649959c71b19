import { createServer } from "node:http";

/** Where X is. */
export const X_URL = process.env.X_URL;

/** Listens on a free port of loopback and prints where. */
export async function listen(listenerFor) {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${server.address().port}`;
	server.on("request", await listenerFor(url));
	console.log(JSON.stringify({ url }));
}
