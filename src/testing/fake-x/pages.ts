import type { FakeXAccount } from "./fake-x-options.ts";

/** The content of the page that asks the visitor for approval. */
export interface ConsentPage {
	readonly path: string;
	readonly appName: string;
	/** What an app asks for by OAuth 2.0. */
	readonly scopes?: readonly string[];
	/** Hidden fields that are sent with the decision. */
	readonly fields: readonly (readonly [name: string, value: string])[];
	readonly approveLabel: string;
	readonly accounts: readonly FakeXAccount[];
	readonly chosen: FakeXAccount;
}

/** The page where the visitor approves or cancels. */
export function consentPage(page: ConsentPage): string {
	const options = page.accounts
		.map(({ id, name, screenName }) => {
			const selected = id === page.chosen.id ? " selected" : "";
			return `<option value="${escapeHtml(id)}"${selected}>${escapeHtml(`${name} (@${screenName})`)}</option>`;
		})
		.join("");
	return htmlDocument(
		`Fake X: ${page.approveLabel}`,
		`<h1>Allow ${escapeHtml(page.appName)} to access your account?</h1>${permissionList(page.scopes ?? [])}
<form method="post" action="${escapeHtml(page.path)}">
${page.fields.map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`).join("")}
<p><label for="account">Account</label> <select id="account" name="account">${options}</select></p>
<p><button type="submit" name="decision" value="approve">${escapeHtml(page.approveLabel)}</button>
<button type="submit" name="decision" value="cancel">Cancel</button></p>
</form>`,
	);
}

/** What X's documentation says about the scopes of a log-in. */
const PERMISSIONS: ReadonlyMap<string, string> = new Map([
	["users.read", "See any account that you can see"],
	["tweet.read", "See all posts that you can see"],
	["users.email", "See your e-mail address"],
	["offline.access", "Stay connected to your account until you revoke access"],
]);

function permissionList(scopes: readonly string[]): string {
	const items = scopes.map((scope) => `<li>${escapeHtml(PERMISSIONS.get(scope) ?? scope)}</li>`);
	return items.length === 0 ? "" : `\n<p>The app will be able to:</p><ul>${items.join("")}</ul>`;
}

/** The page that leads to the callback by itself. */
export function redirectingPage(appName: string, callback: string): string {
	return htmlDocument(
		"Fake X: Redirecting",
		`<h1>Redirecting you back...</h1>
<p><a id="back" href="${escapeHtml(callback)}">Continue to ${escapeHtml(appName)}</a></p>`,
		`<meta http-equiv="refresh" content="0;url=${escapeHtml(callback)}">`,
	);
}

/** The page after Cancel. The visitor goes back by its link. */
export function cancelledPage(appName: string, callback: string): string {
	return htmlDocument(
		"Fake X: Cancelled",
		`<h1>You have not given ${escapeHtml(appName)} access to your account</h1>
<p><a id="back" href="${escapeHtml(callback)}">Return to ${escapeHtml(appName)}</a></p>`,
	);
}

/** The page for a visitor whose app made a wrong OAuth 2.0 request. */
export function wrongAuthorizationPage(): string {
	return htmlDocument(
		"Fake X: Error",
		"<h1>Something went wrong</h1><p>You weren't able to give access to the App. Go back and try logging in again.</p>",
	);
}

/** The page for a visitor with a dead request token. */
export function deadTokenPage(): string {
	return htmlDocument(
		"Fake X: Error",
		`<h1>Whoa there!</h1>
<p>The request token for this page is invalid. It may have already been used, or expired because it is too old. Please go back to the site or application that sent you here and try again.</p>`,
	);
}

// The words of these pages are an assumption. X documents only their purpose.
const STYLE =
	":root{color-scheme:light dark}body{margin:0;background:Canvas;color:CanvasText;font:16px/1.5 system-ui,sans-serif}main{max-width:34rem;margin:3rem auto;padding:0 1.25rem}h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.1rem;margin-top:2rem}label{display:block;margin:.35rem 0;overflow-wrap:anywhere}select,input:not([type=radio]):not([type=hidden]){width:100%;min-height:44px;font:inherit;box-sizing:border-box}button{min-height:44px;padding:.5rem 1.25rem;font:inherit;font-weight:600;border-radius:999px;border:1px solid;cursor:pointer}code{overflow-wrap:anywhere}:focus-visible{outline:3px solid;outline-offset:2px}";

export function htmlDocument(title: string, main: string, head = ""): string {
	return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style>${head}</head>
<body><main>
${main}
</main></body>
</html>
`;
}

export function escapeHtml(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;")
		.replaceAll("'", "&#39;");
}
