import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { onTestFinished as whenThisTestEnds } from "vitest";

export interface RewritingProxy {
	readonly port: number;
	/** The server behind it. */
	target: string;
	/** The headers that it sets on each request, with names in lower case. */
	headers: Readonly<Record<string, string>>;
	/** The paths that browsers asked it for, in order. */
	asked: string[];
}

/**
 * A proxy that brings TLS and changes headers, as proxies on the internet do.
 *
 * @param atEnd gets a function that ends the proxy.
 */
export async function startRewritingProxy(
	atEnd: (end: () => void) => void = whenThisTestEnds,
): Promise<RewritingProxy> {
	const [key, cert] = await Promise.all(
		["key", "cert"].map((name) =>
			readFile(fileURLToPath(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url))),
		),
	);
	const server = createServer({ key, cert }, (incoming, outgoing) => {
		const { method, url = "/" } = incoming;
		proxy.asked.push(url);
		const headers = { ...incoming.headers, ...proxy.headers };
		const onward = request(new URL(url, proxy.target), { method, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(outgoing);
		});
		onward.on("error", () => outgoing.destroy());
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	atEnd(() => {
		server.close();
		server.closeAllConnections();
	});
	const { port } = server.address() as AddressInfo;
	const proxy: RewritingProxy = { port, target: "", headers: {}, asked: [] };
	return proxy;
}
