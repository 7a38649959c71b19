import { readFlags } from "../flags.ts";
import { commandLine } from "../masked.ts";
import { START_FLAGS } from "./start-options.ts";

/** The flags of `start` that the command `operator` needs, too. */
const PLACE = ["data", "storage", "storage-file"] as const;

/**
 * What to know after a start with another host name of the administration.
 *
 * @param args the arguments of the start.
 */
export function movedSentence(from: string, adminUrl: string, args: readonly string[]): string {
	const { values } = readFlags(args, START_FLAGS);
	const place = PLACE.flatMap((flag) => {
		const value = values[flag];
		return value === undefined ? [] : [`--${flag}`, value];
	});
	const line = commandLine("operator", ["reset", "EMAIL", ...place]);
	return `the administration moved from the host ${from} to ${adminUrl}. Operators log in there again, and links in invitations from before lead nowhere: invite those people again. Passkeys belong to a host name, so those that were set up at ${from} do not work at the new one. An operator who has nothing else uses a recovery code, or gets a new password with \`${line}\`. If the move was a mistake, start with the former address`;
}
