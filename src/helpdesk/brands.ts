import type { Brand } from "../contract/brands.ts";

/** The address that the helpdesk listens on. */
export const LOOPBACK = "127.0.0.1";

/** The brands of the helpdesk. The first one has the administration. */
export const STANDALONE_BRANDS = [
	{ id: "acorn", name: "Acorn Outdoor", locale: "en" },
	{ id: "harbor", name: "Harbor Music", locale: "en" },
] as const;

/**
 * The brands at their public addresses, with the paths of one plugin.
 *
 * @param ports the port that each brand listens on, for brands without a public address.
 */
export function brandsAt(
	{
		baseUrls,
		plugin,
	}: {
		/** The public addresses, by brand. */
		readonly baseUrls: ReadonlyMap<string, string>;
		readonly plugin: { readonly manifest: { readonly id: string } };
	},
	ports: readonly number[],
): Brand[] {
	return STANDALONE_BRANDS.map((brand, index) => {
		// Browsers leave out the port of the scheme, such as 80.
		const { origin: baseUrl } = new URL(
			baseUrls.get(brand.id) ?? `http://${LOOPBACK}:${ports[index]}`,
		);
		return {
			...brand,
			baseUrl,
			...pathsAt(baseUrl, plugin.manifest.id),
			loginPath: "/login",
			registrationOpen: true,
			privacyPolicyUrl: `${baseUrl}/privacy`,
			termsUrl: `${baseUrl}/terms`,
		};
	});
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

export function continuePath(pluginId: string): string {
	return `/login/${pluginId}/continue`;
}

export function callbackPath(pluginId: string): string {
	return `/login/${pluginId}/callback`;
}
