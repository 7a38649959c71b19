import { html } from "hono/html";
import { sentenceOf } from "../../../../artifact/finding.ts";
import type { Capabilities, PortCapability } from "../../../../contract/manifest.ts";
import type { SwitchEnd } from "../../../add-on-install/package-installer.ts";
import { errorsIn, type PackageReview } from "../../../add-on-install/package-review.ts";
import type { SwitchStep } from "../../../add-on-install/version-switch.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOnRecord, PackageRef } from "../../../add-ons/add-on-record.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { ADMIN_PATHS, linked } from "../admin-pages.ts";
import { sandboxNote } from "./add-ons-page.ts";

const { addOns: ADD_ONS } = ADMIN_PATHS;

/** What leaves the server, and what stays. */
const PORTS = {
	mail: { leaves: true, sentence: "Letters to people, in the name of your brands." },
	storage: { leaves: false, sentence: "Store data of its own in the helpdesk." },
	settings: { leaves: false, sentence: "Read what you set for it." },
	secrets: { leaves: false, sentence: "Read the secrets among its settings, such as keys." },
	"users:read": { leaves: false, sentence: "Look up your users by id or e-mail address." },
	"users:create": { leaves: false, sentence: "Make accounts for visitors." },
	"users:confirm": {
		leaves: false,
		sentence: "Mark users' e-mail addresses as confirmed.",
	},
} as const satisfies Record<PortCapability, { leaves: boolean; sentence: string }>;

const STEPS = {
	review: "before anything of it was run",
	load: "when its code was loaded",
	settings: "when it was checked against the stored settings",
	upgrade: "when it changed what is stored (onUpgrade)",
	activate: "when it was activated (onActivate)",
	switch: "when it was switched to",
} as const satisfies Record<SwitchStep, string>;

/** Which version failed where and why, and that the one before goes on. */
export function failureNotice(end: Extract<SwitchEnd, { kind: "failed" }>): Markup {
	const { name, version, step, reason, serving } = end;
	const rest =
		serving === undefined
			? "Nothing has changed."
			: `${name} ${serving} goes on as before; its settings and all that it stored are unchanged.`;
	return html`<div class="notice bad" role="alert"><p><strong>${name} ${version} is not installed.</strong> It failed ${STEPS[step]}:</p><p class="problem">${reason}</p><p>${rest}</p></div>`;
}

export interface ReviewPage {
	readonly review: PackageReview;
	/** Of the same plugin, where it can be used. */
	readonly installed: AddOn | undefined;
	/** Of the same plugin, whether or not it can be used. */
	readonly record: AddOnRecord | undefined;
	/** The key that signed the version that is here. */
	readonly installedSigner: string | undefined;
	/** Whether only what certain publishers signed is installed. */
	readonly trustsKeys: boolean;
	readonly csrf: string;
	readonly message: Markup | undefined;
}

export function reviewPage(page: ReviewPage): Markup {
	const { review, installed, csrf, message = html`` } = page;
	const { plugin } = review;
	const refused = errorsIn(review).length > 0;
	const { name = "The zip", version = "" } = plugin?.manifest ?? {};
	const full = `${name} ${version}`.trim();
	const title = refused ? `${full} is refused` : full;
	const isUpgrade = installed !== undefined && installed.record.status !== "uninstalled";
	const isHere = isUpgrade && installed.record.current?.sha256 === review.sha256;
	const install = isHere
		? html`<p>This very zip is here already. <a href="${ADD_ONS}">Back to Add-ons</a></p>`
		: html`<form method="post" action="${ADD_ONS}/install">${csrfField(csrf)}<input type="hidden" name="sha256" value="${review.sha256}">
<div class="actions answer"><button type="submit">${isUpgrade ? `Upgrade to ${version}` : "Install"}</button><a href="${ADD_ONS}">Cancel</a></div>
<p class="help">${
				isUpgrade
					? `${installed.loaded.manifest.version} serves until all is well, and goes on if anything fails. You can go back to it later.`
					: "It is off until you activate it."
			}</p></form>`;
	return html`<p class="breadcrumb">Settings › General › <a href="${ADD_ONS}">Add-ons</a></p><h1>${title}</h1>${message}
${refused ? html`<p>Nothing of it was run or kept.</p>` : ""}${findings(review)}${plugin === undefined ? "" : about(page)}
${refused ? html`<p><a href="${ADD_ONS}">Back to Add-ons</a></p>` : html`${sandboxNote()}${install}`}`;
}

