import type { BlockList } from "node:net";
import type { Brand } from "../../contract/brands.ts";
import { isForwardedHostOf, isHostOf } from "../../routes/request-host.ts";
import type { HelpdeskBrands } from "../brands/helpdesk-brands.ts";
import { isTrustedProxy } from "../people/client-address.ts";
import type { Fetch } from "./listen.ts";

/** The administration, where it has an origin of its own. */
export interface AdminAddress {
	readonly baseUrl: string;
	readonly makeSite: () => { readonly fetch: Fetch };
}

type Served = Brand | AdminAddress;

export interface BrandHostsParts {
	readonly brands: HelpdeskBrands;
	/** Makes the site of a brand. The first brand's has the administration, unless that is apart. */
	readonly siteOf: (brand: Brand) => { readonly fetch: Fetch };
	/** Undefined: the administration is at the first brand. */
	readonly admin: AdminAddress | undefined;
	/** The headers of every answer at an address, see `transportHeaders`. */
	readonly headersOf: (served: Served) => Readonly<Record<string, string>>;
	/** The proxies whose `X-Forwarded-Host` is believed. */
	readonly trustedProxies: BlockList;
}

/** Whether an answer depends on how the brand looks. Its files say in their addresses what they are. */
function showsBrand(path = ""): boolean {
	return !path.startsWith("/assets/") && path !== "/healthz";
}

/** Serves a brand with a listener of its own, other than the first, as it looks now. */
export function brandHost(
	{ id }: Pick<Brand, "id">,
	{ brands, siteOf }: Pick<BrandHostsParts, "brands" | "siteOf">,
): Fetch {
	let known: Brand | undefined;
	let site: { readonly fetch: Fetch } | undefined;
	return async (request, env) => {
		if (showsBrand(env.incoming.url)) {
			await brands.refreshIfPossible();
		}
		const brand = brands.find(id);
		if (brand !== undefined && brand !== known) {
			known = brand;
			site = siteOf(brand);
		}
		if (site === undefined) {
			throw new Error(`The brand ${id} has a listener and does not exist.`);
		}
		return site.fetch(request, env);
	};
}

/**
 * What the first listener serves: the first brand and, by the host name of the request, the administration that is apart
 * and the brands in storage.
 */
export class BrandHosts {
	private known: readonly Brand[] = [];
	private sites = new Map<string, { readonly fetch: Fetch }>();
	private byHost: ReadonlyMap<string, Served> = new Map();

	private readonly ownHost: string;

	constructor(
		private readonly first: Brand,
		/** The brands that have listeners of their own. */
		private readonly fixedIds: ReadonlySet<string>,
		private readonly parts: BrandHostsParts,
	) {
		this.ownHost = new URL(first.baseUrl).host;
	}

	readonly fetch: Fetch = async (request, env) => {
		const { incoming } = env;
		const { brands } = this.parts;
		const { host } = incoming.headers;
		const isFirst = host === this.ownHost || isHostOf(this.first.baseUrl, host);
		// Another host name may be that of a new brand.
		if (!isFirst || showsBrand(incoming.url)) {
			await brands.refreshIfPossible();
		}
		const first = brands.find(this.first.id) ?? this.first;
		const served = isFirst ? first : (this.namedBy(request, env) ?? first);
		if (served !== first) {
			this.dress(env, served);
		}
		return this.siteOf(served).fetch(request, env);
	};

	private namedBy({ headers }: Request, { incoming }: Parameters<Fetch>[1]): Served | undefined {
		this.follow();
		const { host } = incoming.headers;
		const others = [...this.byHost.values()];
		const named =
			this.byHost.get(host ?? "") ?? others.find(({ baseUrl }) => isHostOf(baseUrl, host));
		const { remoteAddress = "" } = incoming.socket;
		if (named !== undefined || !isTrustedProxy(remoteAddress, this.parts.trustedProxies)) {
			return named;
		}
		const forwarded = headers.get("x-forwarded-host") ?? undefined;
		return others.find(({ baseUrl }) => isForwardedHostOf(baseUrl, forwarded));
	}

	private siteOf(served: Served): { readonly fetch: Fetch } {
		this.follow();
		// No brand has an empty id.
		const key = "makeSite" in served ? "" : served.id;
		const make = () => ("makeSite" in served ? served.makeSite() : this.parts.siteOf(served));
		const site = this.sites.get(key) ?? make();
		this.sites.set(key, site);
		return site;
	}

	/** Sites are made again after a change: those of changed brands, and the administration, which lists all of them. */
	private follow(): void {
		const all = this.parts.brands.all();
		if (all !== this.known) {
			this.known = all;
			this.sites = new Map();
			const stored = all.filter(({ id }) => !this.fixedIds.has(id));
			const { admin } = this.parts;
			const others: readonly Served[] = [...stored, ...(admin === undefined ? [] : [admin])];
			this.byHost = new Map(others.map((served) => [new URL(served.baseUrl).host, served]));
		}
	}

	/** The listener has set the headers of the first brand. */
	private dress({ outgoing }: Parameters<Fetch>[1], served: Served): void {
		const { headersOf } = this.parts;
		for (const name of Object.keys(headersOf(this.first))) {
			outgoing.removeHeader(name);
		}
		for (const [name, value] of Object.entries(headersOf(served))) {
			outgoing.setHeader(name, value);
		}
	}
}
