import { canonicalEmail } from "../../contract/email-address.ts";
import type { Mail, MailMessage } from "../../contract/mail.ts";

/** Letters that went nowhere, oldest first. */
export class MockMail implements Mail {
	readonly sent: MailMessage[] = [];
	/** Set it to see what happens when no letter can be sent. */
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
			throw new Error(`no letter went to ${address}`);
		}
		return found;
	}

	/** The six digits in the last letter to an address. */
	codeFor(address: string): string {
		const { text } = this.lastTo(address);
		const [code] = /\b\d{6}\b/.exec(text) ?? [];
		if (code === undefined) {
			throw new Error(`there is no code in the last letter to ${address}: ${text}`);
		}
		return code;
	}
}
