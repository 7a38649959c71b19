import type { Brand } from "../../contract/brands.ts";
import type { Mail } from "../../contract/mail.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import { type PortalLocale, portalLocale } from "../locale/portal-locale.ts";
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

/** Letters with a link to set a password, for the owner of an account. */
export class PasswordLetters {
	constructor(
		private readonly brands: KnownBrands,
		private readonly resets: PasswordResets,
		private readonly mail: Mail,
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
		return (
			needsPassword(account) &&
			this.write(account, UNASKED, ({ text }, brand, link) => {
				const filled = (sentence: string): string =>
					sentence.replaceAll("{brand}", brand.name).replaceAll("{provider}", provider);
				return {
					subject: filled(text("last-way-in.mail-subject")),
					text: `${filled(text("last-way-in.mail-text"))}\n\n${link}\n\n${filled(text("last-way-in.mail-link"))}`,
				};
			})
		);
	}

	private async write(
		account: Account,
		{ reason, lifetimeMs, network }: LinkTraits,
		letter: (
			locale: PortalLocale,
			brand: Brand,
			link: string,
		) => { readonly subject: string; readonly text: string },
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
		const locale = portalLocale(account.locale, brand.locale);
		const link = `${brand.baseUrl}/reset?token=${token}`;
		await this.mail.send({
			brandId: brand.id,
			to: email,
			...letter(locale, brand, link),
			usefulForMs: lifetimeMs,
		});
		return true;
	}
}

/** Whether the user can log in only after setting a password by a letter. */
export function needsPassword({ status, hasPassword, email }: Account): boolean {
	return !hasPassword && email !== null && (status === "active" || status === "incomplete");
}
