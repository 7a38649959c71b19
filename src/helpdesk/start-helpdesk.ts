import type { Brand } from "../contract/brands.ts";
import { namespaced } from "../storage/namespaced-storage.ts";
import { sweepWhileIdle } from "../storage/sweep-while-idle.ts";
import { finishDeletion } from "./add-ons/jobs/add-on-jobs.ts";
import {
	administrationAddress,
	isApart,
	sharedAddressWarning,
} from "./brands/administration-address.ts";
import { noteAdministrationHost } from "./brands/administration-moves.ts";
import { brandsAt, fixedBrands, LOOPBACK } from "./brands/brand-addresses.ts";
import {
	auditedOptions,
	eventLog,
	type HelpdeskCore,
	type HelpdeskOptions,
	openHelpdesk,
	storedBrandsIn,
} from "./helpdesk.ts";
import { closeWork } from "./jobs/open-jobs.ts";
import { type LeftOutBrand, leftOutBrands } from "./left-out-brands.ts";
import { NAMESPACES } from "./namespaces.ts";
import { FIRST_OPERATOR } from "./people/operator-roster.ts";
import { ADMIN_PATHS } from "./web/admin/paths.ts";
import { administrationApart } from "./web/admin-site.ts";
import { atMostOnceAMinute } from "./web/at-most-once-a-minute.ts";
import { BrandHosts, brandHost } from "./web/brand-hosts.ts";
import { brandSites } from "./web/brand-site.ts";
import { closed, type Fetch, type Listener, listen, MOST_CONNECTIONS } from "./web/listen.ts";
import { transportHeaders } from "./web/security-headers.ts";

export interface Helpdesk {
	/** The brands that it serves now, the one with the administration first. */
	readonly brands: readonly Brand[];
	/** Brands with people or settings that it does not serve. */
	readonly leftOut: readonly LeftOutBrand[];
	readonly adminUrl: string;
	/** Says what the administration shares with a portal that strangers may reach; undefined: nothing. */
	readonly sharedAddress: string | undefined;
	/** The host name that the administration had at the start before; undefined: the same, or this is the first start. */
	readonly movedFrom: string | undefined;
	/** The address that each brand with a port of its own listens on, for a proxy in front of it. */
	readonly listening: readonly string[];
	/** Whether letters go out, through the mail server that the start names or one that owners have set. */
	readonly hasMailServer: boolean;
	/** The password is null once the operator exists. */
	readonly operator: { readonly email: string; readonly password: string | null };
	close(): Promise<void>;
}

/**
 * Starts a helpdesk on loopback.
 *
 * @returns the helpdesk once every brand answers.
 * @throws StorageError, BrandError for a configured id that must not be used again, or Error when a port is taken.
 */
export async function startHelpdesk(given: HelpdeskOptions): Promise<Helpdesk> {
	const options = auditedOptions(given);
	await storedBrandsIn(options).note(options.configuredBrands ?? []);
	const handlers: Fetch[] = [];
	const listeners = await listenForEach(options, handlers);
	const ports = listeners.map(({ port }) => port);
	const fixed = brandsAt(options, ports);
	const listening = ports.map((port) => new URL(`http://${LOOPBACK}:${port}`).origin);
	const core = openHelpdesk({ ...options, listening }, fixed);
	await core.brands.refresh();
	refuseUnknownBrands(core, options);
	options.onBrands?.(core.brands.all());
	if (options.pluginZip !== undefined) {
		await core.installer.adopt(options.pluginZip, options.plugin);
	}
	await core.addOns.resume((addOn) => finishDeletion(core.jobs, addOn));
	await core.openid.reseal();
	await core.handOffs.reseal();
	await core.alerts.webhook.reseal();
	await core.secondFactors.reseal(core.operators);
	await core.mailServers.saved.reseal();
	// A helpdesk without people is ready, and stays so.
	await core.search.state();
	core.logOuts.start();
	core.runner.start();
	core.duties.start();
	handlers.push(...handlersOf(core, { ...options, listening }, fixed, ports));
	const endSweeping = sweepWhileIdle(given.storage);
	const adminAddress = administrationAddress(options, fixed);
	const movedFrom = await noteAdministrationHost(
		namespaced(given.storage, NAMESPACES.administration),
		adminAddress,
	);
	const password = await core.operators.makeFirst();
	return {
		get brands() {
			return core.brands.all();
		},
		leftOut: await leftOutBrands(core, options),
		adminUrl: `${adminAddress}${ADMIN_PATHS.overview}`,
		sharedAddress: sharedAddressWarning(options, core.brands.all()),
		movedFrom,
		listening,
		hasMailServer: await core.mailServers.hasServer(),
		operator: { email: (await core.operators.anOwner()) ?? FIRST_OPERATOR, password },
		close: async () => {
			endSweeping();
			// Other nodes take over while the last requests are answered.
			await Promise.all([closeWork(core), ...listeners.map(({ server }) => closed(server))]);
			await core.close();
		},
	};
}

/** @throws Error about a configured helpdesk of a brand that there is not. */
function refuseUnknownBrands(
	{ brands }: Pick<HelpdeskCore, "brands">,
	{ connectedHelpdesks = [], handOffs = [] }: HelpdeskOptions,
): void {
	const lost = [...connectedHelpdesks, ...handOffs].find(
		({ brandId }) => brands.find(brandId) === undefined,
	);
	if (lost !== undefined) {
		const ids = brands.all().map(({ id }) => id);
		throw new Error(
			`the connected helpdesk ${lost.id} is for the brand ${JSON.stringify(lost.brandId)}, and the brands are ${ids.join(", ")}`,
		);
	}
}

/** The handler of each listener. */
function handlersOf(
	core: HelpdeskCore,
	options: HelpdeskOptions,
	fixed: readonly Brand[],
	ports: readonly number[],
): Fetch[] {
	const portOf = new Map(fixed.map(({ id }, index) => [id, ports[index] ?? 0]));
	const siteOf = brandSites(core, options, portOf);
	const [first, ...others] = fixed;
	const hosts =
		first &&
		new BrandHosts(first, new Set(portOf.keys()), {
			...{ brands: core.brands, siteOf, trustedProxies: options.trustedProxies },
			admin: isApart(options, fixed) ? administrationApart(core, options, first) : undefined,
			headersOf: ({ baseUrl }) => transportHeaders(baseUrl, options.hstsSubdomains ?? false),
		});
	return [
		...(hosts ? [hosts.fetch] : []),
		...others.map((brand) => brandHost(brand, { brands: core.brands, siteOf })),
	];
}

/**
 * Listens before there are sites, because base URLs hold the ports.
 *
 * @param handlers the handlers of the brands, in their order. A brand without one answers that it is starting.
 */
async function listenForEach(
	options: HelpdeskOptions,
	handlers: readonly Fetch[],
): Promise<Listener[]> {
	const { port, hstsSubdomains = false, maxConnections = MOST_CONNECTIONS } = options;
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
	for (const [index, { id, url }] of fixedBrands(options).entries()) {
		const listener = await listen({
			port: port === 0 ? 0 : port + index,
			site: () => handlers[index],
			headers: transportHeaders(url, hstsSubdomains),
			maxConnections,
			onFull: () => onFull(id),
		});
		listeners.push(listener);
	}
	return listeners;
}
