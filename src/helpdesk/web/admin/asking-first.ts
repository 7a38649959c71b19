import type { MiddlewareHandler } from "hono";
import { html } from "hono/html";
import type { FormField } from "../../../contract/login-request.ts";
import type { Locale } from "../../locale/locale.ts";
import { addressAskedFor } from "../canonical-host.ts";
import { CSRF_FIELD, csrfField, type Markup } from "../layout.ts";
import { field, type VisitEnv } from "../visit.ts";
import type { AdminContext, ShowPage } from "./admin-pages.ts";
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
export function questionPage(question: Question, csrf: string, locale: Locale): Markup {
	const { title, consequence, details, action, fields = [], button, back } = question;
	const hidden = [...fields, CONFIRMED].map(
		([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
	);
	return html`${pageHead(title, consequence)}${details ?? ""}<form method="post" action="${action}">${csrfField(csrf)}${hidden}<div class="actions answer"><button class="danger" type="submit">${button}</button><a href="${back}">${locale.text("frame.question.cancel")}</a></div></form>`;
}

/** A question about a form that was sent. Its answer sends the form once more. */
type QuestionOfForm = Omit<Question, "action" | "fields">;

/**
 * Asks before a route takes a form: a form from any page but the one that asks gets that page instead.
 *
 * @param questionOf undefined where there is nothing to ask, because the route says what is wrong or does no harm.
 */
export function asksFirst(
	show: ShowPage,
	questionOf: (c: AdminContext) => QuestionOfForm | undefined | Promise<QuestionOfForm | undefined>,
): MiddlewareHandler<VisitEnv> {
	return async (c, next) => {
		const question = isConfirmed(c) ? undefined : await questionOf(c);
		if (question === undefined) {
			return next();
		}
		const { form, csrf, locale } = c.var.visit;
		const { pathname, search } = addressAskedFor(c);
		const fields = form.filter(([name]) => name !== CSRF_FIELD);
		const page = questionPage({ ...question, action: pathname + search, fields }, csrf, locale);
		return show(c, question.title, page);
	};
}

/** Whether a form comes from the page that asks. */
export function isConfirmed({ var: { visit } }: AdminContext): boolean {
	const [name, value] = CONFIRMED;
	return field(visit.form, name) === value;
}
