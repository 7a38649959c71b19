import { readFile } from "node:fs/promises";
import {
	Agent,
	buildConnector,
	FormData,
	fetch,
	Headers,
	Request,
	type RequestInfo,
	type RequestInit,
	Response,
} from "undici";
import { onTestFinished, vi } from "vitest";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import type { FakeXOptions } from "../../../src/testing/fake-x/fake-x-options.ts";

/** The hosts that clients have in their code. The certificate is good for all of them. */
const HOSTS = ["api.x.com", "api.twitter.com", "x.com"];

const file = (name: string) =>
	readFile(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), "utf8");

/**
 * Starts a fake X in the place of X's hosts: until the test ends, `fetch` connects there by TLS for each of their names, and
 * nowhere else. Neither the client nor its addresses change.
 */
export async function startAtXHosts(
	options: Pick<FakeXOptions, "apps" | "accounts">,
): Promise<FakeX> {
	const [key, cert] = await Promise.all([file("key"), file("cert")]);
	const x = await startFakeX({ ...options, publicUrl: "https://api.x.com", tls: { key, cert } });
	const connect = buildConnector({ ca: cert });
	const { port } = new URL(x.url);
	const agent = new Agent({
		connect: (target, callback) =>
			HOSTS.includes(target.hostname)
				? connect({ ...target, hostname: "127.0.0.1", port, servername: target.hostname }, callback)
				: callback(new Error(`${target.hostname} is none of X's hosts`), null),
	});
	// Node's own fetch and undici's dispatcher can be of two versions that differ over headers.
	const parts = { FormData, Headers, Request, Response };
	for (const [name, part] of Object.entries(parts)) {
		vi.stubGlobal(name, part);
	}
	vi.stubGlobal("fetch", (input: RequestInfo, init?: RequestInit) =>
		fetch(input, { ...init, dispatcher: agent }),
	);
	onTestFinished(async () => {
		vi.unstubAllGlobals();
		await agent.destroy();
		await x.close();
	});
	return x;
}

/** X's pages moved to x.com. A browser that opens an old address goes on there. */
export function atNewAddress(url: URL): string {
	const moved = new URL(url);
	if (moved.hostname === "twitter.com") {
		moved.hostname = "x.com";
	}
	return moved.href;
}
