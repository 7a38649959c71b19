import { isStorageError } from "../../contract/storage.ts";
import type { EndedUser, EndedUsers } from "../people/ended-users.ts";
import type { Account } from "../people/stored-account.ts";
import type { OpenIdBrand, OpenIdProviders } from "./open-openid.ts";
import { subjectOf } from "./subject.ts";

/** How often a node looks for what another one left behind. */
const EVERY_MS = 60_000;
/** Every how many of those it looks at all sessions: portal sessions also end by themselves, after two weeks. */
const ALL_EVERY = 60;

export interface LogOutsParts {
	readonly ended: EndedUsers;
	readonly providers: OpenIdProviders;
	readonly brands: {
		all(): readonly OpenIdBrand[];
		find(brandId: string): OpenIdBrand | undefined;
		refreshIfPossible(): Promise<void>;
	};
	readonly accountOf: (userId: string) => Promise<Account | undefined>;
	readonly logError: (what: string, error: unknown) => void;
}

/**
 * Ends at connected helpdesks what ends here. Nobody waits for it: what is to be done lies in the storage, where any node
 * finds it.
 */
export class LogOuts {
	private timer: NodeJS.Timeout | undefined;
	private rounds = 0;
	private running: Promise<void> | undefined;
	private isAsked = false;

	constructor(private readonly parts: LogOutsParts) {}

	/** Takes up what a crash left behind, now and every minute. */
	start(): void {
		const round = () => {
			void this.attempt(async () => {
				await this.passOn();
				if (this.rounds % ALL_EVERY === 0) {
					await this.endOver();
				}
				this.rounds += 1;
				await this.parts.providers.messages.sendDue();
			});
		};
		this.timer = setInterval(round, EVERY_MS).unref();
		round();
	}

	/** Called when all sessions of a user have ended, see `AccountRecords`. Which user it was lies in the storage. */
	userEnded(): void {
		void this.attempt(() => this.endNow());
	}

	/**
	 * Ends what lives and dies with a portal session, before it is closed: if the storage goes away in between, the user is
	 * still logged in here and can log out once more.
	 */
	async portalSessionEnds(brand: OpenIdBrand, sessionId: string): Promise<void> {
		const { providers } = this.parts;
		if ((await providers.of(brand).sessions.endWith(sessionId)) > 0) {
			void this.attempt(() => providers.messages.sendDue());
		}
	}

	/** Ends what is over, and forgets what users have agreed to who are deleted or have lost the account. Does not wait until helpdesks are told. */
	async endNow(): Promise<void> {
		await this.passOn();
		void this.attempt(() => this.parts.providers.messages.sendDue());
	}

	/** Ends all log-ins of a user at connected helpdesks, although the user stays logged in here. */
	async endAllOf({ id, brandId }: Pick<Account, "id" | "brandId">): Promise<void> {
		const { brands, providers } = this.parts;
		const brand = brands.find(brandId);
		if (brand !== undefined && (await providers.of(brand).sessions.endAllOf(id)) > 0) {
			void this.attempt(() => providers.messages.sendDue());
		}
	}

	/** Ends the log-ins of a user at one connected helpdesk, which asks again from then on. */
	async withdraw(brand: OpenIdBrand, userId: string, helpdeskId: string): Promise<void> {
		const { providers } = this.parts;
		const { consents, sessions } = providers.of(brand);
		await consents.withdraw(userId, helpdeskId);
		if ((await sessions.endAt(userId, helpdeskId)) > 0) {
			void this.attempt(() => providers.messages.sendDue());
		}
	}

	close(): void {
		clearInterval(this.timer);
	}

	/** Ends the sessions of the users who are noted. A call while another one is at work makes that one look once more. */
	private async passOn(): Promise<void> {
		this.isAsked = true;
		this.running ??= this.passAllOn().finally(() => {
			this.running = undefined;
		});
		await this.running;
	}

	private async passAllOn(): Promise<void> {
		const { ended, brands, logError } = this.parts;
		while (this.isAsked) {
			this.isAsked = false;
			await brands.refreshIfPossible();
			for await (const note of ended.all()) {
				try {
					await this.passOne(note);
					await ended.drop(note);
				} catch (error) {
					if (isStorageError(error)) {
						throw error;
					}
					logError("what connected helpdesks know of a user has not ended", error);
				}
			}
		}
	}

	private async passOne({ userId, brandId }: EndedUser): Promise<void> {
		const { brands, providers, accountOf } = this.parts;
		const brand = brands.find(brandId);
		// A brand that is not served tells nobody anything. Its sessions are over all the same.
		await (brand && providers.of(brand).sessions.endOverOf(userId));
		const account = await accountOf(userId);
		const subject = account && subjectOf(account);
		await providers.storedAt(brandId).consents.forgetBefore(userId, subject);
	}

	private async endOver(): Promise<void> {
		const { brands, providers } = this.parts;
		for (const brand of brands.all()) {
			await providers.of(brand).sessions.endOver();
		}
	}

	/** The storage may be away. The next round tries once more. */
	private async attempt(work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			this.parts.logError("connected helpdesks are not told yet that sessions have ended", error);
		}
	}
}
