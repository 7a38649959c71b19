import type { BlockList } from "node:net";
import type { Brand } from "../../contract/brands.ts";
import { isForwardedHostOf, isHostOf } from "../../routes/request-host.ts";
import type { HelpdeskBrands } from "../brands/helpdesk-brands.ts";
import { isTrustedProxy } from "../people/client-address.ts";
import type { Fetch } from "./listen.ts";

export interface BrandHostsParts {
	readonly brands: HelpdeskBrands;
	/** Makes the site of a brand. The first brand's has the administration. */
	readonly siteOf: (brand: Brand) => { readonly fetch: Fetch };
	/** The headers of every answer of a brand, see `transportHeaders`. */
	readonly headersOf: (brand: Brand) => Readonly<Record<string, string>>;
	readonly adminPath: string;
	/** The proxies whose `X-Forwarded-Host` is believed. */
	readonly trustedProxies: BlockList;
}

/** The brands of the first listener: the first brand and, by the host name of the request, the brands in storage. */
export class BrandHosts {
	private known: readonly Brand[] = [];
	private sites = new Map<string, { readonly fetch: Fetch }>();
	private byHost: ReadonlyMap<string, Brand> = new Map();

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
		const { brands, adminPath } = this.parts;
		const { host } = incoming.headers;
		const isFirst = host === this.ownHost || isHostOf(this.first.baseUrl, host);
		// A page of the administration lists the brands. Another host name may be that of a new one.
		if (!isFirst || incoming.url?.startsWith(adminPath) === true) {
			await brands.refreshIfPossible();
		}
		const brand = isFirst ? this.first : (this.storedFor(request, env) ?? this.first);
		if (brand !== this.first) {
			this.dress(env, brand);
		}
		return this.siteOf(brand).fetch(request, env);
	};

	private storedFor({ headers }: Request, { incoming }: Parameters<Fetch>[1]): Brand | undefined {
		this.follow();
		const { host } = incoming.headers;
		const stored = [...this.byHost.values()];
		const named =
			this.byHost.get(host ?? "") ?? stored.find(({ baseUrl }) => isHostOf(baseUrl, host));
		const { remoteAddress = "" } = incoming.socket;
		if (named !== undefined || !isTrustedProxy(remoteAddress, this.parts.trustedProxies)) {
			return named;
		}
		const forwarded = headers.get("x-forwarded-host") ?? undefined;
		return stored.find(({ baseUrl }) => isForwardedHostOf(baseUrl, forwarded));
	}

	private siteOf(brand: Brand): { readonly fetch: Fetch } {
		this.follow();
		const site = this.sites.get(brand.id) ?? this.parts.siteOf(brand);
		this.sites.set(brand.id, site);
		return site;
	}

	/** Sites are made again after a change: those of changed brands, and the administration, which lists all of them. */
	private follow(): void {
		const all = this.parts.brands.all();
		if (all !== this.known) {
			this.known = all;
			this.sites = new Map();
			const stored = all.filter(({ id }) => !this.fixedIds.has(id));
			this.byHost = new Map(stored.map((brand) => [new URL(brand.baseUrl).host, brand]));
		}
	}

	/** The listener has set the headers of the first brand. */
	private dress({ outgoing }: Parameters<Fetch>[1], brand: Brand): void {
		const { headersOf } = this.parts;
		for (const name of Object.keys(headersOf(this.first))) {
			outgoing.removeHeader(name);
		}
		for (const [name, value] of Object.entries(headersOf(brand))) {
			outgoing.setHeader(name, value);
		}
	}
}
