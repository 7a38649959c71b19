import type { Page } from "../../contract/login-response.ts";
import { html } from "./html.ts";
import { startForm } from "./start-form.ts";

/** A page that says why the visitor is not logged in and what to do, with the code to quote. */
export function endedPage(page: {
	readonly status: number;
	readonly title: string;
	readonly sentences: readonly string[];
	/** A second attempt at X; absent if it would end the same way. */
	readonly retry?: Parameters<typeof startForm>[0];
	readonly back: { readonly label: string; readonly href: string };
	readonly trace: string;
}): Page {
	const { status, title, sentences, retry, back, trace } = page;
	const paragraphs = sentences.map((sentence) => html`<p>${sentence}</p>`);
	const again = retry ? startForm(retry) : "";
	const { markup } =
		html`<h1>${title}</h1>${paragraphs}${again}<p><a href="${back.href}">${back.label}</a></p><p class="trace-code">${trace}</p>`;
	return { status, title, html: markup };
}
