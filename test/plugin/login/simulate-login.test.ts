import { expect, test } from "vitest";
import {
	type Choice,
	chooseAccount,
	INPUTS,
	RULES,
	type Situation,
} from "../../../src/plugin/login/choose-account.ts";
import {
	type LoginStage,
	type MadeUpLogin,
	simulateLogin,
} from "../../../src/plugin/login/simulate-login.ts";

const { "not-asked": _, ...EMAILS } = INPUTS.email;
const { missing: __, ...TYPED_EMAILS } = EMAILS;
const VALUES = {
	visitor: INPUTS.visitor,
	linked: INPUTS.linked,
	mode: INPUTS.mode,
	registrationOpen: INPUTS.registrationOpen,
	email: EMAILS,
	typedEmail: TYPED_EMAILS,
	domainAllowed: INPUTS.domainAllowed,
	linking: INPUTS.linking,
};

/** Every made-up log-in. */
const LOGINS = Object.entries(VALUES).reduce<Partial<MadeUpLogin>[]>(
	(partial, [name, values]) =>
		partial.flatMap((each) => Object.values(values).map((value) => ({ ...each, [name]: value }))),
	[{}],
) as MadeUpLogin[];

/** The situation that a real log-in decides by, after it has asked X for the address if needed. */
function decided({ typedEmail, ...login }: MadeUpLogin): { choice: Choice; situation: Situation } {
	const situation: Situation = { ...login, email: "not-asked", emailProof: "asserted" };
	const choice = chooseAccount(situation);
	const asked: Situation = { ...login, emailProof: "asserted" };
	return choice.kind === "read-profile"
		? { choice: chooseAccount(asked), situation: asked }
		: { choice, situation };
}

const FIRST: Readonly<Record<Exclude<Choice["kind"], "read-profile" | "refuse">, string>> = {
	"sign-in": "outcome signed-in",
	"go-on": "outcome gone-on",
	"complete-profile": "outcome profile-asked",
	"sign-up": "outcome signed-up",
	"ask-for-email": "form email",
	prove: "form prove",
	claim: "form claim",
	consent: "form consent",
	link: "outcome linked",
	reauthenticate: "outcome proof-asked",
};

function nameOf(stage: LoginStage | undefined): string {
	switch (stage?.kind) {
		case "form":
			return `form ${stage.step.kind}`;
		case "refused":
			return `refused ${stage.code}`;
		case "outcome":
			return `outcome ${stage.outcome}`;
		case undefined:
			return "nothing";
	}
}

function expectedFirst(choice: Choice): string {
	if (choice.kind === "refuse") {
		return `refused ${choice.code}`;
	}
	return choice.kind === "read-profile" ? "nothing" : FIRST[choice.kind];
}

test("the first stage is what the rules decide, for every made-up log-in", () => {
	expect(LOGINS).toHaveLength(5 * 6 * 3 * 2 * 8 * 7 * 2 * 2);
	for (const login of LOGINS) {
		const [first] = simulateLogin(login);
		const { choice } = decided(login);
		if (nameOf(first) !== expectedFirst(choice)) {
			expect({ login, first: nameOf(first) }).toEqual({ login, first: expectedFirst(choice) });
		}
	}
});

test("every decision names the rule that made it, by its number", () => {
	const seen = new Set<number>();
	for (const login of LOGINS) {
		for (const { decision } of simulateLogin(login)) {
			if (decision !== undefined) {
				seen.add(decision.number);
				const rule = RULES[decision.number - 1];
				if (rule === undefined || chooseAccount(decision.situation) !== rule.choice) {
					expect(decision).toEqual(rule);
				}
			}
		}
	}

	// No visitor meets the decision to ask X for the profile.
	const silent = RULES.findIndex(({ choice }) => choice.kind === "read-profile") + 1;
	expect([...seen].sort((a, b) => a - b)).toEqual(
		RULES.map((_, index) => index + 1).filter((number) => number !== silent),
	);
});

test("every log-in ends, and nobody is linked without consent or without having pressed Connect X", () => {
	for (const login of LOGINS) {
		const stages = simulateLogin(login);
		const names = stages.map(nameOf);
		const last = stages.at(-1);
		const linkedUnasked =
			names.includes("outcome linked") &&
			!names.includes("form consent") &&
			login.visitor !== "linking";
		if (last?.kind === "form" || linkedUnasked || stages.length > 5) {
			expect(names, JSON.stringify(login)).toEqual([]);
		}
	}
});

const STRANGER: MadeUpLogin = {
	visitor: "anonymous",
	linked: "nobody",
	mode: "login-and-signup",
	registrationOpen: true,
	email: "of-nobody",
	typedEmail: "of-nobody",
	domainAllowed: true,
	linking: "prove",
};

test.each([
	[{}, ["outcome signed-up"]],
	[{ email: "missing" }, ["form email", "form code", "outcome signed-up"]],
	[
		{ email: "missing", domainAllowed: false },
		["form email", "form code", "refused domain-refused"],
	],
	[
		{ email: "missing", typedEmail: "of-confirmed-user" },
		["form email", "form code", "form consent", "outcome linked"],
	],
	[
		{ email: "missing", typedEmail: "of-staff" },
		["form email", "form code", "outcome staff-letter"],
	],
	[
		{ email: "missing", typedEmail: "of-suspended-user" },
		["form email", "form code", "outcome suspended-letter"],
	],
	[{ email: "of-confirmed-user" }, ["form prove", "form code", "form consent", "outcome linked"]],
	[{ email: "of-confirmed-user", linking: "trust-confirmed" }, ["form consent", "outcome linked"]],
	[{ email: "of-registrant" }, ["form prove", "form code", "form consent", "outcome linked"]],
	[{ email: "of-unclaimed-user" }, ["form claim", "form code", "form consent", "outcome linked"]],
	[{ visitor: "linking-unproven" }, ["outcome proof-asked", "form consent", "outcome linked"]],
	[{ mode: "login-only", email: "missing" }, ["refused sign-up-closed"]],
] satisfies [Partial<MadeUpLogin>, string[]][])("a stranger with %o meets %j", (part, names) => {
	expect(simulateLogin({ ...STRANGER, ...part }).map(nameOf)).toEqual(names);
});
