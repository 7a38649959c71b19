import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { type Secret, secret } from "../../../contract/secret.ts";
import { HOST, inject, injectable } from "../../injection.ts";
import type { BegunLink } from "../../links/links.ts";
import { isNumber, isRecord, isText, orAbsent, orNull, takeStored } from "../../stored-value.ts";
import { type AttemptRecord, isAttemptRecord } from "../attempt.ts";
import { bindingHash } from "./browser-binding.ts";

/** The time a visitor may stay on X's page. X does not publish the lifetime of a request token. */
export const PENDING_LOGIN_SECONDS = 600;

// A record is kept twice as long, to distinguish "too late" from "never started here".
const KEPT_SECONDS = 2 * PENDING_LOGIN_SECONDS;

declare const taken: unique symbol;

export interface NewPendingLogin {
	readonly brandId: string;
	readonly token: string;
	readonly tokenSecret: Secret;
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
	readonly token: string;
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
			token: login.token,
			tokenSecret: login.tokenSecret.reveal(),
			returnPath: login.returnPath,
			linkingUserId: login.linkingUserId ?? null,
			linkingEpoch: login.begun.epoch,
			accessEpoch: login.begun.accessEpoch ?? null,
			attempt: login.attempt,
			expiresAt: now + PENDING_LOGIN_SECONDS * 1000,
		};
		const saved = await this.host.storage.commit({
			sets: [{ key: keyOf(binding, login.token), value, expiresAt: now + KEPT_SECONDS * 1000 }],
		});
		if (!saved) {
			throw new Error("the storage refused a commit that has no checks");
		}
	}

	/** Undefined for a token that was started in another browser or taken before. Nothing is consumed then. */
	async takeOnce(binding: Secret, token: string): Promise<PendingLogin | undefined> {
		const key = keyOf(binding, token);
		const stored = await takeStored(this.host, key, isStoredLogin, KEPT_SECONDS * 1000);
		if (stored === undefined) {
			return undefined;
		}
		return {
			brandId: stored.brandId,
			token: stored.token,
			tokenSecret: secret(stored.tokenSecret),
			returnPath: stored.returnPath,
			linkingUserId: stored.linkingUserId ?? undefined,
			begun: { epoch: stored.linkingEpoch, accessEpoch: stored.accessEpoch ?? null },
			attempt: stored.attempt ?? null,
			expired: this.host.clock.now() >= stored.expiresAt,
		} as PendingLogin;
	}
}

function keyOf(binding: Secret, token: string): readonly string[] {
	return ["pending", bindingHash(binding, token)];
}
