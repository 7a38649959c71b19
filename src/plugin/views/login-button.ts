import type { LoginButton } from "../../contract/login-button.ts";
import { html, trusted } from "./html.ts";
import { X_MARK } from "./x-mark.ts";

/** The X button, as data and as a form that works without script. */
export function loginButton(button: {
	readonly label: string;
	readonly intent: LoginButton["intent"];
	readonly action: string;
	readonly returnPath: string;
}): LoginButton {
	const { label, intent, action, returnPath } = button;
	const form = html`<form method="post" action="${action}"><input type="hidden" name="return_path" value="${returnPath}"><button type="submit" class="login-button" data-provider="x"><span class="login-button-icon">${trusted(X_MARK)}</span><span class="login-button-label">${label}</span></button></form>`;
	return {
		id: "x",
		label,
		intent,
		action,
		method: "post",
		fields: { return_path: returnPath },
		icon: X_MARK,
		order: 100,
		html: form.markup,
	};
}
