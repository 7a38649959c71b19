import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { ActivationReport } from "../../contract/plugin.ts";
import type { SetUpCheck, SetUpReport } from "../../contract/set-up-check.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable, LOGIN_SETTINGS } from "../injection.ts";
import type { BrandLogin, LoginSettings } from "../login/login-settings.ts";
import { type IdentityProvider, ProviderError } from "../login/provider/identity-provider.ts";
import { ProfileRecords } from "../login/provider/profile-records.ts";
import { ProviderCalls } from "../login/provider/provider-calls.ts";

const BUDGET_MS = 5_000;
/** X does not publish its tolerance. A minute is safe. */
const MAX_SKEW_MS = 60_000;
/** This many visitors in a row without an address point to the app, not to the visitors. */
const ENOUGH_WITHOUT_EMAIL = 3;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Checks whether a brand is set up, by one call to X with the real callback URL and by recent log-ins. */
@injectable()
export class SetUpChecker {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(ProfileRecords) private readonly profiles: ProfileRecords,
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
		const checks = [
			...addressChecks(brand),
			...(await this.connectionChecks(brand, login)),
			...(await this.recentChecks(brandId)),
		];
		return { checks };
	}

	/** Makes one request_token call. It involves no visitor, and the token is never used. */
	private async connectionChecks(
		brand: Brand,
		{ ways: [credentials] }: BrandLogin,
	): Promise<readonly SetUpCheck[]> {
		const { callbackUrl } = brand;
		if (credentials === undefined) {
			return [check("keys", "failed", "check.keys.missing")];
		}
		const calls = new ProviderCalls(this.host.clock, BUDGET_MS);
		try {
			if (credentials.protocol === "oauth1") {
				const wish = { callbackUrl, screen: "sign-in", email: false } as const;
				await this.provider.begin(credentials, wish, calls);
			} else {
				await this.provider.probe(credentials, callbackUrl, calls);
			}
		} catch (error) {
			if (!(error instanceof ProviderError)) {
				throw error;
			}
			const { problem } = error;
			return [
				check("connection", "failed", `x-problem.${problem}`, { callbackUrl }),
				...this.clockChecks(problem === "clock-off"),
			];
		}
		return [
			check("connection", "ok", "check.connection.ok", { callbackUrl }),
			...this.clockChecks(false),
		];
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
		if (seen.withoutEmail >= ENOUGH_WITHOUT_EMAIL) {
			const count = String(seen.withoutEmail);
			return [check("profile", "likely", "check.email.likely-off", { count })];
		}
		const message = seen.withEmail > 0 ? "check.profile.ok" : "check.email.unknown";
		return [check("profile", seen.withEmail > 0 ? "ok" : "unknown", message)];
	}
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
