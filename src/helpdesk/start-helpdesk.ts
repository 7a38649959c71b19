import type { Hono } from "hono";
import type { Brand } from "../contract/brands.ts";
import { sweepWhileIdle } from "../storage/sweep-while-idle.ts";
import { brandsAt, LOOPBACK, STANDALONE_BRANDS } from "./brands.ts";
import { eventLog, type HelpdeskOptions, openHelpdesk } from "./helpdesk.ts";
import { FIRST_OPERATOR } from "./people/operators.ts";
import { atMostOnceAMinute } from "./web/at-most-once-a-minute.ts";
import { brandSites } from "./web/brand-site.ts";
import { closed, type Listener, listen, MOST_CONNECTIONS } from "./web/listen.ts";
import { transportHeaders } from "./web/security-headers.ts";

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
	const listeners = await listenForEach(options, handlers);
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

/**
 * Listens before there are sites, because base URLs hold the ports.
 *
 * @param handlers the handlers of the brands, in their order. A brand without one answers that it is starting.
 */
async function listenForEach(
	options: HelpdeskOptions,
	handlers: readonly Hono["fetch"][],
): Promise<Listener[]> {
	const { port, baseUrls, hstsSubdomains = false, maxConnections = MOST_CONNECTIONS } = options;
	const log = eventLog(options);
	const onFull = atMostOnceAMinute(options.clock, (brandId: string) =>
		log({
			name: "helpdesk.connections-full",
			level: "warn",
			message: "new connections are refused, because as many as --max-connections allows are open",
			fields: { brandId },
		}),
	);
	const listeners: Listener[] = [];
	for (const [index, { id }] of STANDALONE_BRANDS.entries()) {
		const listener = await listen({
			port: port === 0 ? 0 : port + index,
			site: () => handlers[index],
			headers: transportHeaders(baseUrls.get(id), hstsSubdomains),
			maxConnections,
			onFull: () => onFull(id),
		});
		listeners.push(listener);
	}
	return listeners;
}
