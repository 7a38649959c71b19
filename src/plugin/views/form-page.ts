import type { Page } from "../../contract/login-response.ts";
import { type Html, html, trusted } from "./html.ts";
import { hidden, startForm } from "./start-form.ts";
import { X_MARK } from "./x-mark.ts";

/** A button that sends one of the log-in's forms. */
interface Action {
	readonly action: string;
	readonly label: string;
	readonly quiet?: boolean;
}

interface Input {
	readonly name: "email" | "code";
	readonly label: string;
}

/** The page of a form between the callback and the end of a log-in. */
export function formPage(page: {
	readonly status: number;
	readonly title: string;
	readonly sentences: readonly string[];
	/** The X account and the account here, side by side, before they are linked. */
	readonly linking?: { readonly handle: string; readonly account: string };
	readonly problem: string | undefined;
	/** The path to post to, and what every form sends. */
	readonly target: string;
	readonly fields: Readonly<Record<string, string>>;
	/** The main form. */
	readonly input?: Input;
	readonly submit: Action;
	/** A collapsed field for visitors whose first answer was wrong. */
	readonly correction?: {
		readonly summary: string;
		readonly input: Input;
		readonly submit: Action;
	};
	readonly others: readonly Action[];
	readonly atX: Parameters<typeof startForm>[0] | undefined;
}): Page {
	const { title, status, target, fields, problem, correction, linking } = page;
	const one = (submit: Action, input?: Input, id = `login-${input?.name}`): Html =>
		html`<form method="post" action="${target}">${hidden({ ...fields, action: submit.action })}${input === undefined ? "" : field(input, id, problem !== undefined)}<button type="submit"${submit.quiet ? trusted(' class="link"') : ""}>${submit.label}</button></form>`;
	const { markup } =
		html`<h1>${title}</h1>${page.sentences.map((sentence) => html`<p>${sentence}</p>`)}${
			linking === undefined
				? ""
				: html`<p class="linking"><span class="login-button-icon">${trusted(X_MARK)}</span> <bdi dir="ltr"><strong>@${linking.handle}</strong></bdi> <span class="arrow">→</span> <strong>${linking.account}</strong></p>`
		}${problem === undefined ? "" : html`<p class="problem" role="alert" id="problem">${problem}</p>`}${one(page.submit, page.input)}${
			correction === undefined
				? ""
				: html`<details><summary>${correction.summary}</summary>${one(correction.submit, correction.input, "login-correction")}</details>`
		}${page.others.map((other) => one(other))}${page.atX === undefined ? "" : startForm(page.atX)}`;
	return { status, title, html: markup };
}

function field({ name, label }: Input, id: string, invalid: boolean): Html {
	const traits =
		name === "email"
			? 'type="email" autocomplete="email" maxlength="254"'
			: 'inputmode="numeric" autocomplete="one-time-code" maxlength="100"';
	const wrong = invalid ? ' aria-invalid="true" aria-describedby="problem"' : "";
	return html`<label for="${id}">${label}</label><input id="${id}" name="${name}" ${trusted(traits)} required${trusted(wrong)}>`;
}
