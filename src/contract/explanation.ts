/** What the end of an attempt means to an administrator. Plain text. */
export interface Explanation {
	/** A few words: what a chart or a list calls it. */
	readonly title: string;
	/** What happened, why, and what there is to do. */
	readonly text: string;
	/** What the visitor read, where they were shown a page. */
	readonly told?: string;
}
