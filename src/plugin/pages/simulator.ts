import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type {
	SimulatedCase,
	SimulatedDecision,
	SimulatedQuestion,
	SimulatedStep,
	Simulation,
} from "../../contract/simulation.ts";
import { HOST, inject, injectable, LOGIN_SETTINGS, MESSAGES } from "../injection.ts";
import type { Messages, Translate } from "../locale/messages.ts";
import { INPUTS, type Situation } from "../login/choose-account.ts";
import type { LoginSettings } from "../login/login-settings.ts";
import {
	type Decision,
	type LoginStage,
	type MadeUpLogin,
	simulateLogin,
} from "../login/simulate-login.ts";
import { loginForm } from "./login-form.ts";
import { refusal } from "./refusal.ts";

type Question = keyof MadeUpLogin;

const { "not-asked": _, missing, ...TYPED_EMAILS } = INPUTS.email;

/** Every question with its options. The first option is the default. */
const OPTIONS: {
	readonly [Name in Question]: Readonly<Record<`${MadeUpLogin[Name]}`, MadeUpLogin[Name]>>;
} = {
	visitor: INPUTS.visitor,
	linked: INPUTS.linked,
	email: { ...TYPED_EMAILS, missing },
	typedEmail: TYPED_EMAILS,
	domainAllowed: INPUTS.domainAllowed,
	registrationOpen: INPUTS.registrationOpen,
	mode: INPUTS.mode,
	linking: INPUTS.linking,
};

const NAMES = Object.keys(OPTIONS) as Question[];
const SETTINGS: ReadonlySet<Question> = new Set(["registrationOpen", "mode", "linking"]);

const HANDLE = "jane_doe";
/** A placeholder in the form of a trace code. There is nothing to look up. */
const NO_TRACE_CODE = "0000-0000";
/** The links and forms of simulated pages lead nowhere. */
const NOWHERE = "#";

interface Asked {
	readonly inForce: MadeUpLogin;
	readonly login: MadeUpLogin;
	readonly answers: SimulatedCase["answers"];
	readonly text: Translate;
}

/** Shows administrators what a visitor would see, with the rules and pages of real log-ins. Stores nothing. */
@injectable()
export class Simulator {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(MESSAGES) private readonly messages: Messages,
	) {}

	/** @returns undefined when there is no such brand. */
	async simulate(made: SimulatedCase): Promise<Simulation | undefined> {
		const brand = await this.host.brands.find(made.brandId);
		if (brand === undefined) {
			return undefined;
		}
		const { mode, linking } = await this.settings.read(brand.id);
		const inForce: MadeUpLogin = {
			visitor: "anonymous",
			linked: "nobody",
			email: "of-nobody",
			typedEmail: "of-nobody",
			domainAllowed: true,
			registrationOpen: brand.registrationOpen,
			mode,
			linking,
		};
		const { answers } = made;
		const login = NAMES.reduce((before, name) => withAnswer(before, name, answers[name]), inForce);
		const text = this.messages.in(made.locale);
		const asked = { inForce, login, answers, text };
		const visitorText = this.messages.in(made.visitorLocale);
		const isImpossible = login.visitor === "anonymous" && login.linked === "visitor";
		return {
			questions: NAMES.map((name) => questionOf(name, asked)),
			steps: simulateLogin(login).map((stage) => ({
				...shown(stage, login, brand, { text, visitorText }),
				...(stage.decision && { decision: decisionOf(stage.decision, login, text) }),
			})),
			...(isImpossible && { impossible: text("simulate.impossible") }),
		};
	}
}

function withAnswer(login: MadeUpLogin, name: Question, answer = ""): MadeUpLogin {
	const options: Readonly<Record<string, unknown>> = OPTIONS[name];
	return Object.hasOwn(options, answer) ? { ...login, [name]: options[answer] } : login;
}

function questionOf(name: Question, { inForce, login, answers, text }: Asked): SimulatedQuestion {
	const values = Object.keys(OPTIONS[name]);
	const options = values.map((value) => ({ value, label: optionLabel(name, value, text) }));
	if (SETTINGS.has(name)) {
		const answer = optionLabel(name, String(inForce[name]), text);
		options.unshift({ value: "", label: text("simulate.in-force", { answer }) });
	}
	const answer = answers[name] ?? "";
	const way = wayOf(login);
	return {
		name,
		label: questionLabel(name, text),
		about: SETTINGS.has(name) ? "settings" : "visitor",
		options,
		chosen: values.includes(answer) ? answer : (options[0]?.value ?? ""),
		matters: values.some((value) => wayOf(withAnswer(login, name, value)) !== way),
	};
}

/** Equal for log-ins that look the same to a visitor. */
function wayOf(login: MadeUpLogin): string {
	return JSON.stringify(simulateLogin(login).map(({ decision: _, ...stage }) => stage));
}

function shown(
	stage: LoginStage,
	{ visitor }: MadeUpLogin,
	brand: Brand,
	{ text, visitorText }: { readonly text: Translate; readonly visitorText: Translate },
): SimulatedStep {
	const nowhere = { ...brand, startPath: NOWHERE, continuePath: NOWHERE, loginPath: NOWHERE };
	const linking = visitor !== "anonymous" && visitor !== "signed-in";
	const common = { returnPath: NOWHERE, linking };
	switch (stage.kind) {
		case "form": {
			const form = { ...common, fields: {}, handle: HANDLE, step: stage.step };
			return { kind: "page", page: loginForm(form, nowhere, visitorText).page };
		}
		case "refused": {
			const end = { ...common, brand: nowhere, text: visitorText, traceCode: NO_TRACE_CODE };
			return { kind: "page", page: refusal(stage.code, end).page };
		}
		case "outcome":
			return { kind: "outcome", sentence: text(`simulate.outcome.${stage.outcome}`) };
	}
}

/** Says which rule decided, and which facts led to it. */
export function decisionOf(
	{ number, rule, situation }: Decision,
	login: Pick<MadeUpLogin, "email">,
	text: Translate,
): SimulatedDecision {
	const typed = login.email === "missing" && situation.emailProof === "code";
	const inputs = Object.keys(rule.when) as (keyof Situation)[];
	const facts = inputs.map((input) => {
		const name = typed && input === "email" ? "typedEmail" : input;
		const answer = optionLabel(name, String(situation[input]), text);
		return text("simulate.fact", { question: questionLabel(name, text), answer });
	});
	const [first = "", ...others] = facts;
	const reason = others.reduce(
		(said, fact) => text("simulate.facts", { facts: said, fact }),
		first,
	);
	return { rule: number, reason };
}

type Named = Question | keyof Situation;

function questionLabel(name: Named, text: Translate): string {
	return text(keyOf(name, "label"));
}

function optionLabel(name: Named, value: string, text: Translate): string {
	return text(keyOf(name === "typedEmail" ? "email" : name, `option.${value}`));
}

/** Reuses the texts of settings. A test over all combinations of answers shows that each key is in the locales. */
function keyOf(name: Named, rest: string): Parameters<Translate>[0] {
	const of = name === "mode" || name === "linking" ? "settings" : "simulate";
	return `${of}.${name}.${rest}` as Parameters<Translate>[0];
}
