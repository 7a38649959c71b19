import { CommandError, reasonOf } from "../command-error.ts";

/**
 * Reads the JSON of a file.
 *
 * @param place the flag and the file, for messages.
 * @param hasSecrets whether the message must not repeat what stands there.
 * @throws CommandError with the line where it is broken.
 */
export function parsedJson(written: string, place: string, hasSecrets = false): unknown {
	const text = written.replace(/^\uFEFF/, "");
	try {
		return JSON.parse(text);
	} catch (cause) {
		const reason = reasonOf(cause);
		const [, position] = /at position (\d+)/.exec(reason) ?? [];
		const isCut = /end of JSON input/.test(reason);
		const before = position === undefined ? text : text.slice(0, Number(position));
		const line = before.split("\n").length;
		const where = position !== undefined || isCut ? `, line ${line}` : "";
		const why = hasSecrets ? "" : ` (${reason.split("\n")[0]})`;
		throw new CommandError(`${place}${where} is not JSON${why}`, { cause });
	}
}
