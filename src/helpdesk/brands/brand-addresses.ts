import type { Brand } from "../../contract/brands.ts";
import { type BrandFacts, SAMPLE_BRANDS } from "./brand-rules.ts";

/** The address that the helpdesk listens on. */
export const LOOPBACK = "127.0.0.1";

/** A brand that has its own port and changes only with a new start. */
export interface FixedBrand extends Omit<BrandFacts, "url"> {
	/** Undefined: where it listens. */
	readonly url: string | undefined;
}

export interface BrandOptions {
	/** The brands of the configuration, the one with the administration first. Left out or none: the sample brands. */
	readonly configuredBrands?: readonly BrandFacts[];
	/** The public addresses of sample brands, by brand. */
	readonly baseUrls: ReadonlyMap<string, string>;
}

/** The brands with a port of their own, in the order of their ports. */
export function fixedBrands({
	configuredBrands = [],
	baseUrls,
}: BrandOptions): readonly FixedBrand[] {
	return configuredBrands.length > 0
		? configuredBrands
		: SAMPLE_BRANDS.map((brand) => ({ ...brand, url: baseUrls.get(brand.id) }));
}

/**
 * The fixed brands at their public addresses, with the paths of one plugin.
 *
 * @param ports the port that each brand listens on, for brands without a public address.
 */
export function brandsAt(
	options: BrandOptions & { readonly plugin: { readonly manifest: { readonly id: string } } },
	ports: readonly number[],
): Brand[] {
	return fixedBrands(options).map((brand, index) => {
		// Browsers leave out the port of the scheme, such as 80.
		const { origin: url } = new URL(brand.url ?? `http://${LOOPBACK}:${ports[index]}`);
		return brandAt({ ...brand, url }, options.plugin.manifest.id);
	});
}

/** A brand with the paths of one plugin. */
export function brandAt({ id, name, url, locale, timeZone }: BrandFacts, pluginId: string): Brand {
	return {
		...{ id, name, locale, baseUrl: url },
		...(timeZone !== undefined && { timeZone }),
		...pathsAt(url, pluginId),
		loginPath: "/login",
		registrationOpen: true,
		privacyPolicyUrl: `${url}/privacy`,
		termsUrl: `${url}/terms`,
	};
}

/** The same brand with the paths of another plugin. */
export function brandFor(brand: Brand, pluginId: string): Brand {
	return { ...brand, ...pathsAt(brand.baseUrl, pluginId) };
}

function pathsAt(baseUrl: string, pluginId: string) {
	return {
		callbackUrl: `${baseUrl}${callbackPath(pluginId)}`,
		startPath: startPath(pluginId),
		continuePath: continuePath(pluginId),
	};
}

export function startPath(pluginId: string): string {
	return `/login/${pluginId}/start`;
}

/** Where an operator begins a test log-in. */
export function trialPath(pluginId: string): string {
	return `/login/${pluginId}/try`;
}

export function continuePath(pluginId: string): string {
	return `/login/${pluginId}/continue`;
}

export function callbackPath(pluginId: string): string {
	return `/login/${pluginId}/callback`;
}
