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

/**
 * Says what the administration shares with a portal that strangers may reach; undefined where it shares nothing.
 *
 * @param brands the first brand first.
 */
export function sharedAddressWarning(
	options: AdministrationOptions,
	brands: readonly Pick<Brand, "name" | "baseUrl">[],
): string | undefined {
	const address = new URL(administrationAddress(options, brands));
	const beside = brands.find(({ baseUrl }) => new URL(baseUrl).hostname === address.hostname);
	if (beside === undefined || isLoopback(address.hostname)) {
		return undefined;
	}
	const remedy =
		"Start with --admin-base-url and an address with a host name of its own, such as https://admin.example.com";
	return isApart(options, brands)
		? `the administration at ${address.origin} and the portal of ${beside.name} at ${beside.baseUrl} share a host name, and browsers send cookies to every port of a host name. ${remedy}`
		: `the administration and the portal of ${beside.name} share the address ${beside.baseUrl}, so a page of the portal with a fault could act as an operator. ${remedy}`;
}
