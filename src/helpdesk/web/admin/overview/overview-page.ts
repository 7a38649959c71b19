import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { hasFailed } from "../../../add-ons/set-up-results.ts";
import type { LogInFigures } from "../../../alerts/log-in-figures.ts";
import type { Markup } from "../../layout.ts";
import { counted } from "../counted.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand, integrationPaths, socialLoginPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import type { BrandSwitch } from "../social-login/brand-switches.ts";
import type { BrandFacts } from "./brand-facts.ts";
import { type AddOnFacts, MOST_LETTERS, type OverviewFacts } from "./overview-facts.ts";
import { type StepName, setUpSteps } from "./set-up-steps.ts";

export interface OverviewPage {
	readonly facts: OverviewFacts;
	readonly brands: readonly Brand[];
	readonly hasMailServer: boolean;
	/** See `OverviewRouteParts`. */
	readonly storageName: string | undefined;
	/** Whether the operator may set up add-ons. */
	readonly setsUp: boolean;
	/** A sentence, for those who can change how the helpdesk is started. Undefined: none. */
	readonly warning: string | undefined;
}

/** The start page: what is left to do until visitors log in, and what needs an operator then. */
export function overviewPage(page: OverviewPage): Markup {
	const { facts, setsUp, warning } = page;
	const banner =
		warning === undefined
			? ""
			: html`<div class="banner">${warning.charAt(0).toUpperCase()}${warning.slice(1)}.</div>`;
	const inUse = facts.addOns.filter(({ setUp }) => setUp.isActive);
	return html`${pageHead("Overview", "What is left to set up, how log-ins go, and what needs you.")}${banner}
${setsUp ? facts.addOns.map((each) => checklist(each, page)) : ""}${inUse.map(brandStates)}${help()}${state(page)}`;
}

/** Empty once every step is done. */
function checklist({ addOn, setUp }: AddOnFacts, { brands }: OverviewPage): Markup {
	const steps = setUpSteps(setUp);
	if (steps.every(({ state }) => state === "done")) {
		return html``;
	}
	const { id, name } = addOn.loaded.manifest;
	const brand = brands.find((each) => each.id === setUp.brand.brandId);
	const settings = atBrand(integrationPaths(id).settings, setUp.brand.brandId);
	const words: Readonly<
		Record<StepName, readonly [label: string, path: string, help: Markup | string]>
	> = {
		activate: [
			`Activate ${name}`,
			ADMIN_PATHS.integrations,
			`It is off until you press “Activate” beside ${name}.`,
		],
		keys: [`Enter the keys of ${name}`, settings, "Its settings say where to find them."],
		test: ["Test the set-up", settings, "Press “Save and test” under the settings."],
		"switch-on": [
			`Switch ${name} on`,
			socialLoginPaths(id).manage,
			"The log-in and registration pages of a brand show the button once its toggle is on.",
		],
		try: tryStep(addOn, setUp.brand.brandId, `${brand?.baseUrl ?? ""}/login`),
	};
	const items = steps.map(({ name: step, state }) => {
		const [label, path, help] = words[step];
		return state === "next"
			? html`<li class="step next"><strong>Next</strong><span><a href="${path}">${label}</a><br><span class="soft">${help}</span></span></li>`
			: html`<li class="step ${state}"><strong>${state === "done" ? "Done" : "To do"}</strong><span>${label}</span></li>`;
	});
	return html`<h2>Set up ${name}</h2><div class="card"><ol class="checks steps">${items}</ol></div>`;
}

/** The step is done once somebody has come in, which a test log-in does not do. */
function tryStep(
	{ loaded }: AddOnFacts["addOn"],
	brandId: string,
	logIn: string,
): readonly [label: string, path: string, help: Markup | string] {
	const label = "Log in as a visitor";
	const { tryLogin } = integrationPaths(loaded.manifest.id);
	return loaded.canTry === true
		? [
				label,
				atBrand(tryLogin, brandId),
				html`Begin with a test log-in, which has no effect. Then log in on the <a href="${logIn}">log-in page</a> in a private window, so that you stay logged in here.`,
			]
		: [label, logIn, "Open the log-in page in a private window, so that you stay logged in here."];
}

function brandStates({ addOn, switches, logIns }: AddOnFacts): Markup {
	const { id, name } = addOn.loaded.manifest;
	const rows = switches.map((each) => brandRow(each, id, logIns.get(each.brand.id)));
	const partial =
		switches.length < addOn.brands.length
			? html`<p class="help">These are ${switches.length} of ${addOn.brands.length} brands, those at which log-ins fail first. <a href="${socialLoginPaths(id).manage}">See all brands</a></p>`
			: "";
	return html`<h2>${name}</h2><table><thead><tr><th scope="col">Brand</th><th scope="col">Status</th><th scope="col">Last test</th><th scope="col">Log-ins</th></tr></thead><tbody>${rows}</tbody></table><p class="help">Log-ins are counted every minute.</p>${partial}`;
}

