export interface MailMessage {
	readonly brandId: string;
	/** One address: a user's, as the helpdesk gave it, or one from `canonicalEmail`. */
	readonly to: string;
	readonly subject: string;
	/** Plain text, with `\n` between lines. */
	readonly text: string;
	/**
	 * How long the letter is of use, in milliseconds from now: as long as its code or its link works. After that it is not
	 * delivered. Left out: a day. A helpdesk of contract 1.0 does not look at it.
	 */
	readonly usefulForMs?: number;
}

/** E-mail from the helpdesk, in the name of a brand. */
export interface Mail {
	/**
	 * Resolves when the letter is in the helpdesk's queue, not when it arrives. Rejects with a TypeError when the helpdesk
	 * does not have the brand, when `to` is not one address, when a field is not a string, and when the subject has more
	 * than 1000 characters or the text more than a million.
	 */
	send(message: MailMessage): Promise<void>;
}
