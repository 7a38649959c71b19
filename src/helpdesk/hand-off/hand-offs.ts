import type { PluginEvent } from "../../contract/events.ts";
import type { Random } from "../../contract/random.ts";
import type { Secret } from "../../contract/secret.ts";
import { inEnglish } from "../locale/said.ts";
import type { Account } from "../people/stored-account.ts";
import type { HandOffHelpdesk } from "./hand-off-helpdesk.ts";
import type { HandOffHelpdesks } from "./hand-off-helpdesks.ts";
import { type HandOffTokens, handedUser } from "./hand-off-tokens.ts";
import type { HandedUser, HandOffClaims, HandOffPreset } from "./presets/hand-off-preset.ts";
import { handOffPresetOf } from "./presets/hand-off-presets.ts";
import { returnAddress } from "./return-address.ts";
import type { ApiAnswer, SupportPalUsers } from "./supportpal-users.ts";

/** What a browser takes to a helpdesk. */
export interface Delivery {
	readonly method: HandOffPreset["method"];
	/** Absolute. */
	readonly url: string;
	/** The parameters by name. One of them is the token. */
	readonly fields: ReadonlyMap<string, Secret | string>;
}

export type HandOver =
	| { readonly kind: "delivery"; readonly delivery: Delivery }
	/** There is no token, because the helpdesk must not hear of this user. */
	| { readonly kind: "nobody" }
	/** @property trace a code for the visitor to quote, which stands in the log beside the reason. */
	| { readonly kind: "failed"; readonly trace: string };

/** What a helpdesk would receive about a user, without a token that it would believe. */
export interface Preview {
	readonly url: string;
	readonly method: HandOffPreset["method"];
	readonly claims: HandOffClaims;
}

/** What remains at a helpdesk when a user logs out here. */
export type Remains =
	| { readonly kind: "token"; readonly delivery: Delivery }
	| { readonly kind: "link"; readonly url: string }
	| { readonly kind: "expires" };

export interface HandOffsParts {
	readonly brandId: string;
	readonly helpdesks: HandOffHelpdesks;
	readonly tokens: HandOffTokens;
	readonly supportPal: SupportPalUsers;
	readonly random: Random;
	readonly log: (event: PluginEvent) => void;
	readonly logError: (what: string, error: unknown) => void;
}

/** Hands the users of one brand over to helpdesks, by a signed token that their browser takes there. */
export class HandOffs {
	readonly helpdesks: HandOffHelpdesks;

	constructor(private readonly parts: HandOffsParts) {
		this.helpdesks = parts.helpdesks;
	}

	/**
	 * Makes what the browser takes to the helpdesk, with a new token.
	 *
	 * @param asked where the request wants to go on to, as its parameter has it; undefined for nothing.
	 */
	async handOver(
		helpdesk: HandOffHelpdesk,
		account: Account,
		asked: string | undefined,
	): Promise<HandOver> {
		const { helpdesks, logError } = this.parts;
		const preset = handOffPresetOf(helpdesk.preset);
		const user = handedUser(account, helpdesk);
		if (user === undefined) {
			return { kind: "nobody" };
		}
		const secret = this.usable(helpdesk, "secret");
		if (preset === undefined || secret === undefined) {
			return this.failed(
				helpdesk,
				preset === undefined
					? `this version does not know the kind of helpdesk ${helpdesk.preset}`
					: `there is no ${preset.secretLabel}, or it cannot be decrypted; save it again on the page of the helpdesk`,
			);
		}
		const problem = await this.problemThere(helpdesk, preset, user);
		if (problem !== undefined) {
			return this.failed(helpdesk, problem);
		}
		const delivery = await this.delivery(helpdesk, preset, preset.path, user, secret, asked);
		try {
			await helpdesks.noteUse(helpdesk.id);
		} catch (error) {
			logError("a hand-off to a connected helpdesk was not noted", error);
		}
		return { kind: "delivery", delivery };
	}

	/** @returns undefined when there is nothing that the helpdesk may hear of the user. */
	preview(helpdesk: HandOffHelpdesk, account: Account): Preview | undefined {
		const preset = handOffPresetOf(helpdesk.preset);
		const user = handedUser(account, helpdesk);
		return preset === undefined || user === undefined
			? undefined
			: {
					url: below(helpdesk.address, preset.path),
					method: preset.method,
					claims: this.parts.tokens.claims(preset, user),
				};
	}

