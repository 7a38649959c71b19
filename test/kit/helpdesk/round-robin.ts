import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished as whenThisTestEnds } from "vitest";

export interface RoundRobin {
	readonly url: string;
	/** The nodes that take the requests in turn. */
	readonly nodes: string[];
}

/**
 * A simple balancer in front of nodes that are set later.
 *
 * @param atEnd gets a function that ends the balancer.
 */
export async function startRoundRobin(
	atEnd: (end: () => void) => void = whenThisTestEnds,
): Promise<RoundRobin> {
	const nodes: string[] = [];
	let turn = 0;
	const server = createServer((incoming, answer) => {
		const node = nodes[turn % nodes.length] ?? "";
		turn += 1;
		const { method, headers, url } = incoming;
		const onward = request(new URL(url ?? "/", node), { method, headers }, (upstream) => {
			answer.writeHead(upstream.statusCode ?? 502, upstream.headers);
			upstream.pipe(answer);
		});
		onward.on("error", () => answer.writeHead(502).end());
		incoming.pipe(onward);
	});
	// Node's five seconds may end a connection that a busy test is about to use.
	server.keepAliveTimeout = 75_000;
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	atEnd(() => {
		server.close();
		server.closeAllConnections();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, nodes };
}
