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
import { LoginError } from "./login-error.ts";
import type { BrandLogin, LoginSettings } from "./login-settings.ts";
import type { IdentityProvider } from "./provider/identity-provider.ts";
import { ProviderLeg } from "./provider-leg.ts";

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
		@inject(ProviderLeg) private readonly leg: ProviderLeg,
	) {}

	/** Makes one call to X under OAuth 1.0a and none under OAuth 2.0, stores one record, and redirects to X. */
	async start(request: LoginRequest, attempt: Attempt): Promise<LoginResponse> {
		const linking = onlyField(request.form, "intent") === "link";
		attempt.start(request.intent ?? (linking ? "link" : "log-in"));
		const brand = await this.brandOf(request);
		if (attempt.isTrial) {
			// The operator may be logged in to the portal, too.
			return this.goToX({ ...request, currentUser: undefined }, attempt, brand);
		}
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
		const begun = await this.leg.begin(
			{ request, attempt, brand },
			await this.openLogin(brand, attempt),
		);
		const binding = browserBinding(request.cookies) ?? newBrowserBinding(this.host.random);
		await this.pendingLogins.save(binding, {
			brandId: brand.id,
			protocol: begun.protocol,
			notedFor: begun.notedFor,
			app: begun.app,
			token: begun.token,
			secret: begun.secret,
			returnPath: attempt.returnPath,
			linkingUserId,
			begun: await this.links.begin(linkingUserId),
			attempt: attempt.leave(),
		});
		// The cookie outlives the log-in, as the record does, to distinguish "too late" from "another browser".
		const cookie = bindingCookie(binding, 2 * PENDING_LOGIN_SECONDS);
		return { kind: "redirect", location: begun.authorizeUrl, cookies: [cookie] };
	}

	/** Takes the pending log-in before it calls X, so that a refused callback costs no call. */
	async finish(request: LoginRequest, attempt: Attempt): Promise<LoginStep> {
		const brand = await this.brandOf(request);
		const callback = this.provider.readCallback(request.query);
		if (callback.kind === "malformed") {
			throw new LoginError("malformed-callback");
		}
		const binding = browserBinding(request.cookies);
		const named = { ...callback, brandId: brand.id };
		const pending = binding && (await this.pendingLogins.takeOnce(binding, named));
		if (binding === undefined || pending === undefined) {
			return this.answerUntaken(request, callback.token, brand, binding);
		}
		attempt.comeBack(pending.attempt);
		const { returnPath } = pending;
		attempt.learn({ returnPath, linking: pending.linkingUserId !== undefined });
		if (pending.expired) {
			throw new LoginError("login-expired");
		}
		if (callback.kind !== "approved") {
			throw new LoginError(callback.kind === "denied" ? "cancelled" : "x-rejected");
		}
		const visit = { request, attempt, brand, binding, pending };
		const response = await this.complete(visit, callback.proof);
		// A reload of the callback leads to the same place: to the forms, if there are any.
		const path = response.kind === "redirect" ? response.location : returnPath;
		const finished = finishedCookie(digest(pending.token), path);
		// The forms live longer than the rest of the cookie's life.
		const bound = "userId" in response ? NO_BINDING : bindingCookie(binding, CONTINUATION_SECONDS);
		return { ...response, cookies: [finished, bound] };
	}

	/** Finishes under the protocol that the log-in began with, whatever the administrator has chosen since. */
	private async complete(
		visit: Return,
		proof: Secret,
	): Promise<Exclude<LoginStep, { kind: "form" }>> {
		const { attempt, brand, pending } = visit;
		const { protocol } = pending;
		const login = await this.openLogin(brand, attempt);
		const credentials = login.credentials[protocol];
		if (credentials === undefined) {
			throw new LoginError("not-available");
		}
		return this.leg.watch(brand, protocol, async () => {
			const identity = await this.leg.exchange(visit, proof, login, credentials);
			attempt.identity = identity;
			const visitor = { ...visit, login: { ...login, used: credentials }, identity };
			return attempt.isTrial ? this.arrival.try(visitor) : this.arrival.signIn(visitor);
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

	private async brandOf(request: LoginRequest): Promise<Brand> {
		const brand = await this.host.brands.find(request.brandId);
		if (brand === undefined) {
			throw new LoginError("not-available");
		}
		return brand;
	}

	private async openLogin(brand: Brand, { isTrial }: Attempt): Promise<BrandLogin> {
		const login = await this.settings.read(brand.id);
		if (!login.enabled && !isTrial) {
			throw new LoginError("not-available");
		}
		return login;
	}
}
