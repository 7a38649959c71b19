import { html, raw } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type {
	SimulatedDecision,
	SimulatedQuestion,
	SimulatedStep,
	Simulation,
} from "../../../../contract/simulation.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { byName, languageName } from "../../../locale/language-name.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { inLanguage, type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, integrationPaths } from "../paths.ts";

/** The beginning of the names of fields that answer the plugin's questions. The plugin chooses the rest of the name. */
const ANSWER = "case-";

const GROUPS = [
	["visitor", "simulator.visitor"],
	["settings", "simulator.settings"],
] as const satisfies readonly [SimulatedQuestion["about"], TextKey][];

export interface SimulatorPage {
	readonly plugin: PluginHooks;
	readonly brands: readonly Brand[];
	readonly brand: Brand;
	readonly language: string;
	/** Whether visitors of the brand see the plugin's button. */
	readonly isLive: boolean;
	readonly simulation: Simulation;
	readonly locale: Locale;
}

/** The answers that a query gives to the plugin's questions. */
export function answersIn(query: Readonly<Record<string, string>>): Record<string, string> {
	const answers = Object.entries(query).flatMap(([name, value]) =>
		name.startsWith(ANSWER) ? [[name.slice(ANSWER.length), value] as const] : [],
	);
	return Object.fromEntries(answers);
}

export function simulatorPage(page: SimulatorPage): Markup {
	const { plugin, brand, language, isLive, simulation, locale } = page;
	const { text } = locale;
	const { name } = plugin.loaded.manifest;
	const { steps, impossible } = simulation;
	const off = isLive
		? ""
		: html`<p class="soft">${text("simulator.not-live", { name, brand: brand.name })}</p>`;
	return html`${pageHead(text("simulator.title", { name }), text("simulator.lead", { name }))}${caseForm(page)}
<h2 id="result">${text("simulator.result")}</h2>${off}${impossible === undefined ? "" : notice(impossible, true)}
<ol class="screens">${steps.map((step) => screen(step, language, locale))}</ol>`;
}

function caseForm(page: SimulatorPage): Markup {
	const { plugin, brands, brand, language, simulation, locale } = page;
	const { text } = locale;
	const path = integrationPaths(plugin.loaded.manifest.id).simulator;
	const languages = byName(plugin.loaded.locales.keys(), locale.tag).map((value) => ({
		value,
		label: languageName(value, locale.tag),
	}));
	const names = brands.map(({ id, name }) => ({ value: id, label: name }));
	const groups = GROUPS.map(([about, legend]) => {
		const questions = simulation.questions.filter((question) => question.about === about);
		return html`<fieldset class="case"><legend>${text(legend)}</legend>${questions.map((question) => answerField(question, locale))}</fieldset>`;
	});
	return html`<form class="card" method="get" action="${path}#result"><fieldset class="case"><legend>${text("simulator.where")}</legend>
${selectField("brand", text("simulator.brand"), names, brand.id)}${selectField("language", text("simulator.language"), languages, language)}</fieldset>${groups}
<div class="actions"><button type="submit">${text("simulator.show")}</button> <a href="${atBrand(path, brand.id)}">${text("simulator.start-over")}</a></div></form>`;
}

function answerField(
	{ name, label, options, chosen, matters }: SimulatedQuestion,
	{ text }: Locale,
): Markup {
	const note = matters ? "" : text("simulator.no-difference");
	return selectField(`${ANSWER}${name}`, label, options, chosen, note);
}

function selectField(
	name: string,
	label: string,
	options: readonly { readonly value: string; readonly label: string }[],
	chosen: string,
	note = "",
): Markup {
	const shown = options.map(
		(option) =>
			html`<option value="${option.value}"${option.value === chosen ? html` selected` : ""}>${option.label}</option>`,
	);
	const help = note === "" ? "" : html`<p class="help" id="${name}-help">${note}</p>`;
	return html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}"${note === "" ? "" : html` aria-describedby="${name}-help"`}>${shown}</select>${help}</div>`;
}

function screen(step: SimulatedStep, language: string, locale: Locale): Markup {
	const why =
		step.decision === undefined ? "" : html`<p class="help">${reason(step.decision, locale)}</p>`;
	if (step.kind === "outcome") {
		return html`<li><p>${step.sentence}</p>${why}</li>`;
	}
	const { title, html: markup } = step.page;
	// The screen is disabled, so that no button in it can be pressed.
	return html`<li><fieldset class="card screen"${inLanguage(language)} aria-label="${title}" disabled>${raw(markup)}</fieldset>${why}</li>`;
}

function reason({ rule, reason }: SimulatedDecision, { text }: Locale): string {
	return reason === ""
		? text("simulator.rule", { rule })
		: text("simulator.rule-with-reason", { rule, reason });
}
