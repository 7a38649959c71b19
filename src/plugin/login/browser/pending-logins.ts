import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { type Secret, secret } from "../../../contract/secret.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import type { BegunLink } from "../../links/links.ts";
import {
	isNumber,
	isOneOf,
	isRecord,
	isText,
	orAbsent,
	orNull,
	takeStored,
} from "../../stored-value.ts";
import { type AttemptRecord, isAttemptRecord } from "../attempt.ts";
import type { Protocol } from "../provider/identity-provider.ts";
import type { NotedFor } from "../provider/protocol-choice.ts";
import { bindingHash } from "./browser-binding.ts";

/** The time a visitor may stay on X's page. X does not publish the lifetime of a request token. */
export const PENDING_LOGIN_SECONDS = 600;

// A record is kept twice as long, to distinguish "too late" from "never started here".
const KEPT_SECONDS = 2 * PENDING_LOGIN_SECONDS;

declare const taken: unique symbol;

export interface NewPendingLogin {
	readonly brandId: string;
	/** The one that the log-in began with, and finishes under. */
	readonly protocol: Protocol;
	/** As in a `BegunLogin`, like the secret. */
	readonly token: string;
	readonly secret: Secret;
	/** As in a `ChosenProtocol`. */
	readonly notedFor: NotedFor;
	/** The `aboutApp` of the app that it began with. */
	readonly app: string;
	readonly returnPath: string;
	/** The user who pressed "Connect X"; undefined for a log-in. */
	readonly linkingUserId: string | undefined;
	/** The state of that user when they pressed it. */
	readonly begun: BegunLink;
	readonly attempt: AttemptRecord | null;
}

/** A pending log-in that this request, and no other, has taken. Only {@link PendingLogins.takeOnce} gives it. */
export interface PendingLogin extends NewPendingLogin {
	readonly [taken]: true;
	readonly expired: boolean;
}

type StoredLogin = {
	readonly brandId: string;
	/** Absent for OAuth 1.0a, and in older records. */
	readonly protocol?: "oauth2";
	/** Absent under OAuth 1.0a, and in older records, like the next one. */
	readonly notedFor?: NotedFor;
	readonly app?: string;
	readonly token: string;
	/** The secret of a request token, or a code verifier. */
	readonly tokenSecret: string;
	readonly returnPath: string;
	readonly linkingUserId: string | null;
	readonly linkingEpoch: string | null;
	/** Of the same user. Absent in older records. */
	readonly accessEpoch?: string | null;
	/** Absent in older records. */
	readonly attempt?: AttemptRecord | null;
	readonly expiresAt: number;
};

const isStoredLogin = isRecord<StoredLogin>({
	brandId: isText,
	protocol: orAbsent(isOneOf("oauth2")),
	notedFor: orAbsent(orNull(isOneOf("return", "trial"))),
	app: orAbsent(isText),
	token: isText,
	tokenSecret: isText,
	returnPath: isText,
	linkingUserId: orNull(isText),
	linkingEpoch: orNull(isText),
	accessEpoch: orAbsent(orNull(isText)),
	attempt: orAbsent(orNull(isAttemptRecord)),
	expiresAt: isNumber,
});

@injectable()
export class PendingLogins {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async save(binding: Secret, login: NewPendingLogin): Promise<void> {
		const now = this.host.clock.now();
		const value: StoredLogin = {
			brandId: login.brandId,
			...(login.protocol === "oauth2" && {
				protocol: login.protocol,
				notedFor: login.notedFor,
				app: login.app,
			}),
			token: login.token,
			tokenSecret: login.secret.reveal(),
			returnPath: login.returnPath,
			linkingUserId: login.linkingUserId ?? null,
			linkingEpoch: login.begun.epoch,
			accessEpoch: login.begun.accessEpoch ?? null,
			attempt: login.attempt,
			expiresAt: now + PENDING_LOGIN_SECONDS * 1000,
		};
		const saved = await this.host.storage.commit({
			sets: [{ key: keyOf(binding, login), value, expiresAt: now + KEPT_SECONDS * 1000 }],
		});
		if (!saved) {
			throw new Error("the storage refused a commit that has no checks");
		}
	}

	/**
	 * Undefined for a token that was started in another browser, at another brand or under another protocol, or taken
	 * before. Nothing is consumed then.
	 */
	async takeOnce(binding: Secret, named: NamedLogin): Promise<PendingLogin | undefined> {
		const key = keyOf(binding, named);
		const stored = await takeStored(this.host, key, isStoredLogin, KEPT_SECONDS * 1000);
		if (stored === undefined) {
			return undefined;
		}
		const { expiresAt } = stored;
		if (stored.brandId !== named.brandId) {
			// Only under OAuth 1.0a does the key leave the brand out, as it did in 0.1.0.
			const keptUntil = expiresAt + (KEPT_SECONDS - PENDING_LOGIN_SECONDS) * 1000;
			await this.host.storage.commit({
				checks: [{ key, version: null }],
				sets: [{ key, value: stored, expiresAt: keptUntil }],
			});
			return undefined;
		}
		return {
			brandId: stored.brandId,
			protocol: stored.protocol ?? "oauth1",
			notedFor: stored.notedFor ?? null,
			app: stored.app ?? "",
			token: stored.token,
			secret: secret(stored.tokenSecret),
			returnPath: stored.returnPath,
			linkingUserId: stored.linkingUserId ?? undefined,
			begun: { epoch: stored.linkingEpoch, accessEpoch: stored.accessEpoch ?? null },
			attempt: stored.attempt ?? null,
			expired: this.host.clock.now() >= expiresAt,
		} as PendingLogin;
	}
}

/** What a callback says of the log-in that it belongs to. */
export type NamedLogin = Pick<NewPendingLogin, "brandId" | "protocol" | "token">;

/**
 * No two protocols or brands share a key, so the callback of one never finds the log-in of another. A token of OAuth 1.0a
 * cannot begin with a space.
 */
function keyOf(binding: Secret, { brandId, protocol, token }: NamedLogin): readonly string[] {
	const name = protocol === "oauth1" ? token : ` ${JSON.stringify([protocol, brandId, token])}`;
	return ["pending", bindingHash(binding, name)];
}
