import type { Brand, LoginButton, Page } from "x-login/contract";
import type { Text } from "./texts.ts";

/** The icon has the colour of the text around it. */
const ICON =
	'<svg viewBox="0 0 24 24" width="20" height="20" fill="currentColor" aria-hidden="true"><path d="M3 19.6 15.6 7l1.4 1.4L4.4 21zM17 1l.9 2.1L20 4l-2.1.9L17 7l-.9-2.1L14 4l2.1-.9zm4 7 .7 1.3L23 10l-1.3.7L21 12l-.7-1.3L19 10l1.3-.7z"/></svg>';

export function loginButton(
	label: string,
	intent: LoginButton["intent"],
	brand: Brand,
	returnPath: string,
): LoginButton {
	const { startPath: action } = brand;
	const html = startForm(label, action, returnPath);
	const fields = { return_path: returnPath };
	const button = { id: "magic-word", label, intent, action, fields, html };
	return { ...button, method: "post", icon: ICON, order: 200 };
}

/** The form for nickname and word. It never shows the word that was typed. */
export function formPage(
	text: Text,
	brand: Brand,
	typed: { readonly nickname: string; readonly problem?: "nickname" | "word" },
): Page {
	const { problem } = typed;
	const title = text("form.title");
	const field = (name: "nickname" | "word", traits: string): string => {
		const wrong = problem === name ? ' aria-invalid="true" aria-describedby="problem"' : "";
		return `<label for="${name}">${escaped(text(`form.${name}`))}</label><input id="${name}" name="${name}" ${traits} required${wrong}>`;
	};
	const form = (action: string, label: string, fields = "", kind = ""): string =>
		`<form method="post" action="${escaped(brand.continuePath)}"><input type="hidden" name="action" value="${action}">${fields}<button type="submit"${kind}>${escaped(label)}</button></form>`;
	const fields = [
		field("nickname", `autocomplete="username" maxlength="60" value="${escaped(typed.nickname)}"`),
		field("word", 'type="password" autocomplete="off" maxlength="256"'),
	].join("");
	const html = `<h1>${escaped(title)}</h1><p>${escaped(text("form.text", { brand: brand.name }))}</p>${
		problem === undefined
			? ""
			: `<p class="problem" role="alert" id="problem">${escaped(text(`problem.${problem}`))}</p>`
	}${form("log-in", text("form.submit"), fields)}${form("cancel", text("form.cancel"), "", ' class="link"')}`;
	return { status: problem === undefined ? 200 : 400, title, html };
}

/** The page that says why a log-in ended, and what the visitor can do. */
export function endPage(
	text: Text,
	end: { readonly code: string; readonly status: number; readonly traceCode: string },
	way: { readonly brand: Brand | undefined; readonly retryTo: string | undefined },
): Page {
	const { brand, retryTo } = way;
	const title = text(`end.${end.code}.title`);
	const retry =
		brand === undefined || retryTo === undefined
			? ""
			: startForm(text("page.retry"), brand.startPath, retryTo);
	const html = `<h1>${escaped(title)}</h1><p>${escaped(text(`end.${end.code}.text`))}</p>${retry}<p><a href="${escaped(brand?.loginPath ?? "/")}">${escaped(text("page.back"))}</a></p><p class="trace-code">${escaped(text("page.trace", { traceCode: end.traceCode }))}</p>`;
	return { status: end.status, title, html };
}

function startForm(label: string, action: string, returnPath: string): string {
	return `<form method="post" action="${escaped(action)}"><input type="hidden" name="return_path" value="${escaped(returnPath)}"><button type="submit" class="login-button" data-provider="magic-word"><span class="login-button-icon">${ICON}</span><span class="login-button-label">${escaped(label)}</span></button></form>`;
}

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
