import { html } from "hono/html";
import type { Markup } from "./layout.ts";

/** The field with what the browser has made or signed, as JSON. */
export const PASSKEY_FIELD = "passkey";

/** A button in a form that sends the form on with a passkey. */
export interface PasskeyButton {
	/** Whether the browser makes a passkey, or uses one. */
	readonly does: "create" | "get";
	/** See `PasskeyCeremonies`. */
	readonly options: object;
	readonly label: string;
	/** What the page says where the browser did not do it, because the person cancelled it, say. */
	readonly problem: string;
}

/**
 * The button and what belongs to it. It stays hidden without script, and in browsers that cannot do it: passkeys are never the
 * only way.
 */
export function passkeyButton({ does, options, label, problem }: PasskeyButton): Markup {
	return html`<input type="hidden" name="${PASSKEY_FIELD}"><button class="secondary" type="button" data-passkey="${does}" data-options="${JSON.stringify(options)}" hidden>${label}</button><p class="notice bad" role="alert" data-problem="${problem}" hidden></p>`;
}

/** Makes the buttons work: the browser answers, and the form goes with the answer. Other fields of the form come first. */
export const PASSKEY_SCRIPT = `
const doPasskey = {
	create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
	get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};
for (const button of document.querySelectorAll("button[data-passkey]")) {
	const problem = button.nextElementSibling;
	button.hidden = !window.PublicKeyCredential?.parseRequestOptionsFromJSON;
	button.addEventListener("click", async () => {
		if (!button.form.reportValidity()) {
			return;
		}
		problem.hidden = true;
		button.disabled = true;
		try {
			const answer = await doPasskey[button.dataset.passkey](JSON.parse(button.dataset.options));
			button.form.elements.namedItem("${PASSKEY_FIELD}").value = JSON.stringify(answer);
			button.form.requestSubmit();
		} catch {
			problem.textContent = problem.dataset.problem;
			problem.hidden = false;
		}
		button.disabled = false;
	});
}
`;
