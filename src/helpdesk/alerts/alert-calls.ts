import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { PublicHttp } from "../../ports/public-http.ts";
import type { ReadEntry } from "../../storage/stored-value.ts";
import type { Message } from "../locale/locale.ts";
import { partsOfEnd } from "../sign-ins/end-kinds.ts";
import {
	type AlertEvent,
	eventSet,
	isTold,
	openEvents,
	STORED_ALERT_EVENT,
} from "./alert-event.ts";
import type { AlertLinks } from "./alert-letter.ts";
import { type AlertWordsParts, alertWords } from "./alert-words.ts";
import { problemOfCall, type SentMessage, signedCall } from "./signed-call.ts";
import type { WebhookSettings } from "./webhook.ts";

const MINUTE_MS = 60_000;
/** How long an event waits after each try. After the last one it is given up. */
const WAITS_MS = [1, 5, 15, 60, 180].map((minutes) => minutes * MINUTE_MS);
/** A call takes three seconds at most, and the others wait for it. */
const CALLS_A_ROUND = 10;

export interface AlertCallsParts extends AlertWordsParts {
	/** The storage of the helpdesk. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly http: Pick<PublicHttp, "send">;
	readonly webhook: WebhookSettings;
	readonly links: AlertLinks;
	readonly logError: (what: string, error: unknown) => void;
}

/**
 * Calls the webhook with events. A try is noted before it is made, so that a node that is killed makes no other node try for
 * ever. An event may arrive twice; its id is the same then.
 */
export class AlertCalls {
	constructor(private readonly parts: AlertCallsParts) {}

	/** Any node may do it, at any time. @returns how many events the webhook has taken. */
	async send(): Promise<number> {
		const { storage, clock, webhook, logError } = this.parts;
		const due = (await openEvents(storage, logError))
			.filter(({ value }) => value.webhook !== null && value.webhook.dueAt <= clock.now())
			.slice(0, CALLS_A_ROUND);
		const isThere = due.length > 0 && (await webhook.find()) !== undefined;
		let taken = 0;
		for (const entry of due) {
			if (!isThere) {
				await this.store(entry, null);
			} else if (await this.call(entry)) {
				taken += 1;
			}
		}
		return taken;
	}

	/** Sends a message that says that it is a test, and notes how that went. @returns why it failed; null for success. */
	async test(): Promise<Message | null> {
		const { clock } = this.parts;
		const id = randomUUID();
		const at = new Date(clock.now()).toISOString();
		return this.deliver({ id, body: JSON.stringify({ id, type: "test", at }) }, true);
	}

	private async call(entry: ReadEntry<AlertEvent>): Promise<boolean> {
		const { storage, clock } = this.parts;
		const { value: event } = entry;
		const tries = (event.webhook?.tries ?? 0) + 1;
		const waitMs = WAITS_MS[tries - 1] ?? MINUTE_MS;
		const isLast = tries >= WAITS_MS.length;
		if (!(await this.store(entry, { tries, dueAt: clock.now() + waitMs }))) {
			return false;
		}
		const problem = await this.deliver(await this.messageOf(event), isLast);
		if (problem === null || isLast) {
			const held = await storage.get(entry.key);
			const value = held && STORED_ALERT_EVENT.read(held.value);
			if (held !== undefined && value?.webhook?.tries === tries) {
				await this.store({ ...held, value }, null);
			}
		}
		return problem === null;
	}

	private async deliver(message: SentMessage, isLast: boolean): Promise<Message | null> {
		const { clock, http, webhook } = this.parts;
		const to = await webhook.open();
		if (to === undefined) {
			return { key: "webhook-problem.none" };
		}
		const { url, secret, version } = to;
		const problem: Message | null =
			secret === undefined
				? { key: "webhook-problem.sealed" }
				: await problemOfCall(http, signedCall({ url, secret }, message, clock.now()));
		const result = { at: clock.now(), problem, isLast: isLast || problem === null };
		await webhook.noteResult(result, version);
		return problem;
	}

	private async messageOf(event: AlertEvent): Promise<SentMessage> {
		const { id, at, kind, since, pluginId, brandId, why } = event;
		// Programs read it, so its sentences are in one language.
		const words = await alertWords(event, this.parts, "en");
		const { code = why, problem = null } = partsOfEnd(why) ?? {};
		const body = JSON.stringify({
			id,
			type: kind === "failing" ? "log-ins.failing" : "log-ins.working",
			at: new Date(at).toISOString(),
			since: new Date(since).toISOString(),
			brand: { id: brandId, name: words.brand },
			addOn: { id: pluginId, name: words.addOn },
			reason: { code, problem, title: words.title, text: words.text },
			settings: this.parts.links.settings(event),
		});
		return { id, body };
	}

	/** Stores how far the calls of an event are. @returns false where another node has changed it. */
	private store(
		{ key, version, value }: ReadEntry<AlertEvent>,
		webhook: AlertEvent["webhook"],
	): Promise<boolean> {
		const event = { ...value, webhook };
		return this.parts.storage.commit({
			checks: [{ key, version }],
			...(isTold(event) ? { deletes: [key] } : { sets: [eventSet(event)] }),
		});
	}
}
