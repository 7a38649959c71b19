import { dirname, resolve } from "node:path";
import { type Secret, secret } from "../../contract/secret.ts";
import {
	HAND_OFF_PRESETS,
	handOffPresetOf,
} from "../../helpdesk/hand-off/presets/hand-off-presets.ts";
import { inEnglish } from "../../helpdesk/locale/said.ts";
import { checkHelpdesk, type TypedHelpdesk } from "../../helpdesk/openid/connect-helpdesk.ts";
import type { ConfiguredHelpdesk } from "../../helpdesk/openid/connected-helpdesks.ts";
import type { Preset } from "../../helpdesk/openid/presets/preset.ts";
import { PRESETS, presetOf } from "../../helpdesk/openid/presets/presets.ts";
import { outsideSentence } from "../../helpdesk/openid/redirect-reach.ts";
import { urlRefusal } from "../../ports/public-http.ts";
import { CommandError, reasonOf } from "../command-error.ts";
import { parsedJson } from "./json-option.ts";
import type { Surroundings } from "./secret-option.ts";

/** The shortest client secret, in characters. Nobody guesses a random one of this length. */
const MIN_SECRET = 32;

/** Characters that no way of sending a client secret changes (RFC 6749, section 2.3.1). */
const SECRET = /^[\w.~-]+$/;

export const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

const FIELDS: ReadonlySet<string> = new Set([
	...["brand", "id", "preset", "name", "address", "redirectUris", "neverAsserted"],
	...["postLogoutRedirectUris", "backChannelLogoutUri"],
	...["needsEmail", "straightToX", "secret", "secretFile"],
]);

const EXAMPLE =
	'[{ "brand": "help", "id": "rt", "preset": "request-tracker", "address": "https://rt.example.com", "secretFile": "rt-secret" }]';

/** The fields of one helpdesk in the file, and where to put what is wrong with them. */
export interface Listed {
	readonly fields: ReadonlyMap<string, unknown>;
	readonly refuse: (problem: string) => void;
}

/**
 * Reads the helpdesks of `--connected-helpdesks-file FILE`.
 *
 * @throws CommandError with everything that is wrong in the file, one sentence on each line.
 */
export function readConnectedHelpdesks(
	file: string,
	{ readText }: Pick<Surroundings, "readText">,
): readonly ConfiguredHelpdesk[] {
	const problems: string[] = [];
	const read: ConfiguredHelpdesk[] = [];
	const readBeside = (path: string) => readText(resolve(dirname(file), path));
	const all = listedIn(file, readText, problems);
	for (const listed of all.filter(({ fields }) => !takesSignedToken(fields))) {
		const helpdesk = readListed(listed, read, readBeside);
		if (helpdesk !== undefined) {
			read.push(helpdesk);
		}
	}
	if (problems.length > 0) {
		throw new CommandError(problems.join("\n"));
	}
	return read;
}

/**
 * Refuses back-channel log-out URIs that this process would never call. Those that follow from a preset stay: the log-in
 * works all the same.
 *
 * @param allowPrivate the hosts of `--allow-private`.
 * @throws CommandError with a sentence for each.
 */
export function refuseUncalled(
	file: string,
	helpdesks: readonly ConfiguredHelpdesk[],
	allowPrivate: readonly string[],
): void {
	const hosts = new Set(allowPrivate);
	const problems = helpdesks.flatMap(
		({ helpdesk: { preset, backChannelLogoutUri: uri } }, index) =>
			uri !== null &&
			presetOf(preset)?.logOutEntered?.includes("backChannelLogoutUri") &&
			urlRefusal(uri, hosts) !== undefined
				? `--connected-helpdesks-file ${file}, helpdesk ${index + 1}: ${inEnglish(outsideSentence(uri))}`
				: [],
	);
	if (problems.length > 0) {
		throw new CommandError(problems.join("\n"));
	}
}

/** The helpdesks of the file, of every kind. @param problems where what is wrong with them goes. */
export function listedIn(
	file: string,
	readText: Surroundings["readText"],
	problems: string[],
): readonly Listed[] {
	const flag = `--connected-helpdesks-file ${file}`;
	const listed = parsedJson(readFile(file, flag, readText), flag, true);
	if (!Array.isArray(listed)) {
		throw new CommandError(`${flag} is not a list of helpdesks such as ${EXAMPLE}`);
	}
	return listed.map((each, index) => ({
		fields: new Map<string, unknown>(isObject(each) ? Object.entries(each) : []),
		refuse: (problem: string): void => {
			problems.push(`${flag}, helpdesk ${index + 1}: ${problem}`);
		},
	}));
}

/** Whether a helpdesk of the file is one for `readHandOffs`. */
function takesSignedToken(fields: Listed["fields"]): boolean {
	return handOffPresetOf(String(fields.get("preset"))) !== undefined;
}

function readFile(file: string, flag: string, readText: Surroundings["readText"]): string {
	try {
		return readText(file);
	} catch (cause) {
		throw new CommandError(`${flag} cannot be read (${reasonOf(cause)})`, { cause });
	}
}

