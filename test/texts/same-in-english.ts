/** A text that is right although it is the English one. */
interface SameText {
	readonly text: string;
	/** BCP 47; undefined for all. */
	readonly languages?: readonly string[];
	readonly why: string;
}

const SAME: readonly SameText[] = [
	{ text: "OAuth 1.0a", why: "The name of a protocol." },
	{ text: "email address from users", why: "Words of a switch in the console of X." },
	{ text: "OAuth 2.0", why: "The name of a protocol." },
	{ text: "Client ID", why: "X shows its console in English in every country." },
	{ text: "Client Secret", why: "X shows its console in English in every country." },
	{ text: "Code", languages: ["de", "fr", "nl"], why: "The same word." },
	{ text: "Passkeys", languages: ["de", "nl"], why: "The name that systems show in the language." },
	{ text: "Name", languages: ["de"], why: "The same word." },
	{ text: "Open", languages: ["nl"], why: "The same word." },
];

/** Whether people who read a language write a text as it is in English. @param tag BCP 47. */
export function isSameInEnglish(tag: string, text: string): boolean {
	return SAME.some((same) => same.text === text && (same.languages ?? [tag]).includes(tag));
}
