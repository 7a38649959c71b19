import type { Context } from "hono";
import { html } from "hono/html";
import type { Markup } from "../layout.ts";
import type { VisitEnv } from "../visit.ts";

export type AdminContext = Context<VisitEnv>;

/** Sends a page of the administration. */
export type ShowPage = (
	c: AdminContext,
	title: string,
	content: Markup,
	status?: number,
) => Promise<Response>;

export function notice(sentence: string, bad = false): Markup {
	return html`<p class="notice${bad ? " bad" : ""}" role="${bad ? "alert" : "status"}">${sentence}</p>`;
}

const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });

/** The English name of a language: `de` is German. */
export function languageName(tag: string): string {
	return LANGUAGES.of(tag) ?? tag;
}

/** Text in which https addresses are links. */
export function linked(sentence: string): Markup[] {
	return sentence
		.split(/(https:\/\/[^\s()]+[^\s().,])/)
		.map((part, index) =>
			index % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : html`${part}`,
		);
}
