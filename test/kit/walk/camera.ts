import type { BrowserContext, Page } from "playwright-core";

/** The cookies of somebody, which a page is opened with. */
export type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

/** An answer that somebody saw, and that no address shows once more. */
export interface Answer {
	readonly url: string;
	readonly html: string;
	/** BCP 47. */
	readonly language: string;
}

/** What becomes of the pages that a walk leads past. */
export interface Camera {
	/** The languages in which the answers to a visitor's forms are wanted. English is one of them. */
	readonly languages: readonly string[];
	/** Somebody with a browser of their own, to do what comes before the pictures. */
	newPerson(): Promise<Page>;
	/**
	 * Takes a page in each form.
	 *
	 * @returns the addresses that its links lead to.
	 */
	take(name: string, address: string, cookies: Cookies): Promise<readonly string[]>;
	/** The same for an answer. */
	takeAnswer(name: string, answer: Answer): Promise<unknown>;
}
