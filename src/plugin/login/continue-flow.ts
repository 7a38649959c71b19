import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { Secret } from "../../contract/secret.ts";
import type { User } from "../../contract/users.ts";
import { HOST, inject, injectable, LOGIN_SETTINGS, NOTICES } from "../injection.ts";
import { Links } from "../links/links.ts";
import type { Attempt } from "./attempt.ts";
import { browserBinding, NO_BINDING } from "./browser/browser-binding.ts";
import { CodeLimits } from "./browser/code-limits.ts";
import type { Continuation } from "./browser/continuation.ts";
import { Continuations } from "./browser/continuations.ts";
import { finishedCookie } from "./browser/finished-cookie.ts";
import { onlyField } from "./browser/form-field.ts";
import { inGroups, isUsable, readCode } from "./browser/login-code.ts";
import { chooseAccount } from "./choose-account.ts";
import { writeCode } from "./code-letter.ts";
import { Consent } from "./consent.ts";
import type { FormProblem, LoginStep } from "./form.ts";
import { form, isFixed, newcomerOf, pathOf, type Step } from "./form-step.ts";
import { LoginError } from "./login-error.ts";
import type { LoginSettings } from "./login-settings.ts";
import type { Notices } from "./notices.ts";
import { SignUp } from "./sign-up.ts";
import { emailIn } from "./situation.ts";

