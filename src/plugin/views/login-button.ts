import type { LoginButton } from "../../contract/login-button.ts";
import { html } from "./html.ts";
import { startForm } from "./start-form.ts";
import { X_MARK } from "./x-mark.ts";

/** The X button, as data and as a form that works without script. */
export function loginButton(button: {
	readonly label: string;
	/** What the visitor should know before pressing it. */
	readonly note?: string | undefined;
	readonly intent: LoginButton["intent"];
	readonly action: string;
	readonly returnPath: string;
}): LoginButton {
	const { label, note, intent, action, returnPath } = button;
	const fields = { return_path: returnPath, ...(intent === "link" && { intent }) };
	return {
		id: "x",
		label,
		intent,
		action,
		method: "post",
		fields,
		icon: X_MARK,
		order: 100,
		...(note !== undefined && { note }),
		html: html`${startForm({ label, action, fields })}${note === undefined ? "" : html`<p class="login-button-note">${note}</p>`}`
			.markup,
	};
}
