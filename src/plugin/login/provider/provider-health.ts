import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { type Protocol, ProviderError } from "./identity-provider.ts";

/** The health of the provider for each brand and protocol, because each brand has its own app. */
@injectable()
export class ProviderHealth {
	private readonly breakers = new Map<string, CircuitBreaker>();

	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	of(brandId: string, protocol: Protocol): CircuitBreaker {
		const key = `${protocol} ${brandId}`;
		const breaker = this.breakers.get(key) ?? new CircuitBreaker(this.host.clock);
		this.breakers.set(key, breaker);
		return breaker;
	}

	/** Makes a call, and counts whether the provider answered. A refusal is an answer, and so is the page of a firewall. */
	async watch<Result>(
		brandId: string,
		protocol: Protocol,
		call: () => Promise<Result>,
	): Promise<Result> {
		const breaker = this.of(brandId, protocol);
		try {
			const result = await call();
			breaker.succeeded();
			return result;
		} catch (error) {
			if (!(error instanceof ProviderError)) {
				throw error;
			}
			const { fault, concerns } = error;
			// One visitor may meet these again and again, so they say nothing about the provider.
			const isOfOne = concerns === "visitor" || concerns === "one-or-all";
			if (fault !== "unavailable") {
				breaker.succeeded();
			} else if (!isOfOne) {
				breaker.failed();
			}
			throw error;
		}
	}
}
