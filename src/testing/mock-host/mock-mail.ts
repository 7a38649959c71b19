import { canonicalEmail } from "../../contract/email-address.ts";
import type { Mail, MailMessage } from "../../contract/mail.ts";

/** A mail port that keeps letters, oldest first, and delivers none. */
export class MockMail implements Mail {
	readonly sent: MailMessage[] = [];
	/** Set it to make sending fail. */
	failure: Error | undefined;

	async send(message: MailMessage): Promise<void> {
		if (this.failure !== undefined) {
			throw this.failure;
		}
		this.sent.push(message);
	}

	/** The last letter to an address. */
	lastTo(address: string): MailMessage {
		const found = this.sent.findLast(({ to }) => canonicalEmail(to) === canonicalEmail(address));
		if (found === undefined) {
			throw new Error(`no letter was sent to ${address}`);
		}
		return found;
	}

	/** The code in the last letter to an address: six digits, or twelve in groups of four. */
	codeFor(address: string): string {
		const { text } = this.lastTo(address);
		const [code] = /\b(?:\d{6}|\d{4} \d{4} \d{4})\b/.exec(text) ?? [];
		if (code === undefined) {
			throw new Error(`the last letter to ${address} has no code: ${text}`);
		}
		return code;
	}
}