/** @param before the helpdesks above this one. */
function readListed(
	listed: Listed,
	before: readonly ConfiguredHelpdesk[],
	readBeside: (path: string) => string,
): ConfiguredHelpdesk | undefined {
	const { fields, refuse } = listed;
	for (const unknown of [...fields.keys()].filter((name) => !FIELDS.has(name))) {
		refuse(`"${unknown}" is not a field; the fields are ${[...FIELDS].join(", ")}`);
	}
	const brandId = textIn(listed, "brand");
	const id = readId(listed, before);
	const presetId = textIn(listed, "preset");
	const preset = presetId === undefined ? undefined : presetOf(presetId);
	if (presetId !== undefined && preset === undefined) {
		const known = [...PRESETS, ...HAND_OFF_PRESETS].map((each) => each.id).join(", ");
		refuse(`"preset" is ${JSON.stringify(presetId)}, and the presets are ${known}`);
	}
	const typed = readTyped(listed, preset);
	if (preset === undefined || typed === undefined) {
		return undefined;
	}
	const others = before.filter((other) => other.brandId === brandId);
	const checked = checkHelpdesk(
		preset,
		typed,
		others.map(({ helpdesk }) => helpdesk),
	);
	if (checked.kind === "refused") {
		for (const problem of checked.problems.values()) {
			refuse(inEnglish(problem));
		}
	}
	const given = readSecret(listed, preset, readBeside);
	return checked.kind === "refused" || brandId === undefined || id === undefined
		? undefined
		: { brandId, id, helpdesk: checked.helpdesk, secret: given };
}

function readId(listed: Listed, before: readonly ConfiguredHelpdesk[]): string | undefined {
	const id = textIn(listed, "id");
	if (id !== undefined && !ID.test(id)) {
		listed.refuse(
			`"id" is ${JSON.stringify(id)}; give 1 to 64 characters of a-z, 0-9 and -, no - at the beginning`,
		);
		return undefined;
	}
	if (before.some((other) => other.id === id)) {
		listed.refuse(`"id" is ${id}, as that of a helpdesk above; give each its own`);
	}
	return id;
}

function readTyped(listed: Listed, preset: Preset | undefined): TypedHelpdesk | undefined {
	const address = textIn(listed, "address");
	const lists = {
		redirectUris: textsIn(listed, "redirectUris"),
		neverAsserted: textsIn(listed, "neverAsserted"),
		postLogoutRedirectUris: textsIn(listed, "postLogoutRedirectUris"),
	};
	const { fields, refuse } = listed;
	for (const field of ["postLogoutRedirectUris", "backChannelLogoutUri"] as const) {
		if (preset !== undefined && fields.has(field) && !preset.logOutEntered?.includes(field)) {
			refuse(`"${field}" is given, and it follows from the preset ${preset.id}; leave it out`);
		}
	}
	const backChannelLogoutUri = fields.has("backChannelLogoutUri")
		? (textIn(listed, "backChannelLogoutUri") ?? null)
		: null;
	const name = fields.has("name") ? textIn(listed, "name") : "";
	const needsEmail = switchIn(listed, "needsEmail", preset?.needsEmail ?? false);
	const straightToX = switchIn(listed, "straightToX", false);
	return address === undefined
		? undefined
		: { name: name ?? "", address, ...lists, backChannelLogoutUri, needsEmail, straightToX };
}

/** @returns undefined for a helpdesk that has none, and after a problem. */
function readSecret(
	{ fields, refuse }: Listed,
	{ clientAuth, name }: Preset,
	readBeside: (path: string) => string,
): Secret | undefined {
	const given = ["secret", "secretFile"].filter((field) => fields.has(field));
	if (clientAuth === "none") {
		if (given.length > 0) {
			refuse(`"${given[0]}" is given, and ${name} has no client secret; leave it out`);
		}
		return undefined;
	}
	const [field] = given;
	if (field === undefined || given.length > 1) {
		refuse(
			`${field === undefined ? 'there is no "secret"' : '"secret" and "secretFile" are both given'}; give "secretFile", the name of a file beside this one, or "secret"`,
		);
		return undefined;
	}
	const value = fields.get(field);
	const text = field === "secret" ? value : readSecretFile(value, refuse, readBeside);
	if (text === undefined) {
		return undefined;
	}
	if (typeof text !== "string" || text.length < MIN_SECRET || !SECRET.test(text)) {
		// The secret itself is not repeated.
		refuse(
			`"${field}" has no secret of at least ${MIN_SECRET} characters of A-Z, a-z, 0-9 and _ . ~ -; make one with openssl rand -hex 32`,
		);
		return undefined;
	}
	return secret(text);
}

export function readSecretFile(
	path: unknown,
	refuse: Listed["refuse"],
	readBeside: (path: string) => string,
	field = "secretFile",
): string | undefined {
	if (typeof path !== "string" || path === "") {
		refuse(`"${field}" is not the name of a file`);
		return undefined;
	}
	try {
		return readBeside(path).trim();
	} catch (cause) {
		refuse(`"${field}" ${path} cannot be read (${reasonOf(cause)})`);
		return undefined;
	}
}

export function textIn({ fields, refuse }: Listed, field: string): string | undefined {
	const value = fields.get(field);
	if (typeof value === "string" && value.trim() !== "") {
		return value.trim();
	}
	refuse(`"${field}" is ${value === undefined ? "missing" : "not a text"}`);
	return undefined;
}

export function textsIn({ fields, refuse }: Listed, field: string): readonly string[] {
	const value = fields.get(field) ?? [];
	if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
		return value;
	}
	refuse(`"${field}" is not a list of texts`);
	return [];
}

export function switchIn({ fields, refuse }: Listed, field: string, otherwise: boolean): boolean {
	const value = fields.get(field) ?? otherwise;
	if (typeof value === "boolean") {
		return value;
	}
	refuse(`"${field}" is neither true nor false`);
	return otherwise;
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
