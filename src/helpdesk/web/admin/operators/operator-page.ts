import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import type { ListedOperator } from "../../../people/operator-roster.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { operatorPaths } from "../paths.ts";
import { roleSelect } from "./operators-page.ts";
import { ROLE_WORDS } from "./role-words.ts";

interface OperatorPage {
	readonly operator: ListedOperator;
	readonly isOwn: boolean;
	/** Whether nobody else is an owner, so that this one has to stay. */
	readonly isOnlyOwner: boolean;
	readonly hasSecondFactor: boolean;
	readonly csrf: string;
	readonly message: Markup;
	readonly locale: Locale;
}

/** The page of one operator. */
export function operatorPage(page: OperatorPage): Markup {
	const { operator, hasSecondFactor, csrf, message, locale } = page;
	const { id, email } = operator;
	const { text } = locale;
	const lead = text(hasSecondFactor ? "operator.lead.second-factor" : "operator.lead.password");
	return html`${pageHead(email, lead)}${message}
<h2>${text("operator.role")}</h2><div class="card">${roleForm(page)}</div>
<h2>${text("operator.sessions")}</h2><div class="card"><p>${text("operator.sessions.text", { email })}</p><form method="post" action="${operatorPaths(id).logOut}">${csrfField(csrf)}<button class="secondary danger" type="submit">${text("operator.sessions.log-out")}</button></form></div>
<h2>${text("operator.remove")}</h2><div class="card">${removal(page)}</div>`;
}

function roleForm({ operator, isOwn, isOnlyOwner, csrf, locale }: OperatorPage): Markup {
	const { id, role } = operator;
	const { text } = locale;
	if (isOnlyOwner) {
		return html`<p><strong>${text(ROLE_WORDS[role])}</strong></p><p class="help">${text("operator.role.only-owner")}</p>`;
	}
	const own = isOwn ? ` ${text("operator.role.own")}` : "";
	return html`<form method="post" action="${operatorPaths(id).role}">${csrfField(csrf)}<label for="role">${text("operator.role.choose")}</label>${roleSelect(role, locale)}<p class="help">${text("operator.role.help")}${own}</p><button type="submit">${text("operator.role.submit")}</button></form>`;
}

function removal({ operator, isOwn, isOnlyOwner, csrf, locale }: OperatorPage): Markup {
	const { id, email } = operator;
	const { text } = locale;
	if (isOnlyOwner) {
		return html`<p>${text("operator.remove.only-owner", { email })}</p>`;
	}
	const own = isOwn ? html`<p class="help">${text("operator.remove.own")}</p>` : "";
	return html`<p>${text("operator.remove.text", { email })}</p>${own}<form method="post" action="${operatorPaths(id).remove}">${csrfField(csrf)}<button class="secondary danger" type="submit">${text("operator.remove.submit", { email })}</button></form>`;
}
