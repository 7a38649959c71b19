import type { Brand } from "../../contract/brands.ts";
import { isLoopback } from "../../contract/loopback.ts";

export interface AdministrationOptions {
	/** The origin of the administration. Left out: the administration is beside the portal of the first brand. */
	readonly adminBaseUrl?: string | undefined;
}

/**
 * The address of the administration, an origin. Its host name is also the one that operators' passkeys belong to.
 *
 * @param brands the first brand first.
 */
export function administrationAddress(
	{ adminBaseUrl }: AdministrationOptions,
	[first]: readonly Pick<Brand, "baseUrl">[],
): string {
	return adminBaseUrl ?? first?.baseUrl ?? "";
}

/** Whether the administration has an origin of its own. Then no brand's address answers its pages. */
export function isApart(
	options: AdministrationOptions,
	brands: readonly Pick<Brand, "baseUrl">[],
): boolean {
	return administrationAddress(options, brands) !== brands[0]?.baseUrl;
}

/** What the administration shares with a portal that strangers may reach. */
export interface SharedAddress {
	/** Whether they share the whole address, or its host name alone. */
	readonly what: "address" | "host";
	/** The origin of the administration. */
	readonly administration: string;
	/** The name of the portal's brand. */
	readonly brand: string;
	/** The address of the portal. */
	readonly address: string;
}

/**
 * Finds a portal that shares the address of the administration, or its host name; undefined where none does.
 *
 * @param brands the first brand first.
 */
export function sharedAddress(
	options: AdministrationOptions,
	brands: readonly Pick<Brand, "name" | "baseUrl">[],
): SharedAddress | undefined {
	const own = new URL(administrationAddress(options, brands));
	const beside = brands.find(({ baseUrl }) => new URL(baseUrl).hostname === own.hostname);
	return beside === undefined || isLoopback(own.hostname)
		? undefined
		: {
				what: isApart(options, brands) ? "host" : "address",
				administration: own.origin,
				...{ brand: beside.name, address: beside.baseUrl },
			};
}

/** What the address of an administration that shares nothing looks like, and how the start is given it. */
export const OWN_ADDRESS = { option: "--admin-base-url", example: "https://admin.example.com" };

/** The same for the log: what the administration shares, and what to do. */
export function sharedAddressWarning(
	options: AdministrationOptions,
	brands: readonly Pick<Brand, "name" | "baseUrl">[],
): string | undefined {
	const shared = sharedAddress(options, brands);
	if (shared === undefined) {
		return undefined;
	}
	const { what, administration, brand, address } = shared;
	const { option, example } = OWN_ADDRESS;
	const remedy = `Start with ${option} and an address with a host name of its own, such as ${example}`;
	return what === "host"
		? `the administration at ${administration} and the portal of ${brand} at ${address} share a host name, and browsers send cookies to every port of a host name. ${remedy}`
		: `the administration and the portal of ${brand} share the address ${address}, so a page of the portal with a fault could act as an operator. ${remedy}`;
}
