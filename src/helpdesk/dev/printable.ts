import { parseUrl } from "../../contract/parse-url.ts";
import type { StorageValue } from "../../contract/storage.ts";

const SHOWN_CHARACTERS = 600;
/** Shorter texts appear by chance in others. */
const SHORTEST_INSIDE = 6;
const REMEMBERED = 2000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const WORDS = /[^\s"'`,;:()[\]{}<>=?&#]+/g;
const NAMES_OF_SECRETS =
	/token|secret|verifier|pass|pwd|word$|code|otp$|pin$|hash|cookie|key|credential|authori[sz]ation|bearer|signature|nonce|proof$/i;

/**
 * Makes data safe to show on a screen. It hides what visitors and administrators sent, what looks like a token, and what is
 * named like a secret.
 */
export class Printable {
	private readonly secrets = new Set<string>();
	private readonly confidential = new Set<string>();

	/** The same as {@link hide}, and never forgets the text. */
	hideSecret(text: string): void {
		if (text !== "") {
			this.secrets.add(text);
		}
	}

	/** Hides this text from now on, as a whole value and inside of others. The newest 2,000 texts are remembered. */
	hide(text: string): void {
		if (text !== "") {
			// Moves it to the end: the oldest texts are forgotten first.
			this.confidential.delete(text);
			this.confidential.add(text);
		}
		for (const oldest of this.confidential) {
			if (this.confidential.size <= REMEMBERED) {
				break;
			}
			this.confidential.delete(oldest);
		}
	}

	value(value: StorageValue | undefined): string {
		const text = JSON.stringify(this.masked(value ?? null));
		return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
	}

	/** A name or value. Hides the whole text or parts of it. */
	part(text: string): string {
		const whole = this.word(text);
		return whole === text
			? this.withoutConfidential(text).replace(WORDS, (word) => this.word(word))
			: whole;
	}

	/** The first line of a message. */
	sentence(text: string): string {
		const [first = ""] = text.split("\n");
		// Cut last, because half a secret would not be recognized.
		return this.part(first).slice(0, SHOWN_CHARACTERS);
	}

	/** The origin and path of an address. A query may hold secrets, so it is left out. */
	address(url: string): string {
		const parsed = parseUrl(url, "http://portal");
		if (parsed === undefined) {
			return "an address that cannot be read";
		}
		const { origin, pathname } = parsed;
		const path = pathname
			.split("/")
			.map((part) => this.part(part))
			.join("/");
		return origin === "http://portal" ? path : `${origin}${path}`;
	}

	private word(text: string): string {
		if (this.isHidden(text)) {
			return "[sent]";
		}
		if (UUID.test(text)) {
			return `${text.slice(0, 8)}…`;
		}
		return looksLikeToken(text) ? `[${text.length} characters]` : text;
	}

	private isHidden(text: string): boolean {
		return this.secrets.has(text) || this.confidential.has(text);
	}

	private withoutConfidential(text: string): string {
		let shown = text;
		for (const each of [...this.secrets, ...this.confidential]) {
			if (each.length >= SHORTEST_INSIDE && shown.includes(each)) {
				shown = shown.replaceAll(each, "[sent]");
			}
		}
		return shown;
	}

	private masked(value: StorageValue): StorageValue {
		if (typeof value === "string") {
			return this.part(value);
		}
		if (typeof value === "number") {
			return this.isHidden(String(value)) ? "[sent]" : value;
		}
		if (typeof value !== "object" || value === null) {
			return value;
		}
		if (Array.isArray(value)) {
			return value.map((each) => this.masked(each));
		}
		return Object.fromEntries(
			Object.entries(value).map(([name, each]) => [
				this.part(name),
				NAMES_OF_SECRETS.test(name) && each !== null ? "[hidden]" : this.masked(each),
			]),
		);
	}
}

/** Whether a text is long, has no spaces and is not a word: it mixes letters and digits, or upper and lower case. */
function looksLikeToken(text: string): boolean {
	if (text.length < 16 || !/^[\w+/=.~%-]+$/.test(text) || /^\d{16,20}$/.test(text)) {
		return false;
	}
	return (
		(/\d/.test(text) && /[A-Za-z]/.test(text)) ||
		/[a-z][A-Z].*[a-z][A-Z]/.test(text) ||
		text.length > 40
	);
}
