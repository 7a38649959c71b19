import type { Brand } from "../../contract/brands.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { StorageCommit } from "../../contract/storage.ts";
import { merged } from "../../storage/merged-commit.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import { type PortalLocale, portalLocale } from "../locale/portal-locale.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { PasswordResets } from "./password-resets.ts";
import type { Account } from "./stored-account.ts";

const ASKED_MS = 30 * 60_000;
/** A user who did not ask for a letter may not look for days. */
const UNASKED_MS = 7 * 24 * 60 * 60_000;

interface LinkTraits {
	readonly reason: "asked" | "last-way-in";
	/** How long the link works, in milliseconds. */
	readonly lifetimeMs: number;
	/** Empty for a letter that nobody asked for. */
	readonly network: string;
}

const UNASKED: LinkTraits = { reason: "last-way-in", lifetimeMs: UNASKED_MS, network: "" };

type LetterText = (
	locale: PortalLocale,
	brand: Brand,
	link: string,
) => { readonly subject: string; readonly text: string };

/** Letters with a link to set a password, for the owner of an account. */
export class PasswordLetters {
	constructor(
		private readonly brands: KnownBrands,
		private readonly resets: PasswordResets,
		private readonly outbox: Pick<Outbox, "send" | "letterSets" | "expectRoom">,
	) {}

	/**
	 * Writes to a user who asked for it. The link works for half an hour.
	 *
	 * @param network of the visitor who asked, see `clientNetwork`.
	 * @returns false after too many letters lately.
	 */
	async writeAsked(account: Account, network: string): Promise<boolean> {
		const asked = { reason: "asked", lifetimeMs: ASKED_MS, network } as const;
		return this.write(account, asked, ({ text }, brand, link) => ({
			subject: `${text("forgot.mail-subject")} ${brand.name}`,
			text: `${text("forgot.mail-text")}\n\n${link}\n\n${text("forgot.mail-ignore")}`,
		}));
	}

	/**
	 * Writes to a user whose only way to log in goes away. The link works for seven days. Writes nothing to a user who
	 * may not log in anyway, or who has set a password meanwhile.
	 *
	 * @param provider the provider's name as people know it: `X`.
	 * @returns whether it was written.
	 */
	async writeLastWayInEnds(account: Account, provider: string): Promise<boolean> {
		return needsPassword(account) && this.write(account, UNASKED, lastWayInEnds(provider));
	}

	/**
	 * Like {@link writeLastWayInEnds}, for somebody else's commit to the storage of the helpdesk: the link, the letter and
	 * what finds them, in at most eight keys. The letter goes out within minutes of the commit.
	 *
	 * @returns undefined where nothing is written.
	 * @throws StorageError also when too many letters wait for the mail server.
	 */
	async lastWayInEndsIn(account: Account, provider: string): Promise<StorageCommit | undefined> {
		const brand = this.brands.find(account.brandId);
		const { id, sessionEpoch, email } = account;
		if (brand === undefined || email === null || !needsPassword(account)) {
			return undefined;
		}
		const { lifetimeMs, reason } = UNASKED;
		const link = await this.resets.startIn(id, sessionEpoch, lifetimeMs, reason);
		if (link === undefined) {
			return undefined;
		}
		await this.outbox.expectRoom();
		const letter = letterTo(account, brand, email, link.token, lastWayInEnds(provider));
		const sets = this.outbox.letterSets({ ...letter, usefulForMs: lifetimeMs }, null);
		return merged(link.commit, { sets });
	}

	private async write(
		account: Account,
		{ reason, lifetimeMs, network }: LinkTraits,
		letter: LetterText,
	): Promise<boolean> {
		const brand = this.brands.find(account.brandId);
		const { id, sessionEpoch, email } = account;
		if (brand === undefined || email === null) {
			return false;
		}
		const token = await this.resets.start(id, sessionEpoch, lifetimeMs, reason, network);
		if (token === undefined) {
			return false;
		}
		const message = letterTo(account, brand, email, token, letter);
		await this.outbox.send({ ...message, usefulForMs: lifetimeMs });
		return true;
	}
}

function letterTo(
	account: Account,
	brand: Brand,
	to: string,
	token: string,
	letter: LetterText,
): MailMessage {
	const locale = portalLocale(account.locale, brand.locale);
	return {
		brandId: brand.id,
		to,
		...letter(locale, brand, `${brand.baseUrl}/reset?token=${token}`),
	};
}

function lastWayInEnds(provider: string): LetterText {
	return ({ text }, brand, link) => {
		const filled = (sentence: string): string =>
			sentence.replaceAll("{brand}", brand.name).replaceAll("{provider}", provider);
		return {
			subject: filled(text("last-way-in.mail-subject")),
			text: `${filled(text("last-way-in.mail-text"))}\n\n${link}\n\n${filled(text("last-way-in.mail-link"))}`,
		};
	};
}

/** Whether the user can log in only after setting a password by a letter. */
export function needsPassword({ status, hasPassword, email }: Account): boolean {
	return !hasPassword && email !== null && (status === "active" || status === "incomplete");
}