	/** Whether the REST API of a helpdesk can be used; undefined for a helpdesk that has none, or no token for it. */
	async checkApi(helpdesk: HandOffHelpdesk): Promise<ApiAnswer | undefined> {
		const token = this.usable(helpdesk, "apiToken");
		return token === undefined ? undefined : this.parts.supportPal.check(helpdesk, token);
	}

	/**
	 * What a user who logs out here can still end at a helpdesk.
	 *
	 * @returns undefined for a helpdesk that cannot be told in any way.
	 */
	async remains(helpdesk: HandOffHelpdesk, account: Account): Promise<Remains | undefined> {
		const preset = handOffPresetOf(helpdesk.preset);
		const { logOut } = preset ?? {};
		if (preset === undefined || logOut === undefined) {
			return undefined;
		}
		if (logOut.kind === "expires") {
			return logOut;
		}
		if (logOut.kind === "link") {
			return { kind: "link", url: below(helpdesk.address, logOut.path) };
		}
		const user = handedUser(account, helpdesk);
		const secret = this.usable(helpdesk, "secret");
		return user === undefined || secret === undefined
			? undefined
			: {
					kind: "token",
					delivery: await this.delivery(helpdesk, preset, logOut.path, user, secret, undefined),
				};
	}

	/** Notes an error that a helpdesk reports by way of the browser. Its text is a stranger's, and is not shown. */
	noteError({ id }: HandOffHelpdesk, message: string): string {
		return this.noted(id, `it refused a token: ${printable(message)}`);
	}

	private async delivery(
		helpdesk: HandOffHelpdesk,
		preset: HandOffPreset,
		path: string,
		user: HandedUser,
		secret: Secret,
		asked: string | undefined,
	): Promise<Delivery> {
		const fields = new Map<string, Secret | string>();
		fields.set(preset.tokenField, await this.parts.tokens.make(preset, user, secret));
		const onTo = returnAddress(helpdesk, preset, asked);
		if (onTo !== undefined) {
			fields.set(preset.returnField, onTo);
		}
		if (helpdesk.remoteBrandId !== null && preset.hasApi) {
			fields.set("brand_id", String(helpdesk.remoteBrandId));
		}
		return { method: preset.method, url: below(helpdesk.address, path), fields };
	}

	/**
	 * SupportPal knows only users that it has. Without a token for its REST API, somebody else creates them there.
	 *
	 * @returns why the user is not there, for the log; undefined when all is well.
	 */
	private async problemThere(
		helpdesk: HandOffHelpdesk,
		{ hasApi }: HandOffPreset,
		user: HandedUser,
	): Promise<string | undefined> {
		if (!hasApi || helpdesk.apiToken === null) {
			return undefined;
		}
		const token = this.usable(helpdesk, "apiToken");
		if (token === undefined) {
			return "its API token cannot be decrypted; save it again";
		}
		const answer = await this.parts.supportPal.findOrCreate(helpdesk, user, token);
		return answer.kind === "failed" ? inEnglish(answer.why) : undefined;
	}

	private usable(helpdesk: HandOffHelpdesk, name: "secret" | "apiToken"): Secret | undefined {
		try {
			return this.parts.helpdesks.secretOf(helpdesk, name);
		} catch (error) {
			this.parts.logError("a secret of a connected helpdesk cannot be used", error);
			return undefined;
		}
	}

	private failed({ id }: HandOffHelpdesk, why: string): HandOver {
		return { kind: "failed", trace: this.noted(id, why) };
	}

	private noted(helpdesk: string, why: string): string {
		const { brandId, random, log } = this.parts;
		const trace = Buffer.from(random.bytes(5)).toString("hex");
		log({
			name: "hand-off.failed",
			level: "warn",
			message: "a user could not be handed over to a connected helpdesk",
			brandId,
			fields: { helpdesk, trace, why },
		});
		return trace;
	}
}

function below(address: string, path: string): string {
	return `${address.replace(/\/$/, "")}${path}`;
}

/** A stranger's text for the log, on one line. */
function printable(text: string): string {
	return text.slice(0, 300).replace(/[^\x20-\x7e]/g, "?");
}
