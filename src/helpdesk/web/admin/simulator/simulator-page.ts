import { html, raw } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type {
	SimulatedDecision,
	SimulatedQuestion,
	SimulatedStep,
	Simulation,
} from "../../../../contract/simulation.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { type Markup, notice } from "../../layout.ts";
import { languageName } from "../admin-pages.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, integrationPaths } from "../paths.ts";

/** The beginning of the names of fields that answer the plugin's questions. The plugin chooses the rest of the name. */
const ANSWER = "case-";

const GROUPS = [
	["visitor", "The visitor"],
	["settings", "The settings"],
] as const satisfies readonly [SimulatedQuestion["about"], string][];

export interface SimulatorPage {
	readonly plugin: PluginHooks;
	readonly brands: readonly Brand[];
	readonly brand: Brand;
	readonly language: string;
	/** Whether visitors of the brand see the plugin's button. */
	readonly isLive: boolean;
	readonly simulation: Simulation;
}

/** The answers that a query gives to the plugin's questions. */
export function answersIn(query: Readonly<Record<string, string>>): Record<string, string> {
	const answers = Object.entries(query).flatMap(([name, value]) =>
		name.startsWith(ANSWER) ? [[name.slice(ANSWER.length), value] as const] : [],
	);
	return Object.fromEntries(answers);
}

export function simulatorPage(page: SimulatorPage): Markup {
	const { plugin, brand, language, isLive, simulation } = page;
	const { name } = plugin.loaded.manifest;
	const { steps, impossible } = simulation;
	const off = isLive
		? ""
		: html`<p class="soft">${name} is not switched on for ${brand.name}. Its visitors see no button yet. They will see this once it is switched on.</p>`;
	return html`${pageHead(`${name}: simulator`, `Make up a visitor to see what they would see. Nothing is stored or sent, and ${name} is not called.`)}${caseForm(page)}
<h2 id="result">What they see</h2>${off}${impossible === undefined ? "" : notice(impossible, true)}
<ol class="screens">${steps.map((step) => screen(step, language))}</ol>`;
}

function caseForm({ plugin, brands, brand, language, simulation }: SimulatorPage): Markup {
	const path = integrationPaths(plugin.loaded.manifest.id).simulator;
	const languages = [...plugin.loaded.locales.keys()].map((value) => ({
		value,
		label: languageName(value),
	}));
	const names = brands.map(({ id, name }) => ({ value: id, label: name }));
	const groups = GROUPS.map(([about, legend]) => {
		const questions = simulation.questions.filter((question) => question.about === about);
		return html`<fieldset class="case"><legend>${legend}</legend>${questions.map(answerField)}</fieldset>`;
	});
	return html`<form class="card" method="get" action="${path}#result"><fieldset class="case"><legend>Where</legend>
${selectField("brand", "Brand", names, brand.id)}${selectField("language", "Language of the visitor", languages, language)}</fieldset>${groups}
<div class="actions"><button type="submit">Show</button> <a href="${atBrand(path, brand.id)}">Start over</a></div></form>`;
}

function answerField({ name, label, options, chosen, matters }: SimulatedQuestion): Markup {
	const note = matters ? "" : "Makes no difference in this case.";
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

function screen(step: SimulatedStep, language: string): Markup {
	const why = step.decision === undefined ? "" : html`<p class="help">${reason(step.decision)}</p>`;
	if (step.kind === "outcome") {
		return html`<li><p>${step.sentence}</p>${why}</li>`;
	}
	const { title, html: markup } = step.page;
	// The screen is disabled, so that no button in it can be pressed.
	return html`<li><fieldset class="card screen" lang="${language}" aria-label="${title}" disabled>${raw(markup)}</fieldset>${why}</li>`;
}

function reason({ rule, reason }: SimulatedDecision): string {
	return `Rule ${rule}.${reason === "" ? "" : ` ${reason}.`}`;
}
