import { createHmac } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { LoadedPlugin } from "../../artifact/load-plugin.ts";
import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { UndiciHttp } from "../../ports/undici-http.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { Accounts } from "./accounts.ts";
import { InstalledPlugin } from "./installed-plugin.ts";
import { FIRST_OPERATOR, Operators } from "./operators.ts";
import { PluginSettings } from "./plugin-settings.ts";
import { Sessions } from "./sessions.ts";
import { brandAt, STANDALONE_BRANDS } from "./standalone-brands.ts";
import { Vault } from "./vault.ts";
import { adminApp } from "./web/admin-app.ts";
import { newSite } from "./web/bare-pages.ts";
import { portalApp } from "./web/portal-app.ts";
import { securityHeaders } from "./web/security-headers.ts";
import type { Place } from "./web/visit.ts";

export interface HelpdeskOptions {
	/** Of the first brand; the next brands take the following ones. 0: free ports. */
	readonly port: number;
	readonly storage: HostStorage;
	readonly plugin: LoadedPlugin;
	readonly clock: Clock;
	readonly random: Random;
	/** 32 bytes; encrypts secrets and proves forms. All nodes of a helpdesk share it. */
	readonly key: Uint8Array;
	/** Where the hosts that plugins call really are, by host name. */
	readonly origins: Readonly<Record<string, string>>;
	/** Public origins of brands behind a proxy, by brand. */
	readonly baseUrls: ReadonlyMap<string, string>;
	/** Takes one line of JSON for each event. */
	readonly log: (line: string) => void;
}

export interface Helpdesk {
	readonly brands: readonly Brand[];
	readonly adminUrl: string;
	/** The password is null once the operator exists. */
	readonly operator: { readonly email: string; readonly password: string | null };
	close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/** Starts the helpdesk on loopback; resolves when every brand answers. */
export async function startHelpdesk(options: HelpdeskOptions): Promise<Helpdesk> {
	const { storage, clock, random, key, plugin: loaded } = options;
	const { id } = loaded.manifest;
	const log = (event: PluginEvent): void =>
		options.log(JSON.stringify({ time: new Date(clock.now()).toISOString(), ...event }));
	const logError = (what: string, error: unknown): void =>
		log({
			name: "helpdesk.error",
			level: "error",
			message: what,
			fields: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
		});

	const handlers: (Hono["fetch"] | undefined)[] = [];
	const listeners = await listenForEach(options.port, handlers);
	const brands = STANDALONE_BRANDS.map((brand, index) => {
		const listening = `http://${LOOPBACK}:${listeners[index]?.port}`;
		return brandAt(brand, options.baseUrls.get(brand.id) ?? listening, id);
	});

	const operators = new Operators(namespaced(storage, ["operators"]), random);
	const accounts = new Accounts(namespaced(storage, ["accounts"]), (email) => operators.has(email));
	const settings = new PluginSettings(
		namespaced(storage, ["plugin-settings", id]),
		loaded.settingsSchema,
		new Vault(derivedKey(key, "vault")),
	);
	const http = new UndiciHttp(options.origins);
	const host: HelpdeskHost = {
		storage: namespaced(storage, ["plugin-data", id]),
		secrets: settings,
		settings,
		brands: {
			find: async (brandId) => brands.find((brand) => brand.id === brandId),
			list: async () => brands,
		},
		users: accounts,
		http,
		events: { emit: log },
		clock,
		random,
	};
	const plugin = new InstalledPlugin(
		loaded,
		host,
		namespaced(storage, ["plugin-state", id]),
		(hook, error) => logError(`the hook ${hook} of ${id} failed`, error),
	);
	await plugin.resume();

	const formTargets = [
		...loaded.manifest.capabilities.navigation,
		...Object.values(options.origins),
	];
	for (const [index, brand] of brands.entries()) {
		const sessions = (role: Place["role"]): Place => ({
			role,
			brandId: brand.id,
			baseUrl: brand.baseUrl,
			locale: brand.locale,
			sessions: new Sessions(
				namespaced(storage, ["sessions", role, brand.id]),
				clock,
				random,
				derivedKey(key, `csrf ${role} ${brand.id}`),
			),
		});
		const site = newSite({
			name: brand.name,
			locale: brand.locale,
			logError: (error) => logError("a request failed", error),
		});
		const https = brand.baseUrl.startsWith("https:");
		const acceptedHosts = [new URL(brand.baseUrl).host, `${LOOPBACK}:${listeners[index]?.port}`];
		site.use(securityHeaders(formTargets, https));
		site.get("/healthz", async (c) => {
			await storage.get(["health"]);
			return c.text("ok");
		});
		site.get("/login", (c, next) => toCanonicalHost(c, brand, acceptedHosts) ?? next());
		site.get("/register", (c, next) => toCanonicalHost(c, brand, acceptedHosts) ?? next());
		if (index === 0) {
			const admin = { place: sessions("admin"), operators, plugin, settings, brands };
			site.route("/", adminApp(admin));
		}
		site.route("/", portalApp({ brand, place: sessions("portal"), accounts, plugin }));
		handlers[index] = site.fetch;
	}
	return {
		brands,
		adminUrl: `${brands[0]?.baseUrl}/admin`,
		operator: { email: FIRST_OPERATOR, password: await operators.makeFirst() },
		close: async () => {
			await Promise.all(listeners.map(({ server }) => closed(server)));
			await http.close();
		},
	};
}

/** Cookies belong to a host name: a log-in has to start on the one it will come back to. */
function toCanonicalHost(
	c: Context,
	brand: Brand,
	acceptedHosts: readonly string[],
): Response | undefined {
	const { pathname, search } = new URL(c.req.url);
	return acceptedHosts.includes(c.req.header("host") ?? "")
		? undefined
		: c.redirect(`${brand.baseUrl}${pathname}${search}`, 302);
}

interface Listener {
	readonly server: ServerType;
	readonly port: number;
}

/** The servers listen before there is anything to serve, because base URLs hold the ports they got. */
async function listenForEach(
	firstPort: number,
	handlers: readonly (Hono["fetch"] | undefined)[],
): Promise<Listener[]> {
	const listeners: Listener[] = [];
	for (const index of STANDALONE_BRANDS.keys()) {
		const server = createAdaptorServer({
			fetch: (request, env) =>
				handlers[index]?.(request, env) ?? new Response("starting\n", { status: 503 }),
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

function derivedKey(key: Uint8Array, purpose: string): Uint8Array {
	return createHmac("sha256", key).update(purpose).digest();
}
