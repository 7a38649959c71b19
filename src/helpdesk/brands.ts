import type { Brand } from "../contract/brands.ts";

/** The two brands of the helpdesk. The first one also has the admin area. */
export const STANDALONE_BRANDS = [
	{ id: "acorn", name: "Acorn Outdoor", locale: "en" },
	{ id: "harbor", name: "Harbor Music", locale: "en" },
] as const;

/** A brand at its public address, as the plugin with this id sees it. */
export function brandAt(
	brand: (typeof STANDALONE_BRANDS)[number],
	baseUrl: string,
	pluginId: string,
): Brand {
	return {
		...brand,
		baseUrl,
		...pathsAt(baseUrl, pluginId),
		loginPath: "/login",
		registrationOpen: true,
		privacyPolicyUrl: `${baseUrl}/privacy`,
		termsUrl: `${baseUrl}/terms`,
	};
}

/** The same brand as another plugin sees it. */
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
