import { displayName } from "../../contract/display-name.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import { typedInteger } from "../ascii-digits.ts";
import type { Message } from "../locale/locale.ts";
import { nameTaken } from "../openid/connect-helpdesk.ts";
import { helpdeskAddress } from "../openid/presets/check-helpdesk.ts";
import { ConnectionError, problemWith } from "../openid/presets/connection-error.ts";
import { neverAssertedList } from "../openid/presets/never-asserted.ts";
import type { GivenSecrets, NewHandOffHelpdesk } from "./hand-off-helpdesks.ts";
import type { HandOffPreset } from "./presets/hand-off-preset.ts";

/** A form that lists more is a mistake. */
const MOST_SITES = 10;

/** The shortest key, in characters. Somebody who has one token can guess at its key without asking anybody. */
const MIN_SECRET = 16;
const MAX_SECRET = 1000;

/** Characters that stand in a key or a token, and neither line ends nor spaces. */
const VISIBLE = /^[\x21-\x7e]+$/;

/** The largest number that is taken for that of a brand. */
const LAST_BRAND = 999_999_999;

/** What an administrator says about a helpdesk, as it was typed. */
export interface TypedHandOff {
	/** Empty: the preset's. */
	readonly name: string;
	readonly address: string;
	readonly otherSites: readonly string[];
	/** Empty: the helpdesk finds its brand itself. */
	readonly remoteBrandId: string;
	readonly neverAsserted: readonly string[];
	readonly straightToX: boolean;
	/** Empty: as it is. */
	readonly secret: Secret;
	/** Empty: as it is. */
	readonly apiToken: Secret;
	/** Whether the stored token of the REST API is dropped. */
	readonly dropsApiToken: boolean;
}

/** A field of {@link TypedHandOff} that may be refused. */
type HandOffFieldName = Exclude<keyof TypedHandOff, "straightToX" | "dropsApiToken">;

/** For each field, a sentence that names it and says what is wrong and what to do. */
export type HandOffProblems = ReadonlyMap<HandOffFieldName, Message>;

export type CheckedHandOff =
	| {
			readonly kind: "good";
			readonly helpdesk: NewHandOffHelpdesk;
			readonly secrets: GivenSecrets;
	  }
	| { readonly kind: "refused"; readonly problems: HandOffProblems };

/**
 * Makes a helpdesk from a preset and what was typed.
 *
 * @param others the helpdesks that the brand is connected to besides this one.
 * @param needsSecret whether there is no secret yet that could stay.
 */
export function checkHandOff(
	preset: HandOffPreset,
	typed: TypedHandOff,
	others: readonly { readonly name: string }[],
	needsSecret: boolean,
): CheckedHandOff {
	const problems = new Map<HandOffFieldName, Message>();
	const attempt = <Value>(field: HandOffFieldName, check: () => Value): Value | undefined => {
		try {
			return check();
		} catch (error) {
			if (!(error instanceof ConnectionError)) {
				throw error;
			}
			problems.set(field, error.problem);
			return undefined;
		}
	};
	const name = displayName(typed.name) || preset.name;
	if (others.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
		problems.set("name", nameTaken(name));
	}
	const address = attempt("address", () => written(addressIn(preset, typed.address)));
	const otherSites = attempt("otherSites", () => sitesIn(preset, typed.otherSites));
	const neverAsserted = attempt("neverAsserted", () => neverAssertedList(typed.neverAsserted));
	const { straightToX } = typed;
	const remoteBrandId = typed.remoteBrandId === "" ? null : typedInteger(typed.remoteBrandId);
	if (remoteBrandId !== null && !(remoteBrandId > 0 && remoteBrandId <= LAST_BRAND)) {
		const values = { id: typed.remoteBrandId };
		const problem: Message = { key: "helpdesk.problem.brand-id", values };
		problems.set("remoteBrandId", problemWith({ key: "helpdesk.form.brand-id" }, problem));
	}
	const secrets = secretsIn(preset, typed, needsSecret, problems);
	if (
		problems.size > 0 ||
		address === undefined ||
		otherSites === undefined ||
		neverAsserted === undefined
	) {
		return { kind: "refused", problems };
	}
	const helpdesk = { preset: preset.id, name, address, otherSites, remoteBrandId };
	return { kind: "good", helpdesk: { ...helpdesk, neverAsserted, straightToX }, secrets };
}

function addressIn({ name, address }: HandOffPreset, typed: string): URL {
	return helpdeskAddress({ name, httpsOnly: false, address }, typed);
}

function sitesIn(
	{ name, address: { example } }: HandOffPreset,
	typed: readonly string[],
): string[] {
	const label: Message = { key: "helpdesk.form.other-sites" };
	if (typed.length > MOST_SITES) {
		const values = { count: typed.length, most: MOST_SITES };
		throw new ConnectionError("address", label, { key: "helpdesk.problem.too-many", values });
	}
	const address = { label, example, mayHavePath: false };
	const origins = typed.map((each) => helpdeskAddress({ name, httpsOnly: false, address }, each));
	return [...new Set(origins.map(({ origin }) => origin))];
}

/** The secrets themselves are never repeated in a sentence. */
function secretsIn(
	{ name, secretLabel, secretWhere, hasApi }: HandOffPreset,
	{ secret: key, apiToken, dropsApiToken }: TypedHandOff,
	needsSecret: boolean,
	problems: Map<HandOffFieldName, Message>,
): GivenSecrets {
	const about = { helpdesk: name, place: secretWhere };
	const typedKey = key.reveal();
	const isKey = VISIBLE.test(typedKey) && typedKey.length <= MAX_SECRET;
	if (typedKey === "" && needsSecret) {
		const problem: Message = { key: "helpdesk.problem.no-secret", values: about };
		problems.set("secret", problemWith(secretLabel, problem));
	} else if (typedKey !== "" && (!isKey || typedKey.length < MIN_SECRET)) {
		const values = { ...about, least: MIN_SECRET, most: MAX_SECRET };
		problems.set("secret", problemWith(secretLabel, { key: "helpdesk.problem.secret", values }));
	}
	const typedToken = apiToken.reveal();
	if (typedToken !== "" && (!hasApi || !VISIBLE.test(typedToken) || typedToken.includes(":"))) {
		const problem = hasApi ? "helpdesk.problem.api-token" : "helpdesk.problem.no-api-token";
		problems.set(
			"apiToken",
			problemWith({ key: "helpdesk.form.api-token" }, { key: problem, values: about }),
		);
	}
	return {
		...(typedKey !== "" && { secret: secret(typedKey) }),
		...(typedToken !== "" ? { apiToken: secret(typedToken) } : dropsApiToken && { apiToken: null }),
	};
}

/** An origin without the slash that browsers put behind it. */
function written({ pathname, origin, href }: URL): string {
	return pathname === "/" ? origin : href;
}