function brandRow(
	{ brand, enabled, readable, test }: BrandSwitch,
	id: string,
	facts: BrandFacts | undefined,
): Markup {
	const settings = html`<a href="${atBrand(integrationPaths(id).settings, brand.id)}#test">See what to fix</a>`;
	const button = readable
		? enabled
			? html`Button on`
			: html`Button off`
		: html`<span class="problem">The settings cannot be read. The helpdesk's log says why.</span>`;
	const tested =
		test === undefined
			? html`Not tested`
			: hasFailed(test)
				? html`<span class="problem">Test failed</span> ${moment(test.at, brand)} ${settings}`
				: html`Test passed ${moment(test.at, brand)}`;
	return html`<tr><td><strong>${brand.name}</strong></td><td>${button}</td><td>${tested}</td><td>${facts === undefined ? "" : logInsOf(facts, brand, id)}</td></tr>`;
}

/** How log-ins went, and what to do where they fail. */
function logInsOf({ day, week, failing, refusals }: BrandFacts, brand: Brand, id: string): Markup {
	const path = atBrand(integrationPaths(id).settings, brand.id);
	const now =
		failing === undefined
			? ""
			: html`<p class="problem">Failing since ${moment(failing.since, brand)}: ${failing.words.title}.</p><p class="help">${failing.words.text} <a href="${path}">Settings of ${brand.name}</a></p>`;
	const why = refusals.map(
		({ count, words }) =>
			html`<details><summary>${count} × ${words.title}</summary><p class="help">${words.text}</p></details>`,
	);
	return html`${now}Last 24 hours: ${figures(day)}.<br>Last 7 days: ${figures(week)}.${why}`;
}

function figures({ cameIn, refused, cancelled }: LogInFigures): string {
	const parts = [
		`${cameIn} logged in`,
		...(refused > 0 ? [`${refused} did not`] : []),
		...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
	];
	return cameIn + refused + cancelled === 0 ? "nobody tried" : parts.join(", ");
}

function help(): Markup {
	return html`<h2>Help somebody who cannot log in</h2><div class="card"><ul class="plain"><li><a href="${ADMIN_PATHS.users}">Find the user</a> by name, address or handle.</li><li><a href="${ADMIN_PATHS.signIns}">Look up a trace code</a> that a page showed them.</li></ul></div>`;
}

function state({ facts, hasMailServer, storageName }: OverviewPage): Markup {
	const { waitingLetters, openJobs, problems, broken } = facts;
	const count =
		waitingLetters === MOST_LETTERS
			? `At least ${MOST_LETTERS} e-mails wait`
			: `${counted(waitingLetters, "e-mail")} ${waitingLetters === 1 ? "waits" : "wait"}`;
	const { mailProblem } = facts;
	const isFailing = hasMailServer && mailProblem !== undefined;
	const waiting = isFailing
		? html`E-mails are not delivered (${mailProblem}). ${count} for the mail server. <a href="${ADMIN_PATHS.mailbox}">See them</a>`
		: hasMailServer
			? waitingLetters === 0
				? html`No e-mail waits.`
				: html`${count} for the mail server. <a href="${ADMIN_PATHS.mailbox}">See them</a>`
			: html`There is no mail server, so e-mails stay in the helpdesk. <a href="${ADMIN_PATHS.mailbox}">Read them</a>`;
	const failing = [
		...problems,
		...broken.map((id) => `The add-on ${id} cannot be used. The page Add-ons says why`),
	].map(
		(problem) =>
			html`<li class="check failed"><strong>Problem</strong><span>${problem}.</span></li>`,
	);
	const { helpdesks, updates } = facts;
	return html`<h2>Helpdesk</h2><div class="card"><ul class="checks">${failing}<li${isFailing ? html` class="check failed"` : ""}><strong>E-mail</strong><span>${waiting}</span></li>
<li><strong>Jobs</strong><span>${openJobs === 0 ? "None is under way." : html`${counted(openJobs, "job")} under way. <a href="${ADMIN_PATHS.jobs}">See how far</a>`}</span></li>
${connected(helpdesks)}<li><strong>Storage</strong><span>${storageName === undefined ? "Memory: a restart deletes everything." : `${storageName}. It answers.`}</span></li>${updates.map(update)}</ul></div>`;
}

function connected(facts: OverviewFacts["helpdesks"]): Markup {
	const { count, silent, failed, passed, isPartial } = facts;
	const link = html`<a href="${ADMIN_PATHS.connectedHelpdesks}">See them</a>`;
	if (count === 0 && !isPartial) {
		return html`<li><strong>Connected helpdesks</strong><span>None is connected.</span></li>`;
	}
	const sentences = [
		`${isPartial ? "At least " : ""}${counted(count, "helpdesk")} connected.`,
		...(silent.length === 0
			? []
			: [`${named(silent)} ${silent.length === 1 ? "does" : "do"} not answer when users log out.`]),
		...(failed.length === 0 ? [] : [`The last test failed: ${named(failed)}.`]),
		...(passed === 0 ? [] : [`${passed} passed the last test.`]),
	];
	const looks = silent.length + failed.length === 0 ? "" : html` class="check failed"`;
	return html`<li${looks}><strong>Connected helpdesks</strong><span>${sentences.join(" ")} ${link}</span></li>`;
}

/** How many helpdesks a sentence names. */
const MOST_NAMED = 5;

function named(names: readonly string[]): string {
	const more = names.length - MOST_NAMED;
	return `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function update({ addOn, version }: OverviewFacts["updates"][number]): Markup {
	return html`<li><strong>Update</strong><span>Version ${version} of ${addOn} is in the marketplace. <a href="${ADMIN_PATHS.addOns}">Install it</a></span></li>`;
}
