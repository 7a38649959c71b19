import type { Hono } from "hono";
import { html, raw } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type {
	SimulatedDecision,
	SimulatedQuestion,
	SimulatedStep,
	Simulation,
} from "../../../../contract/simulation.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { Markup } from "../../layout.ts";
import type { VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, languageName, notice, type ShowPage } from "../admin-pages.ts";

export interface SimulatorParts {
	readonly brands: readonly Brand[];
	readonly show: ShowPage;
}

const { integrations: INTEGRATIONS } = ADMIN_PATHS;
/** Of fields that answer the plugin's questions, whose names are the plugin's affair. */
const ANSWER = "case-";

const GROUPS = [
	["visitor", "The visitor"],
	["settings", "The settings"],
] as const satisfies readonly [SimulatedQuestion["about"], string][];

interface Tried {
	readonly plugin: PluginHooks;
	readonly brands: readonly Brand[];
	readonly brand: Brand;
	readonly language: string;
	/** Why visitors of the brand see nothing of this yet; empty where they do. */
	readonly off: string;
	readonly simulation: Simulation;
}

export function simulatorPath(plugin: PluginHooks): string {
	return `${INTEGRATIONS}/${plugin.loaded.manifest.id}/simulator`;
}

/** What a visitor would see, in a case the administrator makes up: a form whose address is the case, to be passed on. */
export function simulatorRoutes(app: Hono<VisitEnv>, parts: SimulatorParts): void {
	const { brands, show } = parts;

	app.get(`${INTEGRATIONS}/:pluginId/simulator`, async (c) => {
		const { plugin, settings } = c.var.addOn;
		const { locales, manifest } = plugin.loaded;
		const asked = c.req.query();
		const brand =
			asked["brand"] === undefined ? brands[0] : brands.find(({ id }) => id === asked["brand"]);
		if (brand === undefined || !plugin.can("simulate")) {
			return c.notFound();
		}
		const language =
			[asked["language"], brand.locale].find((tag) => locales.has(tag ?? "")) ??
			manifest.locales.default;
		const answers = Object.entries(asked).flatMap(([name, value]) =>
			name.startsWith(ANSWER) ? [[name.slice(ANSWER.length), value] as const] : [],
		);
		const simulation = await plugin.simulate({
			brandId: brand.id,
			locale: "en",
			visitorLocale: language,
			answers: Object.fromEntries(answers),
		});
		if (simulation === undefined) {
			const failed = notice(
				`${manifest.name} could not say what a visitor would see. The log has the reason.`,
				true,
			);
			return show(c, "Simulator", failed, 500);
		}
		const { enabled } = await settings.read(brand.id);
		const live = enabled && (await plugin.isActive()) && (await settings.isComplete(brand.id));
		const off = live
			? ""
			: `${manifest.name} is not switched on for ${brand.name}: its visitors see no button yet, and this once it is.`;
		return show(
			c,
			"Simulator",
			simulatorPage({ plugin, brands, brand, language, off, simulation }),
		);
	});
}

function simulatorPage(tried: Tried): Markup {
	const { plugin, language, off, simulation } = tried;
	const { id, name } = plugin.loaded.manifest;
	const { steps, impossible } = simulation;
	return html`<p class="breadcrumb">Settings › General › <a href="${INTEGRATIONS}">Third-Party Integrations</a> › <a href="${INTEGRATIONS}/${id}">${name}</a></p>
<h1>${name}: simulator</h1><p>Make up a visitor and see what they would. Nothing is stored or sent, and ${name} is not asked.</p>${caseForm(tried)}
<h2 id="result">What they see</h2>${off === "" ? "" : html`<p class="soft">${off}</p>`}${impossible === undefined ? "" : notice(impossible, true)}
<ol class="screens">${steps.map((step) => screen(step, language))}</ol>`;
}

function caseForm({ plugin, brands, brand, language, simulation }: Tried): Markup {
	const languages = [...plugin.loaded.locales.keys()].map((value) => ({
		value,
		label: languageName(value),
	}));
	const names = brands.map(({ id, name }) => ({ value: id, label: name }));
	const groups = GROUPS.map(([about, legend]) => {
		const questions = simulation.questions.filter((question) => question.about === about);
		return html`<fieldset class="case"><legend>${legend}</legend>${questions.map(answerField)}</fieldset>`;
	});
	return html`<form class="card" method="get" action="${simulatorPath(plugin)}#result"><fieldset class="case"><legend>Where</legend>
${selectField("brand", "Brand", names, brand.id)}${selectField("language", "Language of the visitor", languages, language)}</fieldset>${groups}
<div class="actions"><button type="submit">Show</button> <a href="${simulatorPath(plugin)}?brand=${encodeURIComponent(brand.id)}">Start over</a></div></form>`;
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
	// Disabled, so that no button in it can be pressed.
	return html`<li><fieldset class="card screen" lang="${language}" aria-label="${title}" disabled>${raw(markup)}</fieldset>${why}</li>`;
}

function reason({ rule, reason }: SimulatedDecision): string {
	return `Rule ${rule}.${reason === "" ? "" : ` ${reason}.`}`;
}
