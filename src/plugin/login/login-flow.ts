import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import { returnPath } from "../../contract/return-path.ts";
import type { Secret } from "../../contract/secret.ts";
import { digest } from "../digest.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable, LOGIN_SETTINGS } from "../injection.ts";
import { Links } from "../links/links.ts";
import { Arrival } from "./arrival.ts";
import type { Attempt } from "./attempt.ts";
import {
	bindingCookie,
	browserBinding,
	NO_BINDING,
	newBrowserBinding,
} from "./browser/browser-binding.ts";
import { CONTINUATION_SECONDS } from "./browser/continuations.ts";
import { finishedCookie, finishedLogin } from "./browser/finished-cookie.ts";
import { onlyField } from "./browser/form-field.ts";
import {
	PENDING_LOGIN_SECONDS,
	type PendingLogin,
	PendingLogins,
} from "./browser/pending-logins.ts";
import type { LoginStep } from "./form.ts";
import { LoginError, type LoginErrorCode } from "./login-error.ts";
import type { BrandLogin, LoginSettings } from "./login-settings.ts";
import type {
	Credentials,
	IdentityProvider,
	ProviderScreen,
} from "./provider/identity-provider.ts";
import { ProviderError } from "./provider/identity-provider.ts";
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

/** A visitor's return from the provider, with the pending log-in that this request has taken. */
interface Return {
	readonly request: LoginRequest;
	readonly attempt: Attempt;
	readonly brand: Brand;
	readonly binding: Secret;
	readonly pending: PendingLogin;
}

