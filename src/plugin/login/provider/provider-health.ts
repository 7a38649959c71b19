import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { ProviderError } from "./identity-provider.ts";

/** The health of the provider for each brand, because each brand has its own app. */
@injectable()
export class ProviderHealth {
	private readonly breakers = new Map<string, CircuitBreaker>();

	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	of(brandId: string): CircuitBreaker {
		const breaker = this.breakers.get(brandId) ?? new CircuitBreaker(this.host.clock);
		this.breakers.set(brandId, breaker);
		return breaker;
	}

	/** Makes a call, and counts whether the provider answered. A refusal is an answer, and so is the page of a firewall. */
	async watch<Result>(brandId: string, call: () => Promise<Result>): Promise<Result> {
		try {
			const result = await call();
			this.of(brandId).succeeded();
			return result;
		} catch (error) {
			if (error instanceof ProviderError) {
				const breaker = this.of(brandId);
				if (error.fault === "unavailable") {
					breaker.failed();
				} else {
					breaker.succeeded();
				}
			}
			throw error;
		}
	}
}
