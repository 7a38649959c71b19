import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { ADMIN_PATHS, atBrand, integrationPaths, socialLoginPaths } from "../paths.ts";
import type { AddOnFacts } from "./overview-facts.ts";
import { type StepName, setUpSteps } from "./set-up-steps.ts";

/** What is left to do until visitors log in with an add-on. Empty once every step is done. */
export function checklist(
	{ addOn, setUp }: AddOnFacts,
	{ brands, locale }: { readonly brands: readonly Brand[]; readonly locale: Locale },
): Markup {
	const steps = setUpSteps(setUp);
	if (steps.every(({ state }) => state === "done")) {
		return html``;
	}
	const { text } = locale;
	const { id, name } = addOn.loaded.manifest;
	const { brandId } = setUp.brand;
	const brand = brands.find((each) => each.id === brandId);
	const settings = atBrand(integrationPaths(id).settings, brandId);
	const logIn = `${brand?.baseUrl ?? ""}/login`;
	const tries = addOn.loaded.canTry === true;
	const ways: Readonly<Record<StepName, readonly [path: string, help: Markup | string]>> = {
		activate: [ADMIN_PATHS.integrations, text("overview.steps.activate-help", { name })],
		keys: [settings, text("overview.steps.keys-help")],
		test: [settings, text("overview.steps.test-help")],
		"switch-on": [socialLoginPaths(id).manage, text("overview.steps.switch-on-help")],
		// The step is done once somebody has come in, which a test log-in does not do.
		try: tries
			? [atBrand(integrationPaths(id).tryLogin, brandId), trialHelp(logIn, locale)]
			: [logIn, text("overview.steps.try-help")],
	};
	const items = steps.map(({ name: step, state }) => {
		const [path, help] = ways[step];
		const label = text(`overview.steps.${step}`, { name });
		const word = html`<strong>${text(`overview.steps.${state}`)}</strong>`;
		return state === "next"
			? html`<li class="step next">${word}<span><a href="${path}">${label}</a><br><span class="soft">${help}</span></span></li>`
			: html`<li class="step ${state}">${word}<span>${label}</span></li>`;
	});
	return html`<h2>${text("overview.steps.title", { name })}</h2><div class="card"><ol class="checks steps">${items}</ol></div>`;
}

function trialHelp(logIn: string, { markup }: Locale): Markup {
	const link = (content: Markup) => html`<a href="${logIn}">${content}</a>`;
	return markup("overview.steps.try-trial-help", {}, { link });
}
