import { hasPassword, masked } from "../masked.ts";
import { warn } from "./log-line.ts";

/** Masks passwords in the process list, as far as the system allows. Processes that looked earlier have seen them. */
export function hidePasswords(argv: readonly string[]): void {
	if (argv.some(hasPassword)) {
		process.title = argv.map(masked).join(" ");
	}
}

/** Warns of passwords among the arguments of a command, which others on the machine can read. */
export function warnOfPasswords(args: readonly string[]): void {
	if (args.some(hasPassword)) {
		warn(
			"start.password-in-arguments",
			"a URL among the arguments has a password, which the process list and the shell's history show to others; give the URL in a file (--storage-file, --smtp-file) or in the environment (HELPDESK_STORAGE, HELPDESK_SMTP)",
		);
	}
}
