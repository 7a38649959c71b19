import { parseUrl } from "../contract/parse-url.ts";
import { PROGRAM_NAME } from "./program-name.ts";

const MASK = "***";

/** A value of the command line with the password of each URL in it masked, so that it can be printed. */
export function masked(value: string): string {
	const [, head = "", rest = ""] = /^(.*?:\/\/)(.*)$/s.exec(value) ?? [];
	if (head === "") {
		return value;
	}
	const end = rest.search(/[/?#]/);
	const authority = end === -1 ? rest : rest.slice(0, end);
	const after = rest.slice(authority.length);
	// A "/", "?" or "#" in a password ends the authority too early: everything before the last "@" may be the password.
	const isCut = parseUrl(`any://${authority}`) === undefined;
	if ((isCut ? after : after.replace(/([?&]from=)[^&#]*/g, "$1")).includes("@")) {
		return `${head}${MASK}${rest.slice(rest.lastIndexOf("@"))}`;
	}
	const login = authority.slice(0, Math.max(0, authority.lastIndexOf("@")));
	const [user = ""] = login.split(":");
	const shown = login === user ? user : `${user}:${MASK}`;
	// PostgreSQL takes passwords as parameters, too.
	const others = after.replace(/([?&](?:ssl)?password=)[^&#]+/gi, `$1${MASK}`);
	return `${head}${shown}${authority.slice(login.length)}${others}`;
}

/** Whether a value of the command line is or has a URL with a password. */
export function hasPassword(value: string): boolean {
	return masked(value) !== value;
}

/** The line that runs a command, with passwords masked, for a POSIX shell. */
export function commandLine(command: string, args: readonly string[]): string {
	return [PROGRAM_NAME, command, ...args.map(masked).map(quoted)].join(" ");
}

/** A word for a POSIX shell. */
export function quoted(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
