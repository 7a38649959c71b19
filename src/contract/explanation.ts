/** What the end of an attempt means, for an administrator. Plain text. */
export interface Explanation {
	/** A few words, for charts and lists. */
	readonly title: string;
	/** What happened, why, and what to do. */
	readonly text: string;
	/** What the visitor read, if they saw a page. */
	readonly told?: string;
}
