import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import { isStorageError } from "../../../contract/storage.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable } from "../../injection.ts";
import type { Credentials, IdentityProvider } from "./identity-provider.ts";
import { ProviderError } from "./identity-provider.ts";
import { NO_FAULT, type OAuth2App, type OAuth2Record, OAuth2Records } from "./oauth2-records.ts";
import type { ProviderCalls } from "./provider-calls.ts";
import { RefusedNetworks } from "./refused-networks.ts";
import { TrialNetworks } from "./trial-networks.ts";

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** Log-ins that try again at once, because a visitor may cancel or never come back. */
const TRIALS = 3;
/** A visitor whose code X took within this time shows that the Client ID and the callback URL are right. */
const SHOWN_MS = 24 * 60 * 60_000;

/**
 * Why the end of a log-in is worth a record: nobody has come back for a day or the last one failed (`return`), or it tries
 * OAuth 2.0 again (`trial`). Null if it is not.
 */
export type NotedFor = "return" | "trial" | null;

/** What a log-in begins with. */
export interface ChosenProtocol {
	readonly credentials: Credentials;
	readonly notedFor: NotedFor;
}

/**
 * Chooses the protocol that a log-in begins with. Where an administrator allows both, log-ins begin under OAuth 1.0a
 * while OAuth 2.0 fails at X. After a minute, and then at pauses that double up to a quarter of an hour, up to three
 * log-ins try OAuth 2.0 again; before that, a call with a made-up code saves them from an exchange that still fails.
 */
