import type { StorageValue } from "../../contract/storage.ts";

const SHOWN_CHARACTERS = 600;
/** Shorter ones are in every other text. */
const SHORTEST_INSIDE = 6;
const REMEMBERED = 2000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const WORDS = /[^\s"'`,;:()[\]{}<>=?&#]+/g;
const NAMES_OF_SECRETS =
	/token|secret|verifier|pass|pwd|word$|code|otp$|pin$|hash|cookie|key|credential|authori[sz]ation|bearer|signature|nonce|proof$/i;

/**
 * Shows data as far as a screen may have it. Left out is whatever a visitor or administrator ever sent, what looks like a
 * token, and what is called like a secret.
 */
export class Printable {
	private readonly secrets = new Set<string>();
	private readonly confidential = new Set<string>();

	/** The same as {@link hide}, however much else is hidden later. */
	hideSecret(text: string): void {
		if (text !== "") {
			this.secrets.add(text);
		}
	}

	/** Never shows this text from now on, be it all of a value or inside of one. */
	hide(text: string): void {
		if (text !== "") {
			// The last to come is the last to go.
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

	/** A name or value, as a whole and by what is in it. */
	part(text: string): string {
		const whole = this.word(text);
		return whole === text
			? this.withoutConfidential(text).replace(WORDS, (word) => this.word(word))
			: whole;
	}

	/** The first line of a message. */
	sentence(text: string): string {
		const [first = ""] = text.split("\n");
		// Only then: half of a secret is not recognized.
		return this.part(first).slice(0, SHOWN_CHARACTERS);
	}

	/** Origin and path: a query may hold anything. */
	address(url: string): string {
		if (!URL.canParse(url, "http://portal")) {
			return "an address that cannot be read";
		}
		const { origin, pathname } = new URL(url, "http://portal");
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

/** Long, without spaces, and no word: letters and digits mixed, or both cases in the middle of it. */
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
