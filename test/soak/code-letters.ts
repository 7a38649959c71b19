import { setTimeout as after } from "node:timers/promises";

const LOOKED_EVERY_MS = 20;
/** The helpdesk tries a letter again after a minute. */
const PATIENCE_MS = 90_000;

/** The codes in the letters of a fake mail server. Other letters are dropped. */
export class CodeLetters {
	private readonly codes = new Map<string, string>();

	constructor(private readonly letters: string[]) {}

	/** Waits for the code that is sent to an address, and takes it. */
	async take(address: string): Promise<string> {
		const until = Date.now() + PATIENCE_MS;
		while (Date.now() < until) {
			this.read();
			const code = this.codes.get(address);
			if (code !== undefined) {
				this.codes.delete(address);
				return code;
			}
			await after(LOOKED_EVERY_MS);
		}
		throw new Error("no letter with a code arrived");
	}

	private read(): void {
		for (const letter of this.letters.splice(0)) {
			const [, address] = /^To: .*?([^\s<>]+@[^\s<>]+)/m.exec(letter) ?? [];
			const [, code] = /^Your code is (\d{4} \d{4} \d{4})/m.exec(letter) ?? [];
			if (address !== undefined && code !== undefined) {
				this.codes.set(address, code);
			}
		}
	}
}
