import { readFileSync } from "node:fs";
import { CommandError, reasonOf } from "../command-error.ts";
import { commandLine, masked, quoted } from "../masked.ts";

/** What a command is given besides its arguments. */
export interface Surroundings {
	/** Its name, such as `start`. */
	readonly command: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Reads a small file; throws when it cannot. */
	readonly readText: (path: string) => string;
}

/** Of this process. */
export const SURROUNDINGS: Surroundings = {
	command: process.argv[2] ?? "",
	env: process.env,
	readText: (path) => readFileSync(path, "utf8"),
};

export interface Given extends Surroundings {
	readonly args: readonly string[];
}

/** A value that may hold a secret, and the place that it was given in. */
export interface GivenSecret {
	readonly value: string;
	/** For messages, such as `--smtp`. */
	readonly place: string;
	/** How to give one of these values in the same place, with their passwords masked, as the end of a sentence. */
	readonly giving: (...values: readonly string[]) => string;
}

type Flags = Readonly<Record<string, unknown>>;

/**
 * Reads a value that may hold a secret: from `--<name> VALUE`, from the file of `--<name>-file FILE`, or from the
 * environment as `HELPDESK_<NAME>`. Arguments are in the process list, where everybody on the machine reads them.
 *
 * @throws CommandError when it is given in two places, or the file cannot be used.
 */
export function readSecretOption(
	name: "smtp" | "storage",
	flags: Flags,
	{ env, readText, command, args }: Given,
): GivenSecret | undefined {
	const flag = `--${name}`;
	const variable = `HELPDESK_${name.toUpperCase()}`;
	const file = flags[`${name}-file`];
	const inline = flags[name];
	const exported = env[variable] === "" ? undefined : env[variable];
	const given = [
		...(typeof inline === "string" ? [inArguments(flag, inline, { command, args })] : []),
		...(typeof file === "string" ? [inFile(`${flag}-file`, file, readText)] : []),
		...(exported === undefined ? [] : [inEnvironment(variable, exported)]),
	];
	const [first, second] = given;
	if (second !== undefined) {
		throw new CommandError(`${first?.place} and ${second.place} are both given; give one of them`);
	}
	return first;
}

function inArguments(
	flag: string,
	value: string,
	{ command, args }: Pick<Given, "command" | "args">,
): GivenSecret {
	const lineWith = (other: string): string => {
		const changed = args.map((arg) =>
			arg === value ? other : arg === `${flag}=${value}` ? `${flag}=${other}` : arg,
		);
		return commandLine(command, changed);
	};
	const giving = (...others: readonly string[]) => block("run", others.map(lineWith));
	return { value, place: flag, giving };
}

function inFile(flag: string, file: string, readText: Surroundings["readText"]): GivenSecret {
	if (file.includes("://")) {
		throw new CommandError(`${flag} takes the name of a file with a URL in it, not the URL`);
	}
	const place = `${flag} ${file}`;
	let value: string;
	try {
		value = readText(file).trim();
	} catch (cause) {
		throw new CommandError(`${place} cannot be read (${reasonOf(cause)})`, { cause });
	}
	if (value === "" || value.includes("\n")) {
		throw new CommandError(`${place} does not hold one line with a URL`);
	}
	const giving = (...others: readonly string[]) => block(`write to ${file}`, others.map(masked));
	return { value, place, giving };
}

function inEnvironment(place: string, value: string): GivenSecret {
	const giving = (...others: readonly string[]) =>
		block(
			"set",
			others.map((other) => `${place}=${quoted(masked(other))}`),
		);
	return { value, place, giving };
}

function block(what: string, lines: readonly string[]): string {
	return `${what}\n\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
