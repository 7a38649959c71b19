import type { Brand } from "../contract/brands.ts";
import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { LoginRequest } from "../contract/login-request.ts";
import type { LoginResponse } from "../contract/login-response.ts";
import { isStorageError } from "../contract/storage.ts";
import { HOST, inject, injectable, MESSAGES } from "./injection.ts";
import { labelOf } from "./links/links.ts";
import type { Messages } from "./locale/messages.ts";
import { Attempt } from "./login/attempt.ts";
import type { LoginStep } from "./login/form.ts";
import { LoginError } from "./login/login-error.ts";
import { ProviderError } from "./login/provider/identity-provider.ts";
import { isRecorded } from "./login/stray-requests.ts";
import { traceCode } from "./login/trace-code.ts";
import { loginEnded, trialFailed } from "./login-events.ts";
import { adviceOn, GOOD_ENDS } from "./pages/explain.ts";
import { loginForm } from "./pages/login-form.ts";
import { refusal } from "./pages/refusal.ts";
import { failedTrialPage, trialPage } from "./pages/trial.ts";

/** Turns the result of a visitor's request into the response for the helpdesk, and reports attempts that have ended. */
@injectable()
export class LoginAnswer {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(MESSAGES) private readonly messages: Messages,
	) {}

	/** The one place where an error becomes a page. */
	async to(
		request: LoginRequest,
		step: (attempt: Attempt) => Promise<LoginStep>,
	): Promise<LoginResponse> {
		const attempt = new Attempt(this.host.clock);
		try {
			return await this.respond(request, attempt, await step(attempt));
		} catch (error) {
			return this.refuse(request, attempt, error);
		}
	}

	private async respond(
		{ brandId, locale }: LoginRequest,
		attempt: Attempt,
		step: LoginStep,
	): Promise<LoginResponse> {
		if (step.kind === "form") {
			const brand = await this.host.brands.find(brandId);
			return brand === undefined
				? { kind: "redirect", location: "/" }
				: loginForm(step.form, brand, this.messages.in(locale));
		}
		if (step.kind === "trial") {
			const { cookies } = step;
			const brand = await this.host.brands.find(brandId);
			if (brand === undefined) {
				return { kind: "redirect", location: "/" };
			}
			const page = trialPage(step, brand, this.messages.in(locale));
			return { kind: "page", page, ...(cookies && { cookies }) };
		}
		const code = GOOD_ENDS.find((each) => each === step.kind);
		if (code !== undefined && "userId" in step) {
			this.host.events.emit(
				loginEnded({
					brandId,
					attempt,
					outcome: "came-in",
					code,
					traceCode: traceCode(this.host.random),
					userId: step.userId,
				}),
			);
		}
		if (step.kind === "already-linked") {
			const { returnPath, cookies } = step;
			return { kind: "redirect", location: returnPath, ...(cookies && { cookies }) };
		}
		const { identity } = attempt;
		// Version 1.2 of the contract added it.
		return identity && "userId" in step && Number(this.host.contract?.split(".")[1]) > 1
			? { ...step, linkedAccount: { identityId: identity.id, label: labelOf(identity) } }
			: step;
	}

	private async refuse(
		request: LoginRequest,
		attempt: Attempt,
		error: unknown,
	): Promise<LoginResponse> {
		const known = error instanceof LoginError ? error : undefined;
		const code = known?.code ?? (isStorageError(error) ? "helpdesk-unavailable" : "unexpected");
		const soFar = attempt.soFar();
		// Visitors can make up what X would have given them. What X refuses before they leave for X is not theirs.
		const isMadeUp = soFar === null || (code === "x-rejected" && soFar.awayMs !== null);
		const isStray = known !== undefined && isMadeUp;
		const isOnlyCounted = isStray && !(await isRecorded(this.host, request));
		const trace = isOnlyCounted ? "" : traceCode(this.host.random);
		const brand = await this.brandOf(request);
		const cause = known ? known.cause : error;
		if (attempt.isTrial) {
			if (known === undefined) {
				this.host.events.emit(trialFailed(request.brandId, error));
			}
			const problem = cause instanceof ProviderError ? cause.problem : (soFar?.problem ?? null);
			const text = this.messages.in(request.locale);
			return { kind: "page", page: failedTrialPage({ code, problem }, brand, text) };
		}
		const response = refusal(code, {
			brand,
			text: this.messages.in(request.locale),
			returnPath: known?.returnPath ?? attempt.returnPath,
			linking: attempt.linking,
			traceCode: trace,
		});
		if (trace !== "") {
			this.host.events.emit(
				loginEnded({
					brandId: request.brandId,
					attempt,
					outcome: response.kind,
					code,
					traceCode: trace,
					userId: known?.userId,
					cause,
					// The log has one language.
					advice: adviceOn(cause, this.messages.in("en"), brand?.callbackUrl ?? ""),
				}),
			);
		}
		return known?.afterwards === undefined
			? response
			: { ...response, afterwards: known.afterwards };
	}

	/** Undefined for an unknown brand, and if the port of the brands has failed. */
	private async brandOf({ brandId }: LoginRequest): Promise<Brand | undefined> {
		try {
			return await this.host.brands.find(brandId);
		} catch {
			return undefined;
		}
	}
}
