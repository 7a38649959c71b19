import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { isGlobalAddress } from "./global-address.ts";

/** The code of the error that ends a call whose host has no address of the internet. */
export const PRIVATE_ADDRESS = "PRIVATE_ADDRESS";

export interface Reach {
	/**
	 * The hosts that may have any address and may be called without TLS, as `URL.hostname` writes them. The host that is
	 * called counts: a name that leads to a listed address is not listed.
	 */
	readonly allowPrivate: readonly string[];
	/** Gives all addresses of a host name. Left out: as the system does it. */
	readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
	/** Whether an address may be called. Left out: {@link isGlobalAddress}. */
	readonly isGlobal?: (address: string) => boolean;
}

/**
 * The one look-up of a connection, which connects to one of these addresses: a name that leads elsewhere the next time
 * (DNS rebinding) gains nothing. It finds addresses of the internet and no others.
 */
export function publicLookup(reach: Reach): LookupFunction {
	return (host, { all }, answer) => {
		addressesOf(host, reach).then(
			(addresses) => {
				const [first] = addresses;
				if (all === true || first === undefined) {
					answer(null, [...addresses]);
				} else {
					answer(null, first.address, first.family);
				}
			},
			(error: NodeJS.ErrnoException) => answer(error, []),
		);
	};
}

/** Whether a host is an address outside the internet. Sockets look no address up for a host that is one. */
export function isPrivateAddress(host: string, isGlobal = isGlobalAddress): boolean {
	const address = host.replace(/^\[|\]$/g, "");
	return isIP(address) !== 0 && !isGlobal(address);
}

/**
 * A host with addresses of both kinds is called at those of the internet. Refusing it would protect nothing more,
 * because no other address is called, and would lock out hosts that resolvers give a NAT64 address beside their own.
 */
async function addressesOf(
	host: string,
	{
		allowPrivate,
		resolve = (name) => lookup(name, { all: true }),
		isGlobal = isGlobalAddress,
	}: Reach,
): Promise<readonly LookupAddress[]> {
	const addresses = await resolve(host);
	if (allowPrivate.includes(host)) {
		return addresses;
	}
	const global = addresses.filter(({ address }) => isGlobal(address));
	if (global.length === 0) {
		throw Object.assign(new Error("the host has no address of the internet"), {
			code: PRIVATE_ADDRESS,
		});
	}
	return global;
}
