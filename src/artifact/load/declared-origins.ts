import type { HttpClient } from "../../contract/http.ts";

/** The real origins of declared hosts: the operator may have replaced some of them. */
export class DeclaredOrigins {
	/** Origins as browsers write them, by what `originOf` returned: always the same few texts. */
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
