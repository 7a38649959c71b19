import type { HttpClient } from "../../contract/http.ts";

/** The origins at which declared hosts really are: the operator may have put others in their place. */
export class DeclaredOrigins {
	/** What `originOf` gave, as a browser names it: the same few texts all the time. */
	private readonly named = new Map<string, string>();

	constructor(
		private readonly http: HttpClient,
		private readonly hosts: readonly string[],
	) {}

	has(origin: string): boolean {
		return this.hosts.some((host) => this.nameOf(this.http.originOf(host)) === origin);
	}

	private nameOf(address: string): string {
		const origin = this.named.get(address) ?? new URL(address).origin;
		this.named.set(address, origin);
		return origin;
	}
}
