import { type Html, html, trusted } from "./html.ts";
import { X_MARK } from "./x-mark.ts";

/** A form that leads to X, with the fields that `startLogin` reads. */
export function startForm(button: {
	readonly label: string;
	readonly action: string;
	readonly fields: Readonly<Record<string, string>>;
}): Html {
	const { label, action, fields } = button;
	return html`<form method="post" action="${action}">${hidden(fields)}<button type="submit" class="login-button" data-provider="x"><span class="login-button-icon">${trusted(X_MARK)}</span><span class="login-button-label">${label}</span></button></form>`;
}

export function hidden(fields: Readonly<Record<string, string>>): Html[] {
	return Object.entries(fields).map(
		([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
	);
}
