import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { ActivationReport } from "../../contract/plugin.ts";
import type { SetUpCheck, SetUpReport } from "../../contract/set-up-check.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable, LOGIN_SETTINGS } from "../injection.ts";
import type { BrandLogin, LoginSettings } from "../login/login-settings.ts";
import {
	type Credentials,
	type IdentityProvider,
	ProviderError,
} from "../login/provider/identity-provider.ts";
import { OAuth2Records } from "../login/provider/oauth2-records.ts";
import { ProfileRecords } from "../login/provider/profile-records.ts";
import { ProviderCalls } from "../login/provider/provider-calls.ts";

const BUDGET_MS = 5_000;
/** X does not publish its tolerance. A minute is safe. */
const MAX_SKEW_MS = 60_000;
/** This many visitors in a row without an address, or without a return, point to the app and not to the visitors. */
const ENOUGH = 3;
/** Why log-ins begin under OAuth 1.0a, where only an administrator can end it. */
const FOR_ADMINISTRATOR: ReadonlySet<string | null> = new Set(["no-credits", "bad-client"]);
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Checks whether a brand is set up: by one call to X for each protocol that its administrator chose, and by recent log-ins,
 * which show what X tells only a person.
 */
@injectable()
export class SetUpChecker {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(ProfileRecords) private readonly profiles: ProfileRecords,
		@inject(OAuth2Records) private readonly oauth2: OAuth2Records,
	) {}

	/** Missing keys are not a failure: the administrator enters them next. */
	async onActivate(): Promise<ActivationReport> {
		const brandIds: string[] = [];
		for (const { id } of await this.host.brands.list()) {
			const { ways } = await this.settings.read(id);
			if (ways.length === 0) {
				brandIds.push(id);
			}
		}
		return brandIds.length === 0 ? { state: "ready" } : { state: "needs-setup", brandIds };
	}

	async check(brandId: string): Promise<SetUpReport> {
		const brand = await this.host.brands.find(brandId);
		if (brand === undefined) {
			return { checks: [] };
		}
		const login = await this.settings.read(brandId);
		// At once, so that a silent X costs the time of one call.
		const connections = await Promise.all(
			login.chosen.map((protocol) =>
				protocol === "oauth1" ? this.oauth1Checks(brand, login) : this.oauth2Checks(brand, login),
			),
		);
		const checks = [
			...addressChecks(brand),
			...connections.flat(),
			...(await this.recentChecks(brandId)),
		];
		return { checks };
	}

	/** Makes one request_token call. It involves no visitor, and the token is never used. */
	private async oauth1Checks(
		{ callbackUrl }: Brand,
		{ credentials: { oauth1: keys } }: BrandLogin,
	): Promise<readonly SetUpCheck[]> {
		if (keys === undefined) {
			return [check("keys", "failed", "check.keys.missing")];
		}
		const wish = { callbackUrl, screen: "sign-in", email: false } as const;
		const problem = await this.problemOf((calls) => this.provider.begin(keys, wish, calls));
		return [
			problem === undefined
				? check("connection", "ok", "check.connection.ok", { callbackUrl })
				: check("connection", "failed", `x-problem.${problem}`, { callbackUrl }),
			...this.clockChecks(problem === "clock-off"),
		];
	}

	/** Redeems a made-up code, which shows that X exchanges codes. The rest is known from log-ins alone. */
	private async oauth2Checks(
		{ id: brandId, callbackUrl }: Brand,
		{ credentials: { oauth2: keys }, ways }: BrandLogin,
	): Promise<readonly SetUpCheck[]> {
		if (keys === undefined) {
			return [check("keys", "failed", "check.keys.missing-client")];
		}
		const problem = await this.problemOf((calls) => this.provider.probe(keys, callbackUrl, calls));
		const ok = keys.secret === undefined ? "check.oauth2.ok-public" : "check.oauth2.ok";
		return [
			problem === undefined
				? check("connection-oauth2", "ok", ok)
				: check("connection-oauth2", "failed", `x-problem.${problem}`, { callbackUrl }),
			...(await this.oauth2RecentChecks({ brandId, callbackUrl, credentials: keys }, ways)),
		];
	}

	private async oauth2RecentChecks(
		app: Parameters<OAuth2Records["read"]>[0],
		ways: readonly Credentials[],
	): Promise<readonly SetUpCheck[]> {
		const seen = await this.oauth2.read(app);
		const values = { callbackUrl: app.callbackUrl, count: String(seen.unfinished) };
		const checks = [
			seen.unfinished >= ENOUGH
				? check("return", "likely", "check.return.likely", values)
				: seen.cameBackAt === null
					? check("return", "unknown", "check.return.unknown", values)
					: check("return", "ok", "check.return.ok", values),
		];
		if (ways.length > 1 && seen.otherSince !== null) {
			// The others pass without an administrator.
			const state = FOR_ADMINISTRATOR.has(seen.problem) ? "failed" : "likely";
			const times = { since: minuteOf(seen.otherSince), next: minuteOf(seen.triedAgainAt) };
			checks.push(check("fallback", state, "check.fallback", times));
			checks.push(check("fallback-cause", state, `x-problem.${seen.problem}`, values));
		} else if (seen.problem !== null) {
			checks.push(check("profile-oauth2", "likely", `x-problem.${seen.problem}`, values));
		}
		return checks;
	}

	/** The problem that a call to X meets; undefined for none. */
	private async problemOf(
		call: (calls: ProviderCalls) => Promise<unknown>,
	): Promise<string | undefined> {
		try {
			await call(new ProviderCalls(this.host.clock, BUDGET_MS));
			return undefined;
		} catch (error) {
			if (error instanceof ProviderError) {
				return error.problem;
			}
			throw error;
		}
	}

	/** Compares clocks by the time in X's answer. A proxy may have written that time, so it need not match a refusal. */
	private clockChecks(refused: boolean): readonly SetUpCheck[] {
		const { skewMs } = this.provider;
		if (skewMs === undefined) {
			return [];
		}
		const seconds = String(Math.round(Math.abs(skewMs) / 1000));
		if (Math.abs(skewMs) <= MAX_SKEW_MS) {
			return [
				refused
					? check("clock", "unknown", "check.clock.disputed")
					: check("clock", "ok", "check.clock.ok"),
			];
		}
		const message = skewMs > 0 ? "check.clock.slow" : "check.clock.fast";
		return [check("clock", "failed", message, { seconds })];
	}

	private async recentChecks(brandId: string): Promise<readonly SetUpCheck[]> {
		const seen = await this.profiles.find(brandId);
		if (seen === undefined) {
			return [check("profile", "unknown", "check.profile.unknown")];
		}
		if (seen.problem !== null) {
			return [check("profile", "likely", `x-problem.${seen.problem}`)];
		}
		if (seen.withoutEmail >= ENOUGH) {
			const count = String(seen.withoutEmail);
			return [check("profile", "likely", "check.email.likely-off", { count })];
		}
		const message = seen.withEmail > 0 ? "check.profile.ok" : "check.email.unknown";
		return [check("profile", seen.withEmail > 0 ? "ok" : "unknown", message)];
	}
}

/** In UTC, so that it can be compared with what X says about its incidents. */
function minuteOf(at: number): string {
	return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function addressChecks({ baseUrl, callbackUrl }: Brand): readonly SetUpCheck[] {
	const base = new URL(baseUrl);
	if (base.protocol !== "https:" && !LOOPBACK.test(base.hostname)) {
		return [check("address", "failed", "check.address.not-https", { baseUrl })];
	}
	if (new URL(callbackUrl).host !== base.host) {
		return [check("address", "failed", "check.address.other-host", { baseUrl, callbackUrl })];
	}
	return [check("address", "ok", "check.address.ok", { callbackUrl })];
}

function check(
	id: string,
	state: SetUpCheck["state"],
	message: string,
	values: SetUpCheck["values"] = {},
): SetUpCheck {
	return { id, state, message, values };
}
