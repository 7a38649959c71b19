import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
	type Choice,
	chooseAccount,
	INPUTS,
	RULES,
	type Rule,
	type Situation,
} from "../../../src/plugin/login/choose-account.ts";

const NAMES = Object.keys(INPUTS) as (keyof Situation)[];

/** Every combination of the inputs. */
const SITUATIONS: readonly Situation[] = NAMES.reduce<Partial<Situation>[]>(
	(partial, name) =>
		partial.flatMap((each) =>
			Object.values(INPUTS[name]).map((value) => ({ ...each, [name]: value })),
		),
	[{}],
) as Situation[];

const STRANGER: Situation = {
	visitor: "anonymous",
	linked: "nobody",
	mode: "login-and-signup",
	registrationOpen: true,
	email: "of-nobody",
	emailProof: "asserted",
	domainAllowed: true,
	linking: "prove",
};

function situationsThat(choice: Choice["kind"]): Situation[] {
	return SITUATIONS.filter((situation) => chooseAccount(situation).kind === choice);
}

function nameOf(choice: Choice): string {
	return choice.kind === "refuse" ? `refuse: ${choice.code}` : choice.kind;
}

test("every situation is decided, every rule decides one, and every value of every input matters to one", () => {
	expect(SITUATIONS).toHaveLength(5 * 6 * 3 * 2 * 9 * 2 * 2 * 2);
	const used = new Set(SITUATIONS.map((situation) => chooseAccount(situation)));
	expect(RULES.filter(({ choice }) => !used.has(choice))).toEqual([]);

	for (const name of NAMES) {
		for (const value of Object.values(INPUTS[name])) {
			const matters = SITUATIONS.some((situation) => {
				const others = Object.values(INPUTS[name]).filter((other) => other !== value);
				const choice = nameOf(chooseAccount({ ...situation, [name]: value }));
				return others.some(
					(other) => nameOf(chooseAccount({ ...situation, [name]: other })) !== choice,
				);
			});
			expect(matters, `${name}: ${value}`).toBe(true);
		}
	}
});

test("only the existing user to whom the X account is linked is logged in", () => {
	for (const situation of situationsThat("sign-in")) {
		expect(situation).toMatchObject({ visitor: "anonymous", linked: "active-user" });
	}
	expect(situationsThat("sign-in")).toHaveLength(3 * 2 * 9 * 2 * 2 * 2);
});

test("an account is created only for a stranger with an address that nobody has, and only if sign-up is open", () => {
	for (const situation of situationsThat("sign-up")) {
		expect(situation).toMatchObject({
			visitor: "anonymous",
			linked: "nobody",
			mode: "login-and-signup",
			registrationOpen: true,
			email: "of-nobody",
			domainAllowed: true,
		});
	}
});

test("pre-hijack, non-verifying provider: an address that X asserts never links an account by itself", () => {
	for (const situation of [...situationsThat("link"), ...situationsThat("consent")]) {
		const linking = situation.visitor === "linking" && situation.linked === "nobody";
		const proven = situation.emailProof === "code";
		const chosen =
			situation.linking === "trust-confirmed" && situation.email === "of-confirmed-user";

		expect(linking || proven || chosen, JSON.stringify(situation)).toBe(true);
	}
});

test("link overwrite: an X account of an existing user is never linked to another", () => {
	for (const kind of ["link", "consent", "prove", "claim", "sign-up", "reauthenticate"] as const) {
		for (const situation of situationsThat(kind)) {
			expect(situation.linked).toBe("nobody");
		}
	}
});

test("staff match: an address of staff opens no account, proven or not", () => {
	for (const situation of SITUATIONS.filter(({ email }) => email === "of-staff")) {
		const { kind } = chooseAccount({ ...situation, visitor: "anonymous", linked: "nobody" });
		expect(kind).toBe("refuse");
	}
});

test.each([
	[{ email: "not-asked" }, "read-profile"],
	[{ email: "of-nobody" }, "sign-up"],
	[{ email: "missing" }, "ask-for-email"],
	[{ email: "of-staff" }, "refuse: email-of-staff"],
	[{ email: "of-suspended-user" }, "refuse: account-suspended"],
	[{ email: "of-confirmed-user" }, "prove"],
	[{ email: "of-registrant" }, "prove"],
	[{ email: "of-registrant", emailProof: "code" }, "consent"],
	[{ email: "of-registrant", linking: "trust-confirmed" }, "prove"],
	[{ email: "of-unconfirmed-user" }, "claim"],
	[{ email: "of-unclaimed-user" }, "claim"],
	[{ email: "of-unclaimed-user", emailProof: "code" }, "consent"],
	[{ email: "of-confirmed-user", linking: "trust-confirmed" }, "consent"],
	[{ email: "of-unconfirmed-user", linking: "trust-confirmed" }, "claim"],
	[{ mode: "login-only" }, "refuse: sign-up-closed"],
	[{ mode: "login-only", email: "of-confirmed-user" }, "prove"],
	[{ mode: "link-only" }, "refuse: link-only"],
	[{ registrationOpen: false }, "refuse: sign-up-closed"],
	[{ domainAllowed: false }, "refuse: domain-refused"],
	[{ linked: "active-user" }, "sign-in"],
	[{ linked: "suspended-user" }, "refuse: account-suspended"],
	[{ linked: "unapproved-user" }, "refuse: approval-pending"],
	[{ linked: "incomplete-user" }, "complete-profile"],
	[{ visitor: "signed-in" }, "refuse: signed-in-as-other"],
	[{ visitor: "signed-in", linked: "visitor" }, "go-on"],
	[{ visitor: "linking" }, "link"],
	[{ visitor: "linking-unproven" }, "reauthenticate"],
	[{ visitor: "linking", linked: "active-user" }, "refuse: linked-elsewhere"],
	[{ visitor: "changed" }, "refuse: user-changed"],
] satisfies [Partial<Situation>, string][])("a stranger with %o: %s", (part, choice) => {
	expect(nameOf(chooseAccount({ ...STRANGER, ...part }))).toBe(choice);
});

test("the table in the README shows the rules", async () => {
	const readme = await readFile(
		new URL("../../../src/plugin/login/README.md", import.meta.url),
		"utf8",
	);
	const [, table = ""] = /<!-- account rules -->\n\n(.*?)\n\n<!-- end -->/s.exec(readme) ?? [];

	expect(table).toBe(accountTable());
});

function accountTable(): string {
	const rows = RULES.map((rule, index) => [
		String(index + 1),
		whenOf(rule),
		`\`${nameOf(rule.choice)}\``,
	]);
	const all = [["", "When", "Then"], ...rows];
	const widths = [0, 1, 2].map((column) =>
		Math.max(...all.map((row) => row[column]?.length ?? 0), 3),
	);
	const line = (row: readonly string[]): string =>
		`| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
	const ruler = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
	return [line(all[0] ?? []), ruler, ...rows.map(line)].join("\n");
}

function whenOf({ when }: Rule): string {
	return Object.entries(when)
		.map(
			([input, values]) =>
				`${input} is ${(values as readonly unknown[]).map((value) => `\`${value}\``).join(" or ")}`,
		)
		.join("; ");
}
