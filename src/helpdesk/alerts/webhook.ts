import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import {
	fieldsOf,
	isTextOrNull,
	isTime,
	readOrReport,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { inEnglish, type Said } from "../locale/said.ts";
import { readMessage, saidAgain, storedMessage } from "../locale/stored-message.ts";
import { NAMESPACES } from "../namespaces.ts";
import type { Vault } from "../settings/vault.ts";

/** The prefix of the secret and its length are those of the Standard Webhooks specification. */
const PREFIX = "whsec_";
const SECRET_BYTES = 32;
/** Where the vault keeps the secret, so that it opens nowhere else. */
const PLACE = "alerts webhook";
const KEY = ["webhook"];
const RESULT_KEY = ["result"];

/** Where alerts are sent. */
export type Webhook = {
	readonly url: string;
	/** When the secret was made. Milliseconds since the epoch. */
	readonly madeAt: number;
};

type StoredWebhook = Webhook & {
	/** By the vault. */
	readonly sealed: string;
};

/** The webhook as it is called. */
export interface OpenWebhook {
	readonly url: string;
	/** Undefined: no key opens it. */
	readonly secret: Secret | undefined;
	/** Another one after each change. */
	readonly version: string;
}

/** How the last call of the webhook went. */
export type WebhookResult = {
	/** Milliseconds since the epoch. */
	readonly at: number;
	/** Why it failed; null for a call that was answered with success. */
	readonly problem: Said | null;
	/** Whether it is not tried again. */
	readonly isLast: boolean;
};

const STORED_WEBHOOK: StoredKind<StoredWebhook> = {
	name: "alerts/webhook",
	read: (value) => {
		const { url, madeAt, sealed } = fieldsOf(value);
		return typeof url === "string" && isTime(madeAt) && typeof sealed === "string"
			? { url, madeAt, sealed }
			: undefined;
	},
};

const STORED_RESULT: StoredKind<WebhookResult> = {
	name: "alerts/result",
	read: (value) => {
		const { at, problem, problemSaid, isLast } = fieldsOf(value);
		return isTime(at) && isTextOrNull(problem) && typeof isLast === "boolean"
			? {
					...{ at, isLast },
					problem: problem && saidAgain(readMessage(problemSaid) ?? null, problem),
				}
			: undefined;
	},
};

export interface WebhookParts {
	/** The storage of the helpdesk. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	readonly vault: Vault;
	readonly logError: (what: string, error: unknown) => void;
}

/** The one address that alerts are sent to, and the secret that signs them. The secret is shown once, when it is made. */
export class WebhookSettings {
	private readonly place: HostStorage;

	constructor(private readonly parts: WebhookParts) {
		this.place = namespaced(parts.storage, NAMESPACES.alerts);
	}

	/** @returns undefined where there is none, or it cannot be read. */
	async find(): Promise<Webhook | undefined> {
		const stored = await this.stored();
		return stored && { url: stored.url, madeAt: stored.madeAt };
	}

	/** @returns undefined where there is none, or it cannot be read. */
	async open(): Promise<OpenWebhook | undefined> {
		const entry = await this.place.get(KEY);
		const stored = entry && readOrReport(entry, STORED_WEBHOOK, this.report);
		return entry && stored
			? { url: stored.url, secret: this.opened(stored.sealed), version: entry.version }
			: undefined;
	}

	/** Sends alerts to an address from now on, with a new secret. @returns the secret. It is never shown again. */
	async set(url: string): Promise<Secret> {
		const { random, clock, vault } = this.parts;
		const made = secret(`${PREFIX}${Buffer.from(random.bytes(SECRET_BYTES)).toString("base64")}`);
		const value: StoredWebhook = {
			...{ url, madeAt: clock.now() },
			sealed: vault.seal(made, PLACE),
		};
		await this.place.commit({ sets: [{ key: KEY, value }], deletes: [RESULT_KEY] });
		return made;
	}

	async remove(): Promise<void> {
		await this.place.commit({ deletes: [KEY, RESULT_KEY] });
	}

	async lastResult(): Promise<WebhookResult | undefined> {
		const entry = await this.place.get(RESULT_KEY);
		return entry && readOrReport(entry, STORED_RESULT, this.report);
	}

	/** Notes nothing where the webhook was changed or removed during the call. @param version of the webhook that was called. */
	async noteResult({ at, problem, isLast }: WebhookResult, version: string): Promise<void> {
		await this.place.commit({
			checks: [{ key: KEY, version }],
			sets: [
				{
					key: RESULT_KEY,
					value: {
						...{ at, isLast },
						problem: problem && inEnglish(problem),
						problemSaid: problem && storedMessage(problem),
					},
				},
			],
		});
	}

	/** Seals the secret with the first key where another key sealed it. Afterwards the other key is no longer needed. */
	async reseal(): Promise<void> {
		await updateEntry(this.place, async () => {
			const entry = await this.place.get(KEY);
			const stored = entry && readOrReport(entry, STORED_WEBHOOK, this.report);
			const sealed = stored && this.parts.vault.resealed(stored.sealed, PLACE);
			const commit: StorageCommit | undefined =
				entry === undefined || sealed === undefined || sealed === stored?.sealed
					? undefined
					: {
							checks: [{ key: KEY, version: entry.version }],
							sets: [{ key: KEY, value: { ...stored, sealed } as StoredWebhook }],
						};
			return { ...(commit && { commit }), result: undefined };
		});
	}

	private async stored(): Promise<StoredWebhook | undefined> {
		const entry = await this.place.get(KEY);
		return entry && readOrReport(entry, STORED_WEBHOOK, this.report);
	}

	private opened(sealed: string): Secret | undefined {
		try {
			return this.parts.vault.open(sealed, PLACE);
		} catch (error) {
			this.parts.logError("the secret of the webhook of alerts cannot be read", error);
			return undefined;
		}
	}

	private readonly report = (error: unknown): void =>
		this.parts.logError("the webhook of alerts cannot be read", error);
}
