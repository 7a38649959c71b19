import { isLoopback } from "../../contract/loopback.ts";
import { type FixedBrand, LOOPBACK } from "../../helpdesk/brands/brand-addresses.ts";
import { CommandError } from "../command-error.ts";

/** Names that belong to nobody on the internet (RFC 2606, RFC 6761), with all names below them. */
const RESERVED = [
	"localhost",
	"test",
	"example",
	"invalid",
	"example.com",
	"example.net",
	"example.org",
];

/** Whether strangers may reach an origin: it is neither on loopback nor below a reserved name. */
export function isPublicAddress(origin: string): boolean {
	const { hostname } = new URL(origin);
	const name = hostname.replace(/\.$/, "");
	return !isLoopback(name) && !RESERVED.some((each) => name === each || name.endsWith(`.${each}`));
}

/**
 * The address of each brand.
 *
 * @param given each brand with its origin, as often as it was given.
 * @throws CommandError when a brand has two.
 */
export function onePerBrand(
	given: readonly (readonly [brandId: string, url: string])[],
): ReadonlyMap<string, string> {
	const baseUrls = new Map<string, string>();
	for (const [brandId, url] of given) {
		const other = baseUrls.get(brandId);
		if (other !== undefined) {
			throw new CommandError(
				`--base-url is given twice for the brand ${brandId}: ${other} and ${url}; give one of them, and let the proxy redirect visitors from the other one`,
			);
		}
		baseUrls.set(brandId, url);
	}
	return baseUrls;
}

/**
 * Refuses one address for two brands: nobody could reach the second one.
 *
 * @param brands in the order of their ports. A brand without an address has the one that it listens on.
 * @param port of the first brand. 0: free ports.
 * @throws CommandError
 */
export function refuseSharedAddress(brands: readonly FixedBrand[], port: number): void {
	const owners = new Map<string, string>();
	for (const [index, { id, url: given }] of brands.entries()) {
		const url = given ?? listeningAt(port, index);
		const other = url === undefined ? undefined : owners.get(url);
		if (other !== undefined) {
			throw new CommandError(
				`the brands ${other} and ${id} would both have the address ${url}; give each brand its own with --base-url BRAND=URL`,
			);
		}
		owners.set(url ?? id, id);
	}
}

/**
 * Refuses an address of the administration that leads to the portal of a brand. That of the first brand is where the
 * administration is without an address of its own.
 *
 * @param brands in the order of their ports.
 * @param port of the first brand. 0: free ports.
 * @throws CommandError
 */
export function refuseAddressOfBrand(
	adminBaseUrl: string | undefined,
	brands: readonly FixedBrand[],
	port: number,
): void {
	for (const [index, { id, url }] of brands.entries()) {
		const listening = listeningAt(port, index);
		const isPortal = adminBaseUrl === (url ?? listening);
		if (adminBaseUrl === undefined || (isPortal && index === 0)) {
			return;
		}
		if (isPortal) {
			throw new CommandError(
				`--admin-base-url ${adminBaseUrl} is the address of the brand ${id}; give the administration a host name of its own, such as https://admin.example.com`,
			);
		}
		if (adminBaseUrl === listening) {
			throw new CommandError(
				`--admin-base-url ${adminBaseUrl} is where the brand ${id} listens, and a proxy may name that address in place of the brand's: visitors would get the administration. Give another host name, such as https://admin.example.com, or http://localhost:${new URL(adminBaseUrl).port} for a tunnel to this machine`,
			);
		}
	}
}

function listeningAt(port: number, index: number): string | undefined {
	return port === 0 ? undefined : new URL(`http://${LOOPBACK}:${port + index}`).origin;
}
