import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The path of a file of the tests' certificate. */
export const pem = (name: string): string =>
	fileURLToPath(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url));

export interface TlsSite {
	origin: string;
	/** The address that its requests are passed to. */
	target: string;
	/** The page that it shows instead. */
	html?: string;
	/** The cookies that it sets with this page. */
	cookies: readonly string[];
}

/** A host name with a certificate, before a server without one. */
export async function openTlsSite(host: string): Promise<TlsSite> {
	const [key, cert] = await Promise.all([readFile(pem("key")), readFile(pem("cert"))]);
	const site: TlsSite = { origin: "", target: "", cookies: [] };
	const server: Server = createServer({ key, cert }, (incoming, outgoing) => {
		if (site.html !== undefined) {
			outgoing.setHeader("content-type", "text/html");
			outgoing.setHeader("set-cookie", [...site.cookies]);
			outgoing.end(site.html);
			return;
		}
		const { method, headers, url } = incoming;
		const onward = request(new URL(url ?? "/", site.target), { method, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(outgoing);
		});
		onward.on("error", () => outgoing.destroy());
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	site.origin = `https://${host}:${(server.address() as AddressInfo).port}`;
	return site;
}
