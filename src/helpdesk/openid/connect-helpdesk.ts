import { displayName } from "../../contract/display-name.ts";
import type { Message } from "../locale/locale.ts";
import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import type { NewConnectedHelpdesk } from "./connected-helpdesks.ts";
import {
	helpdeskAddress,
	helpdeskBackChannelLogoutUri,
	helpdeskPostLogoutRedirectUris,
	helpdeskRedirectUris,
} from "./presets/check-helpdesk.ts";
import {
	ConnectionError,
	type ConnectionField,
	type LogOutField,
	problemWith,
} from "./presets/connection-error.ts";
import { neverAssertedList } from "./presets/never-asserted.ts";
import type { Preset } from "./presets/preset.ts";

/** What an administrator says about a helpdesk, as it was typed. */
export interface TypedHelpdesk {
	/** Empty: the preset's. */
	readonly name: string;
	readonly address: string;
	/** Empty: those of the preset at this address. */
	readonly redirectUris: readonly string[];
	/** Empty: none. It counts only where {@link Preset.logOutEntered} names it. */
	readonly postLogoutRedirectUris: readonly string[];
	/** Empty or null: none. It counts only where {@link Preset.logOutEntered} names it. */
	readonly backChannelLogoutUri: string | null;
	readonly neverAsserted: readonly string[];
	readonly needsEmail: boolean;
	readonly straightToX: boolean;
}

/** A field of {@link TypedHelpdesk} that may be refused. */
export type HelpdeskField = "name" | ConnectionField;

/** For each field, a sentence that names it and says what is wrong and what to do. */
export type HelpdeskProblems = ReadonlyMap<HelpdeskField, Message>;

export type CheckedHelpdesk =
	| { readonly kind: "good"; readonly helpdesk: NewConnectedHelpdesk }
	| { readonly kind: "refused"; readonly problems: HelpdeskProblems };

/** A connected helpdesk that is being changed. */
type Before = Pick<ConnectedHelpdesk, "address" | "redirectUris">;

/**
 * Makes a connected helpdesk from a preset and what was typed.
 *
 * @param others the helpdesks that the brand is connected to besides this one.
 * @param before the helpdesk as it was. Redirect URIs of the preset that were left as they were follow a new address.
 */
export function checkHelpdesk(
	preset: Preset,
	typed: TypedHelpdesk,
	others: readonly Pick<ConnectedHelpdesk, "name">[],
	before?: Before,
): CheckedHelpdesk {
	const problems = new Map<HelpdeskField, Message>();
	const attempt = <Value>(check: () => Value): Value | undefined => {
		try {
			return check();
		} catch (error) {
			if (!(error instanceof ConnectionError)) {
				throw error;
			}
			problems.set(error.field, error.problem);
			return undefined;
		}
	};
	const name = displayName(typed.name) || preset.name;
	if (others.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
		problems.set("name", nameTaken(name));
	}
	const address = attempt(() => helpdeskAddress(preset, typed.address));
	const uris = address && urisAt(preset, address, typed, before, attempt);
	const neverAsserted = attempt(() => neverAssertedList(typed.neverAsserted));
	const isWhole = address !== undefined && uris !== undefined && neverAsserted !== undefined;
	if (problems.size > 0 || !isWhole) {
		return { kind: "refused", problems };
	}
	const { needsEmail, straightToX } = typed;
	return {
		kind: "good",
		helpdesk: {
			...{ name, address: written(address), neverAsserted, needsEmail, straightToX },
			...uris,
			...traitsOf(preset),
		},
	};
}

/** Says that a brand is connected to another helpdesk with a name. */
export function nameTaken(name: string): Message {
	const problem: Message = { key: "helpdesk.problem.name-taken", values: { name } };
	return problemWith({ key: "helpdesk.form.name" }, problem);
}

/** What follows from the preset alone. */
function traitsOf({ id, clientAuth, signing, pkce }: Preset) {
	return { preset: id, clientAuth, signature: signing, pkce };
}

/** @returns undefined after a problem. */
function urisAt(
	preset: Preset,
	address: URL,
	typed: TypedHelpdesk,
	before: Before | undefined,
	attempt: <Value>(check: () => Value) => Value | undefined,
): Pick<NewConnectedHelpdesk, "redirectUris" | LogOutField> | undefined {
	const wanted = redirectUrisAt(preset, address, typed.redirectUris, before);
	const redirectUris = attempt(() => helpdeskRedirectUris(preset, address, wanted));
	const postLogoutRedirectUris = attempt(() => postLogoutUrisAt(preset, address, typed));
	const backChannelLogoutUri = attempt(() => backChannelAt(preset, address, typed));
	return redirectUris && postLogoutRedirectUris && backChannelLogoutUri !== undefined
		? { redirectUris, postLogoutRedirectUris, backChannelLogoutUri }
		: undefined;
}

function postLogoutUrisAt(
	preset: Preset,
	address: URL,
	{ postLogoutRedirectUris }: TypedHelpdesk,
): readonly string[] {
	return preset.logOutEntered?.includes("postLogoutRedirectUris")
		? helpdeskPostLogoutRedirectUris(preset, address, postLogoutRedirectUris)
		: preset.postLogoutRedirectUris(address);
}

function backChannelAt(preset: Preset, address: URL, typed: TypedHelpdesk): string | null {
	if (!preset.logOutEntered?.includes("backChannelLogoutUri")) {
		return preset.backChannelLogoutUri(address) ?? null;
	}
	const uri = typed.backChannelLogoutUri ?? "";
	return uri.trim() === "" ? null : helpdeskBackChannelLogoutUri(preset, address, uri);
}

function redirectUrisAt(
	preset: Preset,
	address: URL,
	typed: readonly string[],
	before: Before | undefined,
): readonly string[] {
	const isLeft =
		before !== undefined &&
		isSame(typed, before.redirectUris) &&
		isSame(typed, preset.redirectUris(new URL(before.address)));
	return typed.length === 0 || isLeft ? preset.redirectUris(address) : typed;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
	return some.join("\n") === others.join("\n");
}

/** An origin without the slash that browsers put behind it. */
function written({ pathname, origin, href }: URL): string {
	return pathname === "/" ? origin : href;
}
