import type { AddressInfo } from "node:net";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { Brand } from "../contract/brands.ts";
import { namespaced } from "../storage/namespaced-storage.ts";
import { sweepWhileIdle } from "../storage/sweep-while-idle.ts";
import { brandsAt, LOOPBACK, STANDALONE_BRANDS } from "./brands.ts";
import { derivedKey, type HelpdeskOptions, openHelpdesk } from "./helpdesk.ts";
import { addressKey, comparedAddress } from "./mail/email-key.ts";
import { AttemptLimit } from "./people/attempt-limit.ts";
import { clientNetwork } from "./people/client-address.ts";
import { KnownDevices } from "./people/known-devices.ts";
import { FIRST_OPERATOR } from "./people/operators.ts";
import { Sessions } from "./people/sessions.ts";
import { adminApp } from "./web/admin/admin-app.ts";
import { uploadLimit } from "./web/admin/uploads.ts";
import { newSite } from "./web/bare-pages.ts";
import { clientAddressOf } from "./web/portal/plugin-routes.ts";
import { portalApp } from "./web/portal/portal-app.ts";
import { securityHeaders } from "./web/security-headers.ts";
import { knownDevice, type Place, type VisitEnv } from "./web/visit.ts";

export interface Helpdesk {
	readonly brands: readonly Brand[];
	readonly adminUrl: string;
	/** Where each brand listens, for the proxy before it. */
	readonly listening: readonly string[];
	/** The password is null once the operator exists. */
	readonly operator: { readonly email: string; readonly password: string | null };
	close(): Promise<void>;
}

/** Guesses at one account's password, whoever makes them; as many again from each browser that it was logged in in. */
const PASSWORDS_PER_MINUTE = 10;

/** Starts the helpdesk on loopback; resolves when every brand answers. */
export async function startHelpdesk(options: HelpdeskOptions): Promise<Helpdesk> {
	const { storage, clock, random, keys } = options;
	const handlers: (Hono["fetch"] | undefined)[] = [];
	const listeners = await listenForEach(options.port, handlers);
	const brands = brandsAt(
		options,
		listeners.map(({ port }) => port),
	);
	const core = openHelpdesk(options, brands);
	const { operators, registration, accounts, resets, letters, addOns, logError } = core;
	if (options.pluginZip !== undefined) {
		await core.installer.adopt(options.pluginZip, options.plugin);
	}
	await addOns.resume();

	const formTargets = () => [...addOns.formTargets(), ...Object.values(options.origins)];
	const { trustedProxies } = options;
	const startLimit = new AttemptLimit(options.startLimit, clock);
	const byAddress = new AttemptLimit(options.startLimit, clock);
	const passwords = options.startLimit === 0 ? 0 : PASSWORDS_PER_MINUTE;
	const byAccount = new AttemptLimit(passwords, clock);
	const byDevice = new AttemptLimit(passwords, clock);
	/** Before a password is looked at: each look costs a second of a processor, and each is a guess. */
	const secondsToWait =
		(place: Place) =>
		async (c: Context<VisitEnv>, email: string): Promise<number> => {
			const where = `${place.role} ${place.brandId}`;
			const network = clientNetwork(clientAddressOf(c, trustedProxies));
			const wait = byAddress.secondsToWait(where, network);
			// What an address may not even try is no guess at an account: one of them would keep everybody out of theirs.
			if (wait > 0) {
				return wait;
			}
			const sessionEpoch =
				place.role === "admin"
					? await operators.sessionEpochOf(email)
					: (await accounts.byEmail(place.brandId, email))?.sessionEpoch;
			const device = sessionEpoch !== undefined && knownDevice(c, place, { email, sessionEpoch });
			return !device
				? byAccount.secondsToWait(where, addressKey(comparedAddress(email)))
				: byDevice.secondsToWait(where, device);
		};
	for (const [index, brand] of brands.entries()) {
		const sessions = (role: Place["role"]): Place => ({
			role,
			brandId: brand.id,
			baseUrl: brand.baseUrl,
			locale: brand.locale,
			standingOf: async ({ subjectId, epoch }) => {
				if (role === "admin") {
					return (await operators.sessionEpochOf(subjectId)) === epoch ? "good" : "over";
				}
				const account = await accounts.find(subjectId);
				if (account?.brandId !== brand.id || account.sessionEpoch !== epoch) {
					return "over";
				}
				const { status } = account;
				return status === "active" ? "good" : status === "incomplete" ? "incomplete" : "over";
			},
			sessions: new Sessions(
				namespaced(storage, ["sessions", role, brand.id]),
				clock,
				random,
				keys.map((key) => derivedKey(key, `csrf ${role} ${brand.id}`)),
			),
			devices: new KnownDevices(
				clock,
				random,
				keys.map((key) => derivedKey(key, `device ${role} ${brand.id}`)),
			),
		});
		const place = sessions("admin");
		const https = brand.baseUrl.startsWith("https:");
		const site = newSite({
			name: brand.name,
			locale: brand.locale,
			...(index === 0 && { largeBody: uploadLimit(place) }),
			logError: (error) => logError("a request failed", error),
			headers: securityHeaders(formTargets, https),
		});
		const acceptedHosts = [new URL(brand.baseUrl).host, `${LOOPBACK}:${listeners[index]?.port}`];
		site.get("/healthz", async (c) => {
			await storage.get(["health"]);
			return c.text("ok");
		});
		site.get("/login", (c, next) => toCanonicalHost(c, brand, acceptedHosts) ?? next());
		site.get("/register", (c, next) => toCanonicalHost(c, brand, acceptedHosts) ?? next());
		if (index === 0) {
			const admin = {
				...core,
				place,
				brands,
				now: () => clock.now(),
				secondsToWait: secondsToWait(place),
				recorder: options.recorder,
			};
			site.route("/", adminApp(admin));
		}
		const portalPlace = sessions("portal");
		const portal = portalApp({
			brand,
			place: portalPlace,
			accounts,
			registration,
			addOns,
			resets,
			letters,
			now: () => clock.now(),
			logError: (error) => logError("what follows an answer failed", error),
			secondsToWait: secondsToWait(portalPlace),
			startLimit,
			trustedProxies,
		});
		site.route("/", portal);
		handlers[index] = site.fetch;
	}
	const endSweeping = sweepWhileIdle(storage);
	return {
		brands,
		adminUrl: `${brands[0]?.baseUrl}/admin`,
		listening: listeners.map(({ port }) => `http://${LOOPBACK}:${port}`),
		operator: { email: FIRST_OPERATOR, password: await operators.makeFirst() },
		close: async () => {
			endSweeping();
			await Promise.all(listeners.map(({ server }) => closed(server)));
			await core.close();
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
