import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Secret } from "../../contract/secret.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable, LOGIN_SETTINGS } from "../injection.ts";
import { AccountFinder } from "./account-finder.ts";
import { bindingCookie, browserBinding, newBrowserBinding } from "./browser-binding.ts";
import { finishedCookie, finishedPath } from "./finished-login.ts";
import type { Credentials, IdentityProvider } from "./identity-provider.ts";
import { ProviderError } from "./identity-provider.ts";
import { LoginError, type LoginErrorCode } from "./login-error.ts";
import type { BrandLogin, LoginSettings } from "./login-settings.ts";
import { PENDING_LOGIN_SECONDS, type PendingLogin, PendingLogins } from "./pending-logins.ts";
import { readCallback } from "./read-callback.ts";
import { returnPath } from "./return-path.ts";

const CODE_OF_FAULT = {
	unavailable: "x-unavailable",
	misconfigured: "x-misconfigured",
	rejected: "x-rejected",
} as const satisfies Record<ProviderError["fault"], LoginErrorCode>;

/** The way there and back. Rejects with a {@link LoginError} where the visitor does not get in. */
@injectable()
export class LoginFlow {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(PendingLogins) private readonly pendingLogins: PendingLogins,
		@inject(AccountFinder) private readonly accounts: AccountFinder,
	) {}

	/** One call to X; stores one record; ends in a redirect to X. */
	async start(request: LoginRequest): Promise<LoginResponse> {
		const brand = await this.brandOf(request);
		const [, wanted] = request.form.find(([name]) => name === "return_path") ?? [];
		const path = returnPath(wanted, brand.baseUrl);
		if (request.currentUserId !== undefined) {
			return { kind: "redirect", location: path };
		}
		const { credentials } = await this.openLogin(brand, path);
		const { token, tokenSecret, authorizeUrl } = await fromProvider(path, () =>
			this.provider.requestToken(credentials, brand.callbackUrl),
		);
		const binding = browserBinding(request.cookies) ?? newBrowserBinding(this.host.random);
		await this.pendingLogins.save(binding, {
			brandId: brand.id,
			token,
			tokenSecret,
			returnPath: path,
		});
		// The cookie outlives the log-in like the record does, to tell "too late" from "another browser".
		const cookie = bindingCookie(binding, 2 * PENDING_LOGIN_SECONDS);
		return { kind: "redirect", location: authorizeUrl, cookies: [cookie] };
	}

	/** Takes the pending log-in before anything is asked of X: all that is refused here costs X no call. */
	async finish(request: LoginRequest): Promise<LoginResponse> {
		const brand = await this.brandOf(request);
		const callback = readCallback(request.query);
		if (callback.kind === "malformed") {
			throw new LoginError("malformed-callback", { returnPath: "/" });
		}
		const pending = await this.take(request, callback.token);
		if (pending === undefined || pending.brandId !== brand.id) {
			return this.answerUntaken(request, callback.token, brand);
		}
		if (pending.expired) {
			throw new LoginError("login-expired", { returnPath: pending.returnPath });
		}
		if (callback.kind === "denied") {
			throw new LoginError("cancelled", { returnPath: pending.returnPath });
		}
		const response = await this.complete(request, brand, pending, callback.verifier);
		return { ...response, cookies: [finishedCookie(pending.token, pending.returnPath)] };
	}

	private async complete(
		request: LoginRequest,
		brand: Brand,
		pending: PendingLogin,
		verifier: Secret,
	): Promise<LoginResponse> {
		const login = await this.openLogin(brand, pending.returnPath);
		return fromProvider(pending.returnPath, async () => {
			const identity = await this.provider.exchange(login.credentials, pending, verifier);
			return this.accounts.signIn({ request, brand, login, identity, path: pending.returnPath });
		});
	}

	private async take(request: LoginRequest, token: string): Promise<PendingLogin | undefined> {
		const binding = browserBinding(request.cookies);
		return binding && (await this.pendingLogins.takeOnce(binding, token));
	}

	private answerUntaken(request: LoginRequest, token: string, brand: Brand): LoginResponse {
		const path = finishedPath(request.cookies, token, brand.baseUrl);
		if (path === undefined) {
			throw new LoginError("unknown-login", { returnPath: "/" });
		}
		if (request.currentUserId === undefined) {
			throw new LoginError("login-used", { returnPath: path });
		}
		return { kind: "redirect", location: path };
	}

	private async brandOf(request: LoginRequest): Promise<Brand> {
		const brand = await this.host.brands.find(request.brandId);
		if (brand === undefined) {
			throw new LoginError("not-available", { returnPath: "/" });
		}
		return brand;
	}

	private async openLogin(
		brand: Brand,
		path: string,
	): Promise<BrandLogin & { readonly credentials: Credentials }> {
		const login = await this.settings.read(brand.id);
		if (!login.enabled || login.credentials === undefined) {
			throw new LoginError("not-available", { returnPath: path });
		}
		return { ...login, credentials: login.credentials };
	}
}

async function fromProvider<Result>(path: string, call: () => Promise<Result>): Promise<Result> {
	try {
		return await call();
	} catch (cause) {
		if (cause instanceof ProviderError) {
			throw new LoginError(CODE_OF_FAULT[cause.fault], { returnPath: path, cause });
		}
		throw cause;
	}
}
