import type { Context } from "hono";
import { html } from "hono/html";
import type { Locale } from "../../locale/locale.ts";
import { type Markup, notice } from "../layout.ts";
import type { VisitEnv } from "../visit.ts";

export type AdminContext = Context<VisitEnv>;

/** A page on the way to another one. */
export interface Crumb {
	readonly label: string;
	readonly path: string;
}

/** What the frame around a page says about it. */
export interface PageHead {
	readonly title: string;
	/** The pages between the entry of the menu that the page belongs to and the page. */
	readonly trail?: readonly Crumb[];
	/** Whether the page stands alone: it asks one thing, and nothing else can be done meanwhile. */
	readonly isAlone?: boolean;
}

/** Sends a page of the administration. A text is the title of a page that lies right below an entry of the menu. */
export type ShowPage = (
	c: AdminContext,
	head: string | PageHead,
	content: Markup,
	status?: number,
) => Promise<Response>;

/** Counts what a list leaves out because it cannot be read. The log says which values these are. */
export class LeftOut {
	private lists = 0;

	constructor(
		private readonly logError: (what: string, error: unknown) => void,
		private readonly locale: Locale,
	) {}

	readonly report = (what: string, error: unknown): void => {
		this.lists += 1;
		this.logError(what, error);
	};

	/** For the page with the list. Empty where nothing is left out. */
	get notice(): Markup {
		return this.lists === 0 ? html`` : notice(this.locale.text("frame.list-incomplete"), true);
	}
}

/** Text in which https addresses are links. */
export function linked(sentence: string): Markup[] {
	return sentence
		.split(/(https:\/\/[^\s()]+[^\s().,])/)
		.map((part, index) =>
			index % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : html`${part}`,
		);
}
