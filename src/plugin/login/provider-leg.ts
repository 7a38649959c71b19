import type { Brand } from "../../contract/brands.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { Secret } from "../../contract/secret.ts";
import { IDENTITY_PROVIDER, inject, injectable } from "../injection.ts";
import type { Attempt } from "./attempt.ts";
import { onlyField } from "./browser/form-field.ts";
import type { PendingLogin } from "./browser/pending-logins.ts";
import { LoginError, type LoginErrorCode } from "./login-error.ts";
import type { BrandLogin } from "./login-settings.ts";
import type {
	BegunLogin,
	Credentials,
	Identity,
	IdentityProvider,
	Protocol,
	ProviderScreen,
} from "./provider/identity-provider.ts";
import { ProviderError } from "./provider/identity-provider.ts";
import { aboutApp } from "./provider/oauth2-records.ts";
import { ProtocolChoice } from "./provider/protocol-choice.ts";
import { ProviderHealth } from "./provider/provider-health.ts";
import { ReplacedKeys } from "./provider/replaced-keys.ts";

const CODE_OF_FAULT = {
	unavailable: "x-unavailable",
	misconfigured: "x-misconfigured",
	unreachable: "x-unreachable",
	rejected: "x-rejected",
	"account-suspended": "x-account-suspended",
	"account-locked": "x-account-locked",
} as const satisfies Record<ProviderError["fault"], LoginErrorCode>;

/** A request of a visitor at a brand. */
interface Visit {
	readonly request: LoginRequest;
	readonly attempt: Attempt;
	readonly brand: Brand;
}

/**
 * The part of a log-in that concerns the provider: which protocol it begins with, its calls, what they say about the
 * provider's health, and which end a fault of the provider is.
 */
@injectable()
export class ProviderLeg {
	constructor(
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(ProviderHealth) private readonly health: ProviderHealth,
		@inject(ReplacedKeys) private readonly replacedKeys: ReplacedKeys,
		@inject(ProtocolChoice) private readonly choice: ProtocolChoice,
	) {}

	/** Makes one call under OAuth 1.0a, and none under OAuth 2.0 unless it tries that again. */
	async begin(
		{ request, attempt, brand }: Visit,
		{ ways, mode }: BrandLogin,
	): Promise<BegunLogin & Pick<PendingLogin, "protocol" | "notedFor" | "app">> {
		const { id: brandId, callbackUrl } = brand;
		const asksForOther = onlyField(request.form, "way") === "other";
		const asked = { brandId, callbackUrl };
		const visitor = { network: networkOf(request), asksForOther };
		const chosen = await this.choice.choose(asked, ways, visitor, attempt.calls);
		if (chosen === undefined) {
			throw new LoginError("not-available");
		}
		const { credentials, notedFor } = chosen;
		const { protocol } = credentials;
		attempt.chose(protocol);
		if (!this.health.of(brandId, protocol).mayTry()) {
			throw new LoginError("x-unavailable");
		}
		const email = mode !== "link-only" && request.currentUser === undefined;
		const wish = { callbackUrl, screen: screenFor(request), email };
		const begin = () =>
			this.withKeys(brandId, credentials, (keys) => this.provider.begin(keys, wish, attempt.calls));
		// OAuth 2.0 makes no call here, which says nothing about the provider.
		const begun = await (protocol === "oauth1" ? this.watch(brand, protocol, begin) : begin());
		return { ...begun, protocol, notedFor, app: aboutApp({ credentials, callbackUrl }) };
	}

	/**
	 * Use it within {@link watch}.
	 *
	 * @throws LoginError without a call if the administrator has put another app in the place of the one that the log-in
	 *   began with.
	 */
	async exchange(
		{ attempt, brand, pending, request }: Visit & { readonly pending: PendingLogin },
		proof: Secret,
		{ ways }: BrandLogin,
		credentials: Credentials,
	): Promise<Identity> {
		const { id: brandId, callbackUrl } = brand;
		if (!isAppOf(pending, callbackUrl, credentials)) {
			throw new LoginError("login-expired");
		}
		const app = { brandId, callbackUrl, credentials };
		const { calls } = attempt;
		const { notedFor } = pending;
		try {
			const identity = await this.withKeys(brandId, credentials, (keys) =>
				this.provider.exchange(keys, pending, { proof, callbackUrl }, calls),
			);
			if (credentials.protocol === "oauth2") {
				await this.choice.succeeded(app, notedFor);
			}
			return identity;
		} catch (cause) {
			if (cause instanceof ProviderError && credentials.protocol === "oauth2") {
				const hasOther = ways.length > 1 && ways[0]?.protocol === "oauth2";
				const network = networkOf(request);
				if (await this.choice.failed(app, cause, { network, notedFor, hasOther }, calls)) {
					throw new LoginError("x-other-protocol", { cause });
				}
			}
			throw cause;
		}
	}

	/** Counts whether the provider answered. @throws LoginError for a fault of the provider. */
	async watch<Result>(
		{ id }: Brand,
		protocol: Protocol,
		call: () => Promise<Result>,
	): Promise<Result> {
		try {
			return await this.health.watch(id, protocol, call);
		} catch (cause) {
			if (cause instanceof ProviderError) {
				throw new LoginError(CODE_OF_FAULT[cause.fault], { cause });
			}
			throw cause;
		}
	}

	/** Repeats a refused call if the keys were replaced meanwhile: X checks the keys before it looks at any token. */
	private async withKeys<Result>(
		brandId: string,
		keys: Credentials,
		call: (keys: Credentials) => Promise<Result>,
	): Promise<Result> {
		try {
			return await call(keys);
		} catch (error) {
			const misconfigured =
				error instanceof ProviderError && error.fault === "misconfigured" && !error.isProofSpent;
			const latest = misconfigured ? await this.replacedKeys.since(brandId, keys) : undefined;
			if (latest === undefined) {
				throw error;
			}
			return call(latest);
		}
	}
}

function screenFor(request: LoginRequest): ProviderScreen {
	const asked = onlyField(request.form, "screen");
	return asked === "grants" || asked === "other-account" ? asked : "sign-in";
}

/** Under OAuth 2.0 a code is good for the Client ID and the callback URL that it was asked for (RFC 6749 section 4.1.3). */
function isAppOf({ app }: PendingLogin, callbackUrl: string, credentials: Credentials): boolean {
	return credentials.protocol === "oauth1" || app === aboutApp({ credentials, callbackUrl });
}

function networkOf({ clientNetwork, clientAddress }: LoginRequest): string {
	return clientNetwork ?? clientAddress;
}
