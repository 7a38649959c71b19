import type { HttpClient } from "../../contract/http.ts";
import { CapabilityError } from "./capability-error.ts";

/** Addresses that have only one reading. Most are like this. */
const PLAIN = /^(https?:\/\/[a-z0-9.-]+(?::[0-9]+)?)\/[!-[\]-~]*$/;

/** The real origins of declared hosts: the operator may have replaced some of them. */
export class DeclaredOrigins {
	/** Origins as browsers write them, by what `originOf` returned: always the same few texts. */
	private readonly named = new Map<string, string>();

	constructor(
		private readonly http: HttpClient,
		private readonly hosts: readonly string[],
	) {}

	/** The origin of a host, as browsers write it. */
	of(host: string): string {
		const address = this.http.originOf(host);
		const known = this.named.get(address);
		if (known !== undefined) {
			return known;
		}
		const { origin } = new URL(address);
		this.named.set(address, origin);
		return origin;
	}

	has(origin: string): boolean {
		return this.hosts.some((host) => this.of(host) === origin);
	}

	/**
	 * @returns the address to call, as it was checked.
	 * @throws CapabilityError for an address of another origin.
	 */
	addressOf(url: string): string {
		const origin = plainOrigin(url);
		if (origin !== undefined && this.has(origin)) {
			return url;
		}
		const address = new URL(url);
		if (!this.has(address.origin)) {
			throw new CapabilityError(`network: ${address.host}`);
		}
		return address.href;
	}
}

/**
 * The origin of a complete address that needs no parser. It is the one that browsers read if it is written as they write
 * it; compare it with such origins only.
 */
export function plainOrigin(address: string): string | undefined {
	// The address may be anything that a plugin passes, and is read as a text only if it is one.
	return typeof address === "string" ? PLAIN.exec(address)?.[1] : undefined;
}