/** The forms between the callback and the end of a log-in. Rejects with a {@link LoginError} for a refused visitor. */
@injectable()
export class ContinueFlow {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(Continuations) private readonly continuations: Continuations,
		@inject(SignUp) private readonly signUp: SignUp,
		@inject(Links) private readonly links: Links,
		@inject(Consent) private readonly consent: Consent,
		@inject(NOTICES) private readonly notices: Notices,
		@inject(CodeLimits) private readonly limits: CodeLimits,
	) {}

	async continue(request: LoginRequest, attempt: Attempt): Promise<LoginStep> {
		const answer = await this.answer(await this.stepOf(request, attempt));
		return "userId" in answer
			? { ...answer, cookies: [finishedCookie("", answer.returnPath), NO_BINDING] }
			: answer;
	}

	private async answer(step: Step): Promise<LoginStep> {
		const { request } = step;
		if (request.method === "GET") {
			return this.show(step);
		}
		const action = onlyField(request.form, "action") ?? "cancel";
		// Cancelling always works. It ends the log-in, so nobody can do it twice.
		const limit = action === "cancel" ? undefined : await this.limits.count("forms", step);
		if (limit !== undefined) {
			return this.show(step, limit);
		}
		switch (action) {
			case "email":
				return this.takeEmail(step);
			case "send-code":
				return this.sendCode(step, step.found.state.email);
			case "code":
				return this.takeCode(step);
			case "log-in":
				return { kind: "reauthenticate", returnPath: pathOf(step) };
			case "link":
				return this.takeConsent(step);
			default:
				return this.cancel(step);
		}
	}

	private async stepOf(request: LoginRequest, attempt: Attempt): Promise<Step> {
		const brand = await this.host.brands.find(request.brandId);
		const login = brand && (await this.settings.read(brand.id));
		if (brand === undefined || !login?.enabled) {
			throw new LoginError("not-available");
		}
		const binding = browserBinding(request.cookies);
		const id = onlyField(request.method === "GET" ? request.query : request.form, "login") ?? "";
		const found = binding && (await this.continuations.find(binding, id));
		if (found === undefined || found.state.brandId !== brand.id) {
			throw new LoginError("form-expired");
		}
		attempt.learn(found.state);
		return { request, attempt, brand, login, binding: binding as Secret, found };
	}

	private async show(step: Step, problem?: FormProblem): Promise<LoginStep> {
		const { request, found } = step;
		const { state } = found;
		const user = await this.provenUser(step);
		if (user !== undefined) {
			const takesOver = await this.consent.takesOver(step.brand, state, user);
			const account = user.email ?? user.name;
			return form(step, { kind: "consent", account, takesOver }, problem);
		}
		const email = state.email ?? "";
		switch (state.stage) {
			case "email":
				return form(step, { kind: "email" }, problem);
			case "code": {
				const address = !state.emailTyped ? "asserted" : isFixed(state) ? "fixed" : "typed";
				const spent = this.canGuess(step) ? undefined : "code-spent";
				return form(step, { kind: "code", email, address }, problem ?? spent);
			}
			case "prove":
			case "claim": {
				const other = request.currentUser !== undefined ? "other-account" : undefined;
				return form(step, { kind: state.stage, email }, problem ?? other);
			}
			case "consent":
				return { kind: "reauthenticate", returnPath: pathOf(step) };
		}
	}

	private async takeEmail(step: Step): Promise<LoginStep> {
		if (!step.found.state.emailTyped) {
			return this.show(step);
		}
		const { state } = step.found;
		const email = canonicalEmail(onlyField(step.request.form, "email") ?? "");
		if (email !== state.email && isFixed(state)) {
			return this.show(step, "address-fixed");
		}
		return email === undefined
			? form(step, { kind: "email" }, "email-invalid")
			: this.sendCode(step, email);
	}

	/**
	 * The answer is the same for every address, and is sent before the owner is looked up. Only the letter differs, and
	 * only the owner of the address reads it.
	 */
	private async sendCode(step: Step, email: string | null): Promise<LoginStep> {
		const { request, brand, binding, found } = step;
		const { state } = found;
		if (email === null || state.stage === "consent") {
			return this.show(step);
		}
		const redirect = { kind: "redirect", location: pathOf(step) } as const;
		const isOlder = Number(onlyField(request.form, "letters")) < state.letters;
		if (isOlder && email === state.email && this.canGuess(step)) {
			// A second click on a form that has sent a letter already.
			return redirect;
		}
		const refused = await this.limits.count("letters", step, email, [true]);
		if (refused !== undefined) {
			return this.show(step, refused);
		}
		const code = await this.continuations.newCode(binding, found, email);
		if (code === undefined) {
			// Another request of this log-in was faster. It has sent a letter, so this one counts none.
			return redirect;
		}
		const limit = await this.limits.count("letters", step, email, [false]);
		if (limit !== undefined) {
			return this.show(step, limit);
		}
		await this.limits.watch("letters", brand.id);
		const { handle } = state;
		const letter = { brandId: brand.id, to: email, locale: request.locale, handle };
		const { users } = this.host;
		const noteAccess = (epoch: string | undefined) =>
			this.continuations.noteAccess(binding, found.id, epoch ?? null);
		const parts = { users, notices: this.notices, noteAccess };
		return { ...redirect, afterwards: () => writeCode(parts, letter, inGroups(code)) };
	}

	private async takeCode(step: Step): Promise<LoginStep> {
		const { request, brand, binding, found } = step;
		// A guess at a spent code is compared with nothing, so it is not counted.
		if (!this.canGuess(step)) {
			return this.show(step);
		}
		const limit = await this.limits.count("guesses", step);
		if (limit !== undefined) {
			return this.show(step, limit);
		}
		const code = readCode(onlyField(request.form, "code") ?? "");
		const guess = await this.continuations.guess(binding, found.id, code);
		switch (guess.kind) {
			case "gone":
				throw new LoginError("form-expired");
			case "wrong":
			case "spent":
				await this.limits.watch("wrong-codes", brand.id);
				return this.show(step, `code-${guess.kind}`);
			case "right":
				return this.goOnProven(step, guess.state);
		}
	}

	private canGuess({ found }: Step): boolean {
		return isUsable(found.state.code, this.host.clock.now());
	}

	/** The visitor reads mail at the address. Decides again, by the same rules. */
	private async goOnProven(step: Step, state: Continuation): Promise<LoginStep> {
		const { brand, login, binding, found } = step;
		const email = state.email ?? "";
		const owner = await this.host.users.ownerOf(brand.id, email);
		const choice = chooseAccount({
			visitor: "anonymous",
			linked: "nobody",
			mode: login.mode,
			registrationOpen: brand.registrationOpen,
			...emailIn(owner, email, login),
			emailProof: "code",
			linking: login.linking,
		});
		if (choice.kind === "refuse") {
			await this.take(step);
			throw new LoginError(choice.code);
		}
		if (choice.kind === "consent" && owner.kind === "user") {
			const { epoch, accessEpoch } = await this.links.begin(owner.id);
			const consent = {
				stage: "consent",
				proof: "code",
				userId: owner.id,
				epoch,
				accessEpoch: state.accessEpoch ?? accessEpoch,
				code: null,
			} as const;
			const latest = await this.continuations.find(binding, found.id);
			if (latest === undefined || !(await this.continuations.change(binding, latest, consent))) {
				throw new LoginError("form-expired");
			}
			return { kind: "redirect", location: pathOf(step) };
		}
		await this.take(step);
		return this.signUp.create(newcomerOf(step), {
			name: state.name,
			email,
			emailProof: "code",
		});
	}

	private async takeConsent(step: Step): Promise<LoginStep> {
		const user = await this.provenUser(step);
		if (user === undefined) {
			return this.show(step);
		}
		const taken = await this.take(step);
		return this.consent.link(newcomerOf(step), user, taken);
	}

	private async cancel(step: Step): Promise<never> {
		await this.take(step);
		throw new LoginError("stopped");
	}

	/** Ends the log-in with this request. A second request finds that the form was used. */
	private async take({ attempt, binding, found }: Step): Promise<Continuation> {
		const taken = await this.continuations.take(binding, found.id);
		if (taken === undefined) {
			throw new LoginError("form-expired");
		}
		attempt.goOn(taken);
		return taken;
	}

	/** The user whom the visitor has proven to be, in any of the ways. */
	private async provenUser({ request, found }: Step): Promise<User | undefined> {
		const { userId, proof, stage, startedAt } = found.state;
		if (userId === null) {
			return undefined;
		}
		const { currentUser } = request;
		const signedIn = currentUser?.id === userId && currentUser.provenAt >= startedAt;
		const proven = proof === "session" ? signedIn : stage === "consent" && proof !== "letter";
		return proven ? this.host.users.find(userId) : undefined;
	}
}
