export interface MailMessage {
	readonly brandId: string;
	/** One address: a user's as the helpdesk gave it, or what `canonicalEmail` made of one. */
	readonly to: string;
	readonly subject: string;
	/** Plain text, lines parted by `\n`. */
	readonly text: string;
}

/** Letters from the helpdesk, in the name of a brand. */
export interface Mail {
	/** Resolves when the helpdesk has taken the letter into its queue, not when it arrived. */
	send(message: MailMessage): Promise<void>;
}