@injectable()
export class ProtocolChoice {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(OAuth2Records) private readonly records: OAuth2Records,
		@inject(RefusedNetworks) private readonly refused: RefusedNetworks,
		@inject(TrialNetworks) private readonly tried: TrialNetworks,
	) {}

	/**
	 * @param keys of the protocols that the administrator chose, the first choice first.
	 * @param visitor `asksForOther`: they have met a fault and ask for the other protocol, if there is one.
	 * @returns undefined if there are no keys.
	 */
	async choose(
		where: Pick<OAuth2App, "brandId" | "callbackUrl">,
		[first, other]: readonly Credentials[],
		visitor: { readonly network: string; readonly asksForOther: boolean },
		calls: ProviderCalls,
	): Promise<ChosenProtocol | undefined> {
		if (first === undefined || (visitor.asksForOther && other !== undefined)) {
			return first && { credentials: other ?? first, notedFor: null };
		}
		if (first.protocol === "oauth1") {
			return { credentials: first, notedFor: null };
		}
		const app = { ...where, credentials: first };
		const record = await this.records.read(app);
		if (other && record.otherSince !== null) {
			const { network } = visitor;
			const isDone = this.tried.has(network, LONGEST_PAUSE_MS);
			if (isDone || !(await this.mayTry(app, record, calls))) {
				return { credentials: other, notedFor: null };
			}
			this.tried.add(network);
		}
		const isShown = isShownAt(this.host.clock.now(), record);
		if (!isShown) {
			await this.records.countBegun(app);
		}
		const isClean = isShown && record.problem === null;
		const notedFor = record.otherSince !== null ? "trial" : isClean ? null : "return";
		return { credentials: first, notedFor };
	}

	/**
	 * Notes a log-in that succeeded under OAuth 2.0.
	 *
	 * @param notedFor as {@link choose} said when it began.
	 */
	async succeeded(app: OAuth2App, notedFor: NotedFor): Promise<void> {
		// One visitor may make X refuse tokens in three networks, but some of their other log-ins succeed.
		const wasSuspected = this.refused.succeeded(app.credentials.key);
		if (notedFor === null && !wasSuspected) {
			return;
		}
		const now = this.host.clock.now();
		let closed = false;
		const changed = await this.note(app, (record) => {
			closed = record.otherSince !== null;
			const isClean = isShownAt(now, record) && record.unfinished === 0 && record.problem === null;
			return isClean ? undefined : { ...NO_FAULT, about: record.about, cameBackAt: now };
		});
		if (changed && closed) {
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
	 * Notes a fault of the provider at the exchange of a code or at the profile. What X says of one code may be due to that
	 * code, which a visitor can make up, so a call with another one decides.
	 *
	 * @returns whether the visitor may try the other protocol: there is one, and the fault is the provider's own.
	 */
	async failed(
		app: OAuth2App,
		error: ProviderError,
		visitor: {
			readonly network: string;
			readonly notedFor: NotedFor;
			readonly hasOther: boolean;
		},
		calls: ProviderCalls,
	): Promise<boolean> {
		const { problem, isProofSpent, concerns } = error;
		if (isProofSpent) {
			await this.failedAtProfile(app, error);
		}
		if (!visitor.hasOther || concerns === undefined || concerns === "visitor") {
			return false;
		}
		const record = await this.records.read(app);
		if (record.otherSince === null && !isProofSpent) {
			const again = await this.problemOfExchange(app, calls);
			if (again === undefined) {
				return false;
			}
		}
		const isEnough =
			concerns === "everybody" || this.refused.areSeveral(app.credentials.key, visitor.network);
		const now = this.host.clock.now();
		let opened = false;
		const changed = await this.note(app, (last) => {
			opened = last.otherSince === null && isEnough;
			const isFailedTrial = visitor.notedFor === "trial" && last.isTrying;
			return opened || isFailedTrial ? pausedAt(now, last, problem) : undefined;
		});
		if (changed && opened) {
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

	/** X has taken a code of the app, so the visitor came back, and an administrator may have to know why that was not enough. */
	private async failedAtProfile(
		app: OAuth2App,
		{ problem, fault, concerns }: ProviderError,
	): Promise<void> {
		const now = this.host.clock.now();
		const isOfApp =
			fault === "misconfigured" || (fault === "unavailable" && concerns !== "visitor");
		await this.note(app, (last) => {
			const isNew = isOfApp && last.otherSince === null && last.problem !== problem;
			const isShown = isShownAt(now, last) && last.unfinished === 0;
			return isNew || !isShown
				? { ...last, cameBackAt: now, unfinished: 0, ...(isNew && { problem }) }
				: undefined;
		});
	}

	/** The first log-in of all nodes after a pause asks X first, and lets a few more try. */
	private async mayTry(
		app: OAuth2App,
		{ triedAgainAt, trialsLeft }: OAuth2Record,
		calls: ProviderCalls,
	): Promise<boolean> {
		if (trialsLeft > 0) {
			return this.records.change(app, (last) =>
				last.trialsLeft > 0 ? { ...last, trialsLeft: last.trialsLeft - 1 } : undefined,
			);
		}
		const now = this.host.clock.now();
		const isMine =
			now >= triedAgainAt &&
			(await this.records.change(app, (last) =>
				now < last.triedAgainAt ? undefined : { ...last, triedAgainAt: now + last.pauseMs },
			));
		if (!isMine) {
			return false;
		}
		const problem = await this.problemOfExchange(app, calls);
		await this.records.change(app, (last) =>
			problem === undefined
				? { ...last, trialsLeft: TRIALS - 1, isTrying: true }
				: pausedAt(now, last, problem),
		);
		return problem === undefined;
	}

	/** Undefined if X exchanges codes. */
	private async problemOfExchange(
		{ credentials, callbackUrl }: OAuth2App,
		calls: ProviderCalls,
	): Promise<string | undefined> {
		try {
			await this.provider.probe(credentials, callbackUrl, calls);
			return undefined;
		} catch (error) {
			if (error instanceof ProviderError) {
				return error.problem;
			}
			throw error;
		}
	}

	/** A storage that is away does not end a log-in that X has answered. @returns whether the record changed. */
	private async note(...change: Parameters<OAuth2Records["change"]>): Promise<boolean> {
		try {
			return await this.records.change(...change);
		} catch (error) {
			if (isStorageError(error)) {
				return false;
			}
			throw error;
		}
	}
}

/** Begins log-ins under the other protocol, or goes on with that. */
function pausedAt(now: number, last: OAuth2Record, problem: string): OAuth2Record {
	const { otherSince } = last;
	const pauseMs =
		otherSince === null ? FIRST_PAUSE_MS : Math.min(2 * last.pauseMs, LONGEST_PAUSE_MS);
	return {
		...last,
		otherSince: otherSince ?? now,
		problem,
		pauseMs,
		triedAgainAt: now + pauseMs,
		trialsLeft: 0,
		isTrying: false,
	};
}

function isShownAt(now: number, { cameBackAt }: OAuth2Record): boolean {
	return cameBackAt !== null && now - cameBackAt < SHOWN_MS;
}
