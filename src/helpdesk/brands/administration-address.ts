import type { Brand } from "../../contract/brands.ts";

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
