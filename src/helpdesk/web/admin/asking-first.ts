import { html } from "hono/html";
import type { FormField } from "../../../contract/login-request.ts";
import { csrfField, type Markup } from "../layout.ts";
import { field } from "../visit.ts";
import type { AdminContext } from "./admin-pages.ts";
import { pageHead } from "./page-head.ts";

/** The question before something that cannot be undone, or that puts people out. */
export interface Question {
	/** `Remove ada@example.com?` */
	readonly title: string;
	/** What happens then, and what stays. */
	readonly consequence: Markup | string;
	/** Whom or what it is about, where the title does not say all of it. */
	readonly details?: Markup;
	/** The path of the form. The page that asks has the same one. */
	readonly action: string;
	/** What the form sends besides. */
	readonly fields?: readonly FormField[];
	/** The word on the button. */
	readonly button: string;
	/** The path behind Cancel. */
	readonly back: string;
}

const CONFIRMED: FormField = ["confirmed", "yes"];

/** The page that asks. Its form is the only one that {@link isConfirmed} takes for an answer. */
export function questionPage(question: Question, csrf: string): Markup {
	const { title, consequence, details, action, fields = [], button, back } = question;
	const hidden = [...fields, CONFIRMED].map(
		([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
	);
	return html`${pageHead(title, consequence)}${details ?? ""}<form method="post" action="${action}">${csrfField(csrf)}${hidden}<div class="actions answer"><button class="danger" type="submit">${button}</button><a href="${back}">Cancel</a></div></form>`;
}

/** Whether a form comes from the page that asks. */
export function isConfirmed({ var: { visit } }: AdminContext): boolean {
	const [name, value] = CONFIRMED;
	return field(visit.form, name) === value;
}
