import { CallValue } from "../../routes/call-value.ts";
import type { Account } from "../people/stored-account.ts";
import type { ProviderPages } from "./make-provider.ts";
import type { PortalSession } from "./portal-sessions.ts";
import { subjectOf, userIdIn } from "./subject.ts";

/** A browser that asks the provider. */
export interface OpenIdVisit {
	/** Undefined: nobody is logged in at the portal. */
	readonly portalSession: PortalSession | undefined;
	readonly pages: ProviderPages;
	/** Logs the browser out of the portal. @returns the cookies to set (RFC 6265). */
	readonly logOut: () => Promise<readonly string[]>;
	/** See `boundedRecords`. */
	readonly mayStore: () => boolean;
}

interface Visiting {
	readonly provider: OpenIdVisits;
	readonly visit: OpenIdVisit;
	/** The accounts that were read for the answer, by user id. */
	readonly accounts: Map<string, Promise<Account | undefined>>;
}

const VISITS = new CallValue<Visiting>();

/** The visits that a provider is answering. The library hands nothing of ours through to the functions that it calls. */
export class OpenIdVisits {
	/** @param readUser reads the account of a user who may log in. */
	constructor(private readonly readUser: (userId: string) => Promise<Account | undefined>) {}

	/** Answers a visit. */
	async answer(visit: OpenIdVisit, answer: () => Promise<void>): Promise<void> {
		await VISITS.during({ provider: this, visit, accounts: new Map() }, answer);
	}

	/** The visit that is being answered; undefined where a page of the portal asks the provider. */
	current(): OpenIdVisit | undefined {
		return this.visiting()?.visit;
	}

	/**
	 * The account of a user who may log in. It is read once for each answer, in which the library asks for it several times. What
	 * happens to the account meanwhile ends what the answer stores, because that holds the session epoch that was read.
	 */
	userOf(userId: string): Promise<Account | undefined> {
		const { accounts } = this.visiting() ?? {};
		const account = accounts?.get(userId) ?? this.readUser(userId);
		accounts?.set(userId, account);
		return account;
	}

	/** The user with a subject who may log in; undefined for a subject that a claimed account had before. */
	async accountOf(subject: string): Promise<Account | undefined> {
		const account = await this.userOf(userIdIn(subject));
		return account !== undefined && subjectOf(account) === subject ? account : undefined;
	}

	private visiting(): Visiting | undefined {
		const visiting = VISITS.current();
		return visiting?.provider === this ? visiting : undefined;
	}
}
