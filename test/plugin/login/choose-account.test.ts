import { expect, test } from "vitest";
import { chooseAccount, type Situation } from "../../../src/plugin/login/choose-account.ts";

const LINKED = ["none", "living", "suspended"] as const;
const SIGNED_IN = ["nobody", "linked-user", "somebody-else"] as const;
const MODES = ["login-and-signup", "login-only"] as const;
const EMAILS = ["not-asked", "missing", "of-nobody", "of-staff", "of-a-user"] as const;

const SITUATIONS: Situation[] = LINKED.flatMap((linked) =>
	SIGNED_IN.flatMap((signedIn) =>
		MODES.flatMap((mode) =>
			[true, false].flatMap((registrationOpen) =>
				EMAILS.map((email) => ({ linked, signedIn, mode, registrationOpen, email })),
			),
		),
	),
);

test("a linked, living user is signed in whatever the mode, and nobody else ever is", () => {
	for (const situation of SITUATIONS) {
		const signsIn = situation.linked === "living" && situation.signedIn !== "somebody-else";

		expect(chooseAccount(situation).kind === "sign-in", JSON.stringify(situation)).toBe(signsIn);
	}
});

test("an account is made only for a stranger with an address nobody has, where sign-up is open", () => {
	for (const situation of SITUATIONS) {
		const signsUp =
			situation.linked === "none" &&
			situation.signedIn !== "somebody-else" &&
			situation.mode === "login-and-signup" &&
			situation.registrationOpen &&
			situation.email === "of-nobody";

		expect(chooseAccount(situation).kind === "sign-up", JSON.stringify(situation)).toBe(signsUp);
	}
});

test.each([
	[{ email: "missing" }, "email-missing"],
	[{ email: "of-staff" }, "email-of-staff"],
	[{ email: "of-a-user" }, "email-taken"],
	[{ mode: "login-only" }, "sign-up-closed"],
	[{ registrationOpen: false }, "sign-up-closed"],
	[{ linked: "suspended" }, "account-suspended"],
	[{ signedIn: "somebody-else", linked: "living" }, "signed-in-as-other"],
] satisfies [Partial<Situation>, string][])("%o is refused as %s", (part, code) => {
	const stranger: Situation = {
		linked: "none",
		signedIn: "nobody",
		mode: "login-and-signup",
		registrationOpen: true,
		email: "of-nobody",
	};

	expect(chooseAccount({ ...stranger, ...part })).toEqual({ kind: "refuse", code });
});
