import type { AddressInfo } from "node:net";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import type { Hono } from "hono";
import type { Brand } from "../contract/brands.ts";
import { sweepWhileIdle } from "../storage/sweep-while-idle.ts";
import { brandsAt, LOOPBACK, STANDALONE_BRANDS } from "./brands.ts";
import { type HelpdeskOptions, openHelpdesk } from "./helpdesk.ts";
import { FIRST_OPERATOR } from "./people/operators.ts";
import { brandSites } from "./web/brand-site.ts";

/**
 * How long an idle connection stays open. Longer than proxies keep theirs (60 seconds in many): a server that closes first
 * meets requests that the proxy or the browser has just sent, and they fail. Milliseconds.
 */
const KEEP_ALIVE_MS = 75_000;

export interface Helpdesk {
	readonly brands: readonly Brand[];
	readonly adminUrl: string;
	/** The address that each brand listens on, for a proxy in front of it. */
	readonly listening: readonly string[];
	/** The password is null once the operator exists. */
	readonly operator: { readonly email: string; readonly password: string | null };
	close(): Promise<void>;
}

/**
 * Starts a helpdesk on loopback.
 *
 * @returns the helpdesk once every brand answers.
 * @throws StorageError, or Error when a port is taken.
 */
export async function startHelpdesk(options: HelpdeskOptions): Promise<Helpdesk> {
	const handlers: Hono["fetch"][] = [];
	const listeners = await listenForEach(options.port, handlers);
	const ports = listeners.map(({ port }) => port);
	const brands = brandsAt(options, ports);
	const core = openHelpdesk(options, brands);
	if (options.pluginZip !== undefined) {
		await core.installer.adopt(options.pluginZip, options.plugin);
	}
	await core.addOns.resume();
	handlers.push(...brandSites(core, options, brands, ports).map((site) => site.fetch));
	const endSweeping = sweepWhileIdle(options.storage);
	return {
		brands,
		adminUrl: `${brands[0]?.baseUrl}/admin`,
		listening: ports.map((port) => `http://${LOOPBACK}:${port}`),
		operator: { email: FIRST_OPERATOR, password: await core.operators.makeFirst() },
		close: async () => {
			endSweeping();
			await Promise.all(listeners.map(({ server }) => closed(server)));
			await core.close();
		},
	};
}

interface Listener {
	readonly server: ServerType;
	readonly port: number;
}

/**
 * Listens before there are sites, because base URLs hold the ports.
 *
 * @param handlers the handlers of the brands, in their order. A brand without one answers that it is starting.
 */
async function listenForEach(
	firstPort: number,
	handlers: readonly Hono["fetch"][],
): Promise<Listener[]> {
	const listeners: Listener[] = [];
	for (const index of STANDALONE_BRANDS.keys()) {
		const server = createAdaptorServer({
			fetch: (request, env) =>
				handlers[index]?.(request, env) ?? new Response("starting\n", { status: 503 }),
			serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS },
		});
		await new Promise<void>((resolve, reject) => {
			server.once("error", reject);
			server.listen(firstPort === 0 ? 0 : firstPort + index, LOOPBACK, resolve);
		});
		listeners.push({ server, port: (server.address() as AddressInfo).port });
	}
	return listeners;
}

function closed(server: ServerType): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		if ("closeAllConnections" in server) {
			server.closeAllConnections();
		}
	});
}
