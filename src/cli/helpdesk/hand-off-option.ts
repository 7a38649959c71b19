import { dirname, resolve } from "node:path";
import { type Secret, secret } from "../../contract/secret.ts";
import { checkHandOff, type TypedHandOff } from "../../helpdesk/hand-off/connect-hand-off.ts";
import type { ConfiguredHandOff } from "../../helpdesk/hand-off/hand-off-helpdesks.ts";
import type { HandOffPreset } from "../../helpdesk/hand-off/presets/hand-off-preset.ts";
import { handOffPresetOf } from "../../helpdesk/hand-off/presets/hand-off-presets.ts";
import { inEnglish } from "../../helpdesk/locale/said.ts";
import type { ConfiguredHelpdesk } from "../../helpdesk/openid/connected-helpdesks.ts";
import { CommandError } from "../command-error.ts";
import {
	ID,
	type Listed,
	listedIn,
	readConnectedHelpdesks,
	readSecretFile,
	switchIn,
	textIn,
	textsIn,
} from "./connected-helpdesks-option.ts";
import type { Surroundings } from "./secret-option.ts";

const FIELDS: ReadonlySet<string> = new Set([
	...["brand", "id", "preset", "name", "address", "otherSites", "neverAsserted", "straightToX"],
	...["secret", "secretFile", "apiToken", "apiTokenFile", "remoteBrandId"],
]);

/** The helpdesks of the file of `--connected-helpdesks-file`, by the way that leads there. */
export interface HelpdesksFile {
	readonly connectedHelpdesks: readonly ConfiguredHelpdesk[];
	readonly handOffs: readonly ConfiguredHandOff[];
}

/**
 * Reads all helpdesks of `--connected-helpdesks-file FILE`.
 *
 * @throws CommandError with everything that is wrong in the file, one sentence on each line.
 */
export function readHelpdesksFile(
	file: string,
	surroundings: Pick<Surroundings, "readText">,
): HelpdesksFile {
	// A file that is no list of helpdesks is refused before anything in it.
	listedIn(file, surroundings.readText, []);
	const problems: string[] = [];
	const connectedHelpdesks = orProblems(() => readConnectedHelpdesks(file, surroundings), problems);
	const handOffs = orProblems(() => readHandOffs(file, surroundings, connectedHelpdesks), problems);
	if (problems.length > 0) {
		throw new CommandError(problems.join("\n"));
	}
	return { connectedHelpdesks, handOffs };
}

function orProblems<Value>(read: () => readonly Value[], problems: string[]): readonly Value[] {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof CommandError)) {
			throw error;
		}
		problems.push(error.message);
		return [];
	}
}

/** Reads those helpdesks of the file that take a signed token. @param connected those of the file that take none. */
function readHandOffs(
	file: string,
	{ readText }: Pick<Surroundings, "readText">,
	connected: readonly ConfiguredHelpdesk[],
): readonly ConfiguredHandOff[] {
	const problems: string[] = [];
	const read: ConfiguredHandOff[] = [];
	const readBeside = (path: string) => readText(resolve(dirname(file), path));
	const all = listedIn(file, readText, problems);
	for (const [index, listed] of all.entries()) {
		const preset = handOffPresetOf(String(listed.fields.get("preset")));
		if (preset === undefined) {
			continue;
		}
		const others = all.filter((_, other) => other !== index);
		const one = readHandOff(listed, preset, { others, named: [...connected, ...read], readBeside });
		if (one !== undefined) {
			read.push(one);
		}
	}
	if (problems.length > 0) {
		throw new CommandError(problems.join("\n"));
	}
	return read;
}

interface Around {
	/** The other helpdesks of the file, of every kind. */
	readonly others: readonly Listed[];
	/** Those whose names are taken: the ones above this one, and all that take no signed token. */
	readonly named: readonly (ConfiguredHelpdesk | ConfiguredHandOff)[];
	readonly readBeside: (path: string) => string;
}

function readHandOff(
	listed: Listed,
	preset: HandOffPreset,
	{ others, named, readBeside }: Around,
): ConfiguredHandOff | undefined {
	const { fields, refuse } = listed;
	for (const unknown of [...fields.keys()].filter((name) => !FIELDS.has(name))) {
		refuse(`"${unknown}" is not a field of ${preset.id}; the fields are ${[...FIELDS].join(", ")}`);
	}
	const brandId = textIn(listed, "brand");
	const id = textIn(listed, "id");
	if (id !== undefined && !ID.test(id)) {
		refuse(
			`"id" is ${JSON.stringify(id)}; give 1 to 64 characters of a-z, 0-9 and -, no - at the beginning`,
		);
	} else if (others.some((other) => other.fields.get("id") === id)) {
		refuse(`"id" is ${id}, as that of another helpdesk; give each its own`);
	}
	const typed = readTyped(listed, readBeside);
	if (typed === undefined) {
		return undefined;
	}
	const sameBrand = named.filter((other) => other.brandId === brandId);
	const checked = checkHandOff(
		preset,
		typed,
		sameBrand.map(({ helpdesk }) => helpdesk),
		true,
	);
	if (checked.kind === "refused") {
		for (const problem of checked.problems.values()) {
			refuse(inEnglish(problem));
		}
	}
	return checked.kind === "refused" || brandId === undefined || id === undefined
		? undefined
		: { brandId, id, helpdesk: checked.helpdesk, secrets: checked.secrets };
}

function readTyped(listed: Listed, readBeside: (path: string) => string): TypedHandOff | undefined {
	const { fields, refuse } = listed;
	const address = textIn(listed, "address");
	const remoteBrandId = fields.get("remoteBrandId") ?? "";
	if (typeof remoteBrandId !== "string" && typeof remoteBrandId !== "number") {
		refuse('"remoteBrandId" is neither a number nor a text');
	}
	const typed = {
		name: fields.has("name") ? (textIn(listed, "name") ?? "") : "",
		otherSites: textsIn(listed, "otherSites"),
		remoteBrandId: String(remoteBrandId),
		neverAsserted: textsIn(listed, "neverAsserted"),
		straightToX: switchIn(listed, "straightToX", false),
		secret: readSecret(listed, "secret", readBeside),
		apiToken: readSecret(listed, "apiToken", readBeside),
		dropsApiToken: false,
	};
	return address === undefined ? undefined : { ...typed, address };
}

/** @returns an empty one where there is none. */
function readSecret(
	{ fields, refuse }: Listed,
	field: "secret" | "apiToken",
	readBeside: (path: string) => string,
): Secret {
	const inFile = `${field}File`;
	if (fields.has(field) && fields.has(inFile)) {
		refuse(`"${field}" and "${inFile}" are both given; give one of them`);
		return secret("");
	}
	if (fields.has(inFile)) {
		return secret(readSecretFile(fields.get(inFile), refuse, readBeside, inFile) ?? "");
	}
	const value = fields.get(field) ?? "";
	if (typeof value !== "string") {
		// The secret itself is not repeated.
		refuse(`"${field}" is not a text`);
		return secret("");
	}
	return secret(value);
}
