import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { digest } from "../../digest.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable } from "../../injection.ts";
import type { Credentials, IdentityProvider } from "./identity-provider.ts";
import { ProviderError } from "./identity-provider.ts";
import { NO_FAULT, type OAuth2App, type OAuth2Record, OAuth2Records } from "./oauth2-records.ts";
import type { ProviderCalls } from "./provider-calls.ts";

/**
 * The provider's own faults, which no visitor can cause. One of them is enough to begin log-ins under the other protocol.
 * A broken connection is none of them, because both protocols share it.
 */
const OPENING: ReadonlySet<string> = new Set(["over-capacity", "timeout", "no-credits"]);
/** Of one visitor it may concern their account alone. */
const OPENING_FOR_SEVERAL = "token-refused";
/** Networks stand for visitors: without a profile nobody is named. */
const SEVERAL = 3;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** A browser that came back within this time shows that the Client ID and the callback URL are right. */
const SHOWN_MS = 24 * 60 * 60_000;

/** What a log-in begins with. */
export interface ChosenWay {
	readonly credentials: Credentials;
	/** Whether its end is worth a record. */
	readonly isTrial: boolean;
}

/**
 * Chooses the protocol that a log-in begins with. Where an administrator allows both, log-ins begin under OAuth 1.0a
 * while OAuth 2.0 fails at X. After a minute, and then at pauses that double up to a quarter of an hour, one log-in tries
 * OAuth 2.0 again; before that, a call with a made-up code saves the visitor from an exchange that still fails.
 */
@injectable()
export class ProtocolChoice {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(OAuth2Records) private readonly records: OAuth2Records,
	) {}

	/**
	 * @param ways that the administrator chose, at least one.
	 * @param asksForOther whether the visitor has met a fault and asks for the other way, if there is one.
	 */
	async choose(
		where: Pick<OAuth2App, "brandId" | "callbackUrl">,
		ways: readonly Credentials[],
		asksForOther: boolean,
		calls: ProviderCalls,
	): Promise<ChosenWay | undefined> {
		const [first, other] = ways;
		if (first === undefined || (asksForOther && other !== undefined)) {
			return first && { credentials: other ?? first, isTrial: false };
		}
		if (first.protocol === "oauth1") {
			return { credentials: first, isTrial: false };
		}
		const app = { ...where, credentials: first };
		const record = await this.records.read(app);
		const now = this.host.clock.now();
		if (other !== undefined && record.otherSince !== null) {
			const isDue = now >= record.triedAgainAt;
			if (!(isDue && (await this.mayTry(app, calls)))) {
				return { credentials: other, isTrial: false };
			}
		}
		const isShown = isShownAt(now, record);
		if (!isShown) {
			await this.records.countBegun(app);
		}
		return { credentials: first, isTrial: !isShown || isSuspected(record) };
	}

	/** Notes that a browser came back, which shows the Client ID and the callback URL to be right. */
	async cameBack(app: OAuth2App): Promise<void> {
		const now = this.host.clock.now();
		await this.records.change(app, (record) =>
			isShownAt(now, record) && record.unfinished === 0
				? undefined
				: { ...record, cameBackAt: now, unfinished: 0 },
		);
	}

	async succeeded(app: OAuth2App): Promise<void> {
		const now = this.host.clock.now();
		let ended = false;
		await this.records.change(app, (record) => {
			ended = record.otherSince !== null;
			const isClean = isShownAt(now, record) && record.unfinished === 0 && !isSuspected(record);
			return isClean ? undefined : { ...NO_FAULT, about: record.about, cameBackAt: now };
		});
		if (ended) {
			this.host.events.emit({
				name: "x.oauth2-again",
				level: "info",
				message: "a log-in under OAuth 2.0 has succeeded; log-ins begin under it again",
				brandId: app.brandId,
				fields: {},
			});
		}
	}

	/**
	 * Notes a fault of the provider at the exchange of a code or at the profile.
	 *
	 * @returns whether it is the provider's own, so that the other protocol may work.
	 */
	async failed(app: OAuth2App, { problem }: ProviderError, network: string): Promise<boolean> {
		const several = problem === OPENING_FOR_SEVERAL;
		if (!several && !OPENING.has(problem)) {
			return false;
		}
		const now = this.host.clock.now();
		let opened = false;
		await this.records.change(app, (record) => {
			const refusedIn = several
				? [...new Set([...record.refusedIn, digest(network)])].slice(0, SEVERAL)
				: record.refusedIn;
			opened = record.otherSince === null && (!several || refusedIn.length === SEVERAL);
			if (!opened) {
				return refusedIn.length === record.refusedIn.length ? undefined : { ...record, refusedIn };
			}
			const pause = { triedAgainAt: now + FIRST_PAUSE_MS, pauseMs: FIRST_PAUSE_MS };
			return { ...record, ...pause, refusedIn: [], otherSince: now, problem };
		});
		if (opened) {
			this.host.events.emit({
				name: "x.oauth1-instead",
				level: "warn",
				message: "X fails under OAuth 2.0; log-ins begin under OAuth 1.0a until it works again",
				brandId: app.brandId,
				fields: { problem },
			});
		}
		return true;
	}

	/** One log-in of all nodes gets to try, and the next one after a longer pause. */
	private async mayTry(app: OAuth2App, calls: ProviderCalls): Promise<boolean> {
		const now = this.host.clock.now();
		const isMine = await this.records.change(app, (record) => {
			const pauseMs = Math.min(2 * record.pauseMs, LONGEST_PAUSE_MS);
			return now < record.triedAgainAt
				? undefined
				: { ...record, pauseMs, triedAgainAt: now + pauseMs };
		});
		if (!isMine) {
			return false;
		}
		try {
			await this.provider.probe(app.credentials, app.callbackUrl, calls);
			return true;
		} catch (error) {
			if (error instanceof ProviderError) {
				return false;
			}
			throw error;
		}
	}
}

function isShownAt(now: number, { cameBackAt }: OAuth2Record): boolean {
	return cameBackAt !== null && now - cameBackAt < SHOWN_MS;
}

function isSuspected({ otherSince, refusedIn }: OAuth2Record): boolean {
	return otherSince !== null || refusedIn.length > 0;
}
