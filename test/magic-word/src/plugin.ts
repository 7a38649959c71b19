import type { HelpdeskHost, Locales, Plugin } from "x-login/contract";
import { Answers } from "./answers.ts";
import { dataHooks } from "./data-hooks.ts";
import { LogIn } from "./log-in.ts";
import { Nicknames } from "./nicknames.ts";
import { loginButton } from "./pages.ts";
import { textsIn } from "./texts.ts";

/** Log in with a nickname and the brand's magic word: the hooks that `plugin.json` lists. */
export function createPlugin(host: HelpdeskHost, locales: Locales): Partial<Plugin> {
	const nicknames = new Nicknames(host);
	const logIn = new LogIn(host, nicknames);
	const answers = new Answers(host, locales);
	return {
		onActivate: async () => {
			const brandIds: string[] = [];
			for (const { id } of await host.brands.list()) {
				if (!(await host.secrets.has(id, "magicWord"))) {
					brandIds.push(id);
				}
			}
			return brandIds.length === 0 ? { state: "ready" } : { state: "needs-setup", brandIds };
		},
		explain: async ({ code }, locale) => {
			const text = textsIn(locales, locale);
			const title = text(`end.${code}.title`);
			const known = title !== `end.${code}.title`;
			return known ? { title, text: text(`end.${code}.text`) } : undefined;
		},
		renderLoginButtons: async ({ brandId, page, locale, returnPath }) => {
			const brand = (await logIn.openAt(brandId))?.brand;
			// An account page needs no button: a user cannot link a second nickname.
			const isShown = page === "login" || (page === "register" && brand?.registrationOpen);
			if (brand === undefined || !isShown) {
				return [];
			}
			const intent = page === "login" ? "log-in" : "sign-up";
			const label = textsIn(locales, locale)(`button.${intent}`);
			return [loginButton(label, intent, brand, returnPath)];
		},
		startLogin: (request) => answers.answer(request, () => logIn.start(request)),
		continueLogin: (request) => answers.answer(request, (text) => logIn.continue(request, text)),
		...dataHooks(host, nicknames),
	};
}
