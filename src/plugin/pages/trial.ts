import type { Brand } from "../../contract/brands.ts";
import type { LoginEndedFields } from "../../contract/login-ended.ts";
import type { Page } from "../../contract/login-response.ts";
import type { Translate } from "../locale/messages.ts";
import type { Trial } from "../login/form.ts";
import { type LoginStage, simulateLogin } from "../login/simulate-login.ts";
import { endedPage } from "../views/ended-page.ts";
import { X_PROBLEMS } from "../x/x-error.ts";
import { explain } from "./explain.ts";
import { decisionOf } from "./simulator.ts";

/** Tells an operator what X gave in a test log-in, and what a visitor in the same case would see, and why. */
export function trialPage(
	{ identity, profile, situation }: Trial,
	brand: Brand,
	text: Translate,
): Page {
	const email = situation.email === "not-asked" ? "missing" : situation.email;
	const [stage] = simulateLogin({ ...situation, email, typedEmail: "of-nobody" });
	const decision = stage?.decision && decisionOf(stage.decision, { email }, text);
	const atX = X_PROBLEMS.find((each) => each === profile.problem);
	return trialEnd(200, text("try.title"), brand, text, [
		text("try.named", { handle: identity.handle, id: identity.id.replace(/^x:/, "") }),
		profile.email === undefined
			? text("try.no-email", { name: profile.name })
			: text("try.email", { name: profile.name, email: profile.email }),
		...(atX ? [text(`x-problem.${atX}`, { callbackUrl: brand.callbackUrl })] : []),
		...(stage ? [text("try.next", { what: shownAt(stage, text) })] : []),
		...(decision ? [text("try.rule", { rule: decision.rule })] : []),
		...(decision?.reason ? [`${decision.reason}.`] : []),
	]);
}

/** Tells an operator why a test log-in did not work. */
export function failedTrialPage(
	end: Pick<LoginEndedFields, "code" | "problem">,
	brand: Brand | undefined,
	text: Translate,
): Page {
	const known = explain(end, text, brand?.callbackUrl ?? "");
	const sentences = known ? [known.title, known.text] : [];
	return trialEnd(400, text("try.failed"), brand, text, sentences);
}

function trialEnd(
	status: number,
	title: string,
	brand: Brand | undefined,
	text: Translate,
	sentences: readonly string[],
): Page {
	const back = { label: text("page.back"), href: brand?.loginPath ?? "/" };
	return endedPage({ status, title, sentences, back, trace: text("try.nothing-stored") });
}

/** What the visitor sees first, in a few words. */
function shownAt(stage: LoginStage, text: Translate): string {
	switch (stage.kind) {
		case "form":
			return text(`form.${stage.step.kind}.title`);
		case "refused":
			return text(`error.${stage.code}.title`);
		case "outcome":
			return text(`simulate.outcome.${stage.outcome}`);
	}
}
