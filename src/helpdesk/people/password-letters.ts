import type { Brand } from "../../contract/brands.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { StorageCommit } from "../../contract/storage.ts";
import { merged } from "../../storage/merged-commit.ts";
import { framedLetter, textsIn } from "../brands/brand-texts.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import { type Locale, localeFor } from "../locale/locale.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { PasswordResets } from "./password-resets.ts";
import type { Account } from "./stored-account.ts";

const ASKED_MS = 30 * 60_000;
/** A user who did not ask for a letter may not look for days. */
const UNASKED_MS = 7 * 24 * 60 * 60_000;

/** A visitor's request for a letter. */
interface Asked {
	/** See `clientNetwork`. */
	readonly network: string;
	/** BCP 47, of the page. Visitors choose it there, while their account may have had another one for years. */
	readonly locale: string;
}

type LetterText = (
	locale: Locale,
	brand: Brand,
	link: string,
) => { readonly subject: string; readonly paragraphs: readonly string[] };

/** Letters with a link to set a password, for the owner of an account. */
export class PasswordLetters {
	constructor(
		private readonly brands: KnownBrands,
		private readonly resets: PasswordResets,
		private readonly outbox: Pick<Outbox, "send" | "letterSets" | "expectRoom">,
	) {}

	/**
	 * Writes to a user who asked for it, in the language in which they asked. The link works for half an hour.
	 *
	 * @returns false after too many letters lately.
	 */
	async writeAsked(account: Account, { network, locale }: Asked): Promise<boolean> {
		const brand = this.brands.find(account.brandId);
		const { id, sessionEpoch, email } = account;
		if (brand === undefined || email === null) {
			return false;
		}
		const token = await this.resets.start(id, sessionEpoch, ASKED_MS, "asked", network);
		if (token === undefined) {
			return false;
		}
		const letter = this.letterTo({ email, locale }, brand, token, asked);
		await this.outbox.send({ ...letter, usefulForMs: ASKED_MS });
		return true;
	}

	/**
	 * A letter to a user whose only way to log in goes away, for a job's commit to the storage of the helpdesk: the
	 * link, the letter and what finds them, in at most eight keys. The letter goes out within minutes of the commit, and the
	 * link works for seven days.
	 *
	 * @param provider the provider's name as people know it: `X`.
	 * @returns undefined for a user who may not log in anyway, who has set a password meanwhile, or who got many such letters
	 * lately.
	 * @throws StorageError also when too many letters wait for the mail server.
	 */
	async lastWayInEndsIn(account: Account, provider: string): Promise<StorageCommit | undefined> {
		const brand = this.brands.find(account.brandId);
		const { id, sessionEpoch, email } = account;
		if (brand === undefined || email === null || !needsPassword(account)) {
			return undefined;
		}
		const link = await this.resets.startIn(id, sessionEpoch, UNASKED_MS, "last-way-in");
		if (link === undefined) {
			return undefined;
		}
		const room = await this.outbox.expectRoom(1, "jobs");
		const letter = this.letterTo(
			{ email, locale: account.locale },
			brand,
			link.token,
			lastWayInEnds(provider),
		);
		const sets = this.outbox.letterSets({ ...letter, usefulForMs: UNASKED_MS }, null, room);
		return merged(link.commit, { sets });
	}

	private letterTo(
		reader: { readonly email: string; readonly locale: string },
		brand: Brand,
		token: string,
		letter: LetterText,
	): MailMessage {
		const locale = localeFor(reader.locale, brand.locale);
		const words = textsIn(this.brands.lookOf(brand.id).texts, locale.tag);
		const { subject, paragraphs } = letter(locale, brand, `${brand.baseUrl}/reset?token=${token}`);
		const text = framedLetter(paragraphs, brand, words);
		return { brandId: brand.id, to: reader.email, subject, text };
	}
}

const asked: LetterText = ({ text }, brand, link) => ({
	subject: text("forgot.mail-subject", { brand: brand.name }),
	paragraphs: [text("forgot.mail-text"), link, text("forgot.mail-ignore")],
});

function lastWayInEnds(provider: string): LetterText {
	return ({ text }, brand, link) => {
		const values = { brand: brand.name, provider };
		return {
			subject: text("last-way-in.mail-subject", values),
			paragraphs: [
				text("last-way-in.mail-text", values),
				link,
				text("last-way-in.mail-link", values),
			],
		};
	};
}

/** Whether the user can log in only after setting a password by a letter. */
export function needsPassword({ status, hasOtherWayIn, email }: Account): boolean {
	return !hasOtherWayIn && email !== null && (status === "active" || status === "incomplete");
}
