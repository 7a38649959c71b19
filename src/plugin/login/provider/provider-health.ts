import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { type Protocol, ProviderError } from "./identity-provider.ts";

/** Under OAuth 2.0 one visitor may meet these again and again, so they say nothing about the provider's health. */
const OF_ONE_VISITOR: ReadonlySet<string> = new Set(["token-refused", "rate-limited"]);

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
			const isOfOne = protocol === "oauth2" && OF_ONE_VISITOR.has(problemOf(error));
			if (error instanceof ProviderError && !isOfOne) {
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

function problemOf(error: unknown): string {
	return error instanceof ProviderError ? error.problem : "";
}