function findings({ findings: found }: PackageReview): Markup {
	if (found.length === 0) {
		return html``;
	}
	const items = found.map(
		(each) =>
			html`<li class="check ${each.severity === "error" ? "failed" : "likely"}"><strong>${each.severity === "error" ? "Refused" : "Mind"}</strong> <span><code>${each.code}</code> ${sentenceOf(each)}. ${capitalized(each.fix)}.</span></li>`,
	);
	return html`<h2>What was found</h2><div class="card"><ul class="plain checks">${items}</ul></div>`;
}

function capitalized(sentence: string): string {
	return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function about(page: ReviewPage): Markup {
	const { review, installed } = page;
	const { plugin } = review;
	if (plugin === undefined) {
		return html``;
	}
	const { manifest } = plugin;
	const text = textsOf({ loaded: plugin });
	const { leaves, stays } = sentencesOf(manifest.capabilities);
	const list = (sentences: readonly string[], none: string): Markup =>
		sentences.length === 0
			? html`<p>${none}</p>`
			: html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
	const privacy = text(manifest.texts.privacy);
	return html`<div class="card"><p>${text(manifest.texts.description)}</p><dl><dt>Publisher</dt><dd>${manifest.author.name}</dd>
<dt>Signature</dt><dd>${signature(page)}</dd><dt>Licence</dt><dd>${manifest.license}</dd><dt>SHA-256</dt><dd><code class="wrap">${review.sha256}</code></dd></dl></div>
${installed === undefined ? "" : changes(installed, manifest.capabilities)}
<h2>What leaves your server</h2><div class="card">${list(leaves, "Nothing, by what it declares.")}<p class="help">Its publisher says: “${linked(privacy)}”</p></div>
<h2>What it may do here</h2><div class="card">${list(stays, "Nothing but take part in log-ins.")}<p class="help">Every add-on knows your brands, and writes to the helpdesk's log.</p></div>`;
}

function signature({ review, record, installedSigner, trustsKeys }: ReviewPage): Markup {
	const { signer, isTrusted } = review;
	const who =
		signer === undefined
			? html`None: nobody can tell who made it.`
			: html`By the key <code class="wrap">${signer}</code>${isTrusted ? ", which you trust." : trustsKeys ? ", which you do not trust." : ". This helpdesk was told of no key to trust; compare it with what the publisher says."}`;
	const warning = record && otherPublisher(review, record.current, installedSigner);
	return warning === undefined ? who : html`${who} <strong class="problem">${warning}</strong>`;
}

/** That it may be from somebody else than the version that is here. */
function otherPublisher(
	{ sha256, signer, isTrusted }: PackageReview,
	current: PackageRef | undefined,
	installedSigner: string | undefined,
): string | undefined {
	// What is not stored came with the helpdesk as well.
	if (current?.bundled !== false) {
		return isTrusted || current?.sha256 === sha256
			? undefined
			: "The version that is here came with this helpdesk, and nothing shows that this one is from the same publisher.";
	}
	return installedSigner !== undefined && installedSigner !== signer
		? `The version that is here was signed with another key, ${installedSigner}.`
		: undefined;
}

/** What an upgrade may do that the version before may not, and the other way round. */
function changes({ loaded }: AddOn, after: Capabilities): Markup {
	const before = sentencesOf(loaded.manifest.capabilities);
	const now = sentencesOf(after);
	const olds = [...before.leaves, ...before.stays];
	const news = [...now.leaves, ...now.stays];
	const added = news.filter((sentence) => !olds.includes(sentence));
	const gone = olds.filter((sentence) => !news.includes(sentence));
	const { version } = loaded.manifest;
	const items = [
		...added.map((sentence) => html`<li><strong>New:</strong> ${sentence}</li>`),
		...gone.map((sentence) => html`<li><strong>No more:</strong> ${sentence}</li>`),
	];
	return html`<h2>What changes from ${version}</h2><div class="card">${
		items.length === 0
			? html`<p>It may do what ${version} may, no more and no less.</p>`
			: html`<ul>${items}</ul>`
	}</div>`;
}

function sentencesOf({ network, navigation, ports }: Capabilities): {
	readonly leaves: readonly string[];
	readonly stays: readonly string[];
} {
	const portsThat = (leaves: boolean): string[] =>
		ports.flatMap((port) => (PORTS[port].leaves === leaves ? PORTS[port].sentence : []));
	return {
		leaves: [
			...network.map((host) => `Calls from your server to ${host}.`),
			...navigation.map((origin) => `Visitors' browsers, which it may send to ${origin}.`),
			...portsThat(true),
		],
		stays: portsThat(false),
	};
}