/** Sends visitors to the provider and receives them back. Rejects with a {@link LoginError} for a refused visitor. */
@injectable()
export class LoginFlow {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(PendingLogins) private readonly pendingLogins: PendingLogins,
		@inject(Arrival) private readonly arrival: Arrival,
		@inject(Links) private readonly links: Links,
		@inject(ProviderHealth) private readonly health: ProviderHealth,
		@inject(ReplacedKeys) private readonly replacedKeys: ReplacedKeys,
	) {}

	/** Makes one call to X, stores one record, and redirects to X. */
	async start(request: LoginRequest, attempt: Attempt): Promise<LoginResponse> {
		const linking = onlyField(request.form, "intent") === "link";
		attempt.start(linking ? "link" : "log-in");
		const brand = await this.brandOf(request);
		const path = returnPath(onlyField(request.form, "return_path"), brand.baseUrl);
		const { currentUser } = request;
		if (linking && currentUser === undefined) {
			return { kind: "reauthenticate", returnPath: path };
		}
		if (!linking && currentUser !== undefined) {
			return { kind: "redirect", location: path };
		}
		attempt.learn({ returnPath: path, linking });
		return this.goToX(request, attempt, brand);
	}

	/** Sends the visitor to X. A logged-in visitor links; any other logs in. */
	private async goToX(
		request: LoginRequest,
		attempt: Attempt,
		brand: Brand,
	): Promise<LoginResponse> {
		const linkingUserId = request.currentUser?.id;
		const { credentials } = await this.openLogin(brand);
		if (!this.health.of(brand.id).mayTry()) {
			throw new LoginError("x-unavailable");
		}
		const { token, tokenSecret, authorizeUrl } = await this.fromProvider(brand, () =>
			this.withKeys(brand, credentials, (keys) =>
				this.provider.requestToken(keys, brand.callbackUrl, screenFor(request), attempt.calls),
			),
		);
		const binding = browserBinding(request.cookies) ?? newBrowserBinding(this.host.random);
		await this.pendingLogins.save(binding, {
			brandId: brand.id,
			token,
			tokenSecret,
			returnPath: attempt.returnPath,
			linkingUserId,
			begun: await this.links.begin(linkingUserId),
			attempt: attempt.leave(),
		});
		// The cookie outlives the log-in, as the record does, to distinguish "too late" from "another browser".
		const cookie = bindingCookie(binding, 2 * PENDING_LOGIN_SECONDS);
		return { kind: "redirect", location: authorizeUrl, cookies: [cookie] };
	}

	/** Takes the pending log-in before it calls X, so that a refused callback costs no call. */
	async finish(request: LoginRequest, attempt: Attempt): Promise<LoginStep> {
		const brand = await this.brandOf(request);
		const callback = this.provider.readCallback(request.query);
		if (callback.kind === "malformed") {
			throw new LoginError("malformed-callback");
		}
		const binding = browserBinding(request.cookies);
		const pending = binding && (await this.pendingLogins.takeOnce(binding, callback.token));
		if (binding === undefined || pending === undefined || pending.brandId !== brand.id) {
			return this.answerUntaken(request, callback.token, brand, binding);
		}
		attempt.comeBack(pending.attempt);
		const { returnPath } = pending;
		attempt.learn({ returnPath, linking: pending.linkingUserId !== undefined });
		if (pending.expired) {
			throw new LoginError("login-expired");
		}
		if (callback.kind === "denied") {
			throw new LoginError("cancelled");
		}
		const visit = { request, attempt, brand, binding, pending };
		const response = await this.complete(visit, callback.verifier);
		// A reload of the callback leads to the same place: to the forms, if there are any.
		const path = response.kind === "redirect" ? response.location : returnPath;
		const finished = finishedCookie(digest(pending.token), path);
		// The forms live longer than the rest of the cookie's life.
		const bound = "userId" in response ? NO_BINDING : bindingCookie(binding, CONTINUATION_SECONDS);
		return { ...response, cookies: [finished, bound] };
	}

	private async complete(
		visit: Return,
		verifier: Secret,
	): Promise<Exclude<LoginStep, { kind: "form" }>> {
		const { attempt, brand, pending } = visit;
		const login = await this.openLogin(brand);
		return this.fromProvider(brand, async () => {
			const identity = await this.withKeys(brand, login.credentials, (keys) =>
				this.provider.exchange(keys, pending, verifier, attempt.calls),
			);
			attempt.identityId = identity.id;
			return this.arrival.signIn({ ...visit, login, identity });
		});
	}

	/**
	 * Answers a callback whose log-in this browser does not have: a reload, a tab that was left when another one logged
	 * in, which ends the binding, or a stranger's callback.
	 */
	private answerUntaken(
		{ cookies, currentUser }: LoginRequest,
		token: string,
		brand: Brand,
		binding: Secret | undefined,
	): LoginResponse {
		const { print, path } = finishedLogin(cookies);
		const location = returnPath(path, brand.baseUrl);
		const goesOn = print === digest(token) && location.startsWith(`${brand.continuePath}?`);
		const isThere = currentUser && (path !== undefined || binding === undefined);
		if (goesOn || isThere) {
			return { kind: "redirect", location };
		}
		throw new LoginError(path === undefined ? "unknown-login" : "login-used", {
			returnPath: location,
		});
	}

	/** Repeats a refused call if the keys were replaced meanwhile: X checks the keys before it looks at any token. */
	private async withKeys<Result>(
		brand: Brand,
		keys: Credentials,
		call: (keys: Credentials) => Promise<Result>,
	): Promise<Result> {
		try {
			return await call(keys);
		} catch (error) {
			const misconfigured = error instanceof ProviderError && error.fault === "misconfigured";
			const latest = misconfigured ? await this.replacedKeys.since(brand.id, keys) : undefined;
			if (latest === undefined) {
				throw error;
			}
			return call(latest);
		}
	}

	private async fromProvider<Result>({ id }: Brand, call: () => Promise<Result>): Promise<Result> {
		try {
			return await this.health.watch(id, call);
		} catch (cause) {
			if (cause instanceof ProviderError) {
				throw new LoginError(CODE_OF_FAULT[cause.fault], { cause });
			}
			throw cause;
		}
	}

	private async brandOf(request: LoginRequest): Promise<Brand> {
		const brand = await this.host.brands.find(request.brandId);
		if (brand === undefined) {
			throw new LoginError("not-available");
		}
		return brand;
	}

	private async openLogin(
		brand: Brand,
	): Promise<BrandLogin & { readonly credentials: Credentials }> {
		const login = await this.settings.read(brand.id);
		if (!login.enabled || login.credentials === undefined) {
			throw new LoginError("not-available");
		}
		return { ...login, credentials: login.credentials };
	}
}

function screenFor(request: LoginRequest): ProviderScreen {
	const asked = onlyField(request.form, "screen");
	return asked === "grants" || asked === "other-account" ? asked : "sign-in";
}
