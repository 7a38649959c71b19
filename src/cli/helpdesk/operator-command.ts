import { canonicalEmail } from "../../contract/email-address.ts";
import { NAMESPACES } from "../../helpdesk/namespaces.ts";
import { isRole, ROLES, type Role } from "../../helpdesk/people/operator-roles.ts";
import { Operators } from "../../helpdesk/people/operators.ts";
import { PASSWORD_COST, PasswordHasher } from "../../helpdesk/people/password-hash.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { CommandError } from "../command-error.ts";
import { readFlags } from "../flags.ts";
import { auditedStorage, commandDeed } from "./command-deeds.ts";
import { openNamedStorage } from "./helpdesk-parts.ts";

const FLAGS = {
	data: { type: "string" },
	storage: { type: "string" },
	"storage-file": { type: "string" },
	role: { type: "string" },
	json: { type: "boolean" },
} as const;

interface Call {
	readonly operators: Operators;
	/** Empty for an action about everybody. */
	readonly email: string;
	/** Undefined: the command does not say. */
	readonly role: Role | undefined;
}

/** What an action of the command did, for people and for programs. */
interface Done {
	readonly text: string;
	readonly json: object;
}

const ACTIONS = { list, add, reset } as const;

/**
 * `operator list|add|reset`: the way back for those who have the data folder or the address of the database, of a helpdesk
 * that runs or does not.
 */
export async function operator(args: readonly string[]): Promise<void> {
	const { values: flags, positionals } = readFlags(args, FLAGS);
	const [action = "", ...rest] = positionals;
	if (!isAction(action)) {
		throw new CommandError(
			`operator takes one of ${Object.keys(ACTIONS).join(", ")} (--help shows the lines)`,
		);
	}
	const email = addressIn(action, rest);
	const role = roleIn(action, flags.role);
	const { storage: opened, closeStorage } = await openNamedStorage(flags, args);
	const { storage, trail } = auditedStorage(opened);
	const hasher = new PasswordHasher(PASSWORD_COST);
	try {
		const place = namespaced(storage, NAMESPACES.operators);
		const operators = new Operators(place, cryptoRandom, hasher);
		const act = (): Promise<Done> => ACTIONS[action]({ operators, email, role });
		const deed = commandDeed("command.operator", { kind: "operator", id: email });
		const { text, json } = await (action === "list" ? act() : trail.during(deed, act));
		console.log(flags.json ? JSON.stringify(json) : text);
	} finally {
		await hasher.close();
		await closeStorage();
	}
}

async function list({ operators }: Call): Promise<Done> {
	const all = (await operators.list()).map(({ email, role }) => ({ email, role }));
	return {
		text: all.map(({ email, role }) => `${email}  ${role}`).join("\n"),
		json: { operators: all },
	};
}

async function add({ operators, email, role = "owner" }: Call): Promise<Done> {
	const added = await operators.add(email, role);
	if (added === "exists") {
		throw new CommandError(`${email} is an operator already; operator reset gives a new password`);
	}
	if (added === "too-many") {
		throw new CommandError("there are too many operators; an owner can remove some");
	}
	return shown({ email, role, password: added.password }, "is an operator");
}

async function reset({ operators, email, role }: Call): Promise<Done> {
	const found = (await operators.list()).find((each) => each.email === email);
	if (found === undefined) {
		throw new CommandError(`${email} is not an operator (operator list shows who is)`);
	}
	const changed = role === undefined ? "changed" : await operators.changeRole(found.id, role);
	if (changed === "last-owner") {
		throw new CommandError(`${email} is the only owner; add another one first`);
	}
	const { secondFactor = null } = (await operators.stateOf(email)) ?? {};
	const password = await operators.reset(email);
	if (password === undefined) {
		throw new CommandError(`${email} was removed meanwhile`);
	}
	const hadSecondFactor = secondFactor !== null;
	const done = shown(
		{ email, role: role ?? found.role, password },
		hadSecondFactor ? "has a new password and no second factor any more" : "has a new password",
	);
	return { ...done, json: { ...done.json, hadSecondFactor } };
}

function shown(
	operator: { readonly email: string; readonly role: Role; readonly password: string },
	what: string,
): Done {
	const { email, role, password } = operator;
	return {
		text: `${email} ${what}. Role: ${role}. Password, to change after the first log-in: ${password}`,
		json: operator,
	};
}

function isAction(action: string): action is keyof typeof ACTIONS {
	return Object.hasOwn(ACTIONS, action);
}

function addressIn(action: keyof typeof ACTIONS, rest: readonly string[]): string {
	const [typed, ...surplus] = rest;
	if (action === "list" && typed === undefined) {
		return "";
	}
	const email = typed === undefined ? undefined : canonicalEmail(typed);
	if (email === undefined || action === "list" || surplus.length > 0) {
		throw new CommandError(
			action === "list"
				? "operator list takes no address (--help shows the lines)"
				: `operator ${action} takes one e-mail address (--help shows the lines)`,
		);
	}
	return email;
}

function roleIn(action: keyof typeof ACTIONS, typed: string | undefined): Role | undefined {
	if (typed !== undefined && (action === "list" || !isRole(typed))) {
		throw new CommandError(`--role goes with add and reset, and is one of ${ROLES.join(", ")}`);
	}
	return isRole(typed) ? typed : undefined;
}
