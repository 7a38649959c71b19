import { html } from "hono/html";
import { sentenceOf } from "../../../../artifact/finding.ts";
import type { Manifest, PortCapability } from "../../../../contract/manifest.ts";
import type { HookName } from "../../../../contract/plugin.ts";
import type { SwitchEnd } from "../../../add-on-install/package-installer.ts";
import { errorsIn, type PackageReview } from "../../../add-on-install/package-review.ts";
import type { SwitchStep } from "../../../add-on-install/version-switch.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOnRecord, PackageRef } from "../../../add-ons/add-on-record.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { csrfField, inLanguage, type Markup, saidMarkup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { sandboxNote, strong } from "./add-ons-page.ts";

/** What each port does, and whether it sends data out of the server. */
const PORTS = {
	mail: { leaves: true, text: "review.leaves.mail" },
	storage: { leaves: false, text: "review.stays.storage" },
	settings: { leaves: false, text: "review.stays.settings" },
	secrets: { leaves: false, text: "review.stays.secrets" },
	"users:read": { leaves: false, text: "review.stays.users-read" },
	"users:create": { leaves: false, text: "review.stays.users-create" },
	"users:confirm": { leaves: false, text: "review.stays.users-confirm" },
} as const satisfies Record<PortCapability, { leaves: boolean; text: TextKey }>;

/** The helpdesk opens the session, and the plugin says whose. */
const LOGIN_HOOKS: ReadonlySet<HookName> = new Set([
	"startLogin",
	"handleCallback",
	"continueLogin",
]);

const STEPS = {
	review: "add-on-failure.step.review",
	load: "add-on-failure.step.load",
	settings: "add-on-failure.step.settings",
	upgrade: "add-on-failure.step.upgrade",
	activate: "add-on-failure.step.activate",
	switch: "add-on-failure.step.switch",
} as const satisfies Record<SwitchStep, TextKey>;

/** Which version failed, at which step and why, and which version is still in use. */
export function failureNotice(end: Extract<SwitchEnd, { kind: "failed" }>, reader: Locale): Markup {
	const { name, version, step, reason, serving } = end;
	const { text } = reader;
	const title =
		name === ""
			? text("add-on-failure.zip-not-installed")
			: text("add-on-failure.not-installed", { addOn: `${name} ${version}`.trim() });
	const rest =
		serving === undefined
			? text("add-on-failure.nothing-changed")
			: text("add-on-failure.still-in-use", { addOn: name, version: serving });
	const why = typeof reason === "function" ? reason(reader) : saidMarkup(reason, reader);
	return html`<div class="notice bad" role="alert"><p><strong>${title}</strong> ${text(STEPS[step])}</p><p class="problem">${why}</p><p>${rest}</p></div>`;
}

export interface ReviewPage {
	readonly review: PackageReview;
	/** The add-on of the same plugin, where it can be used. */
	readonly installed: AddOn | undefined;
	/** The record of the same plugin, whether or not it can be used. */
	readonly record: AddOnRecord | undefined;
	/** The key that signed the installed version. */
	readonly installedSigner: string | undefined;
	/** Whether only packages that certain publishers signed are installed. */
	readonly trustsKeys: boolean;
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
	readonly message: Markup | undefined;
}

export function reviewPage(page: ReviewPage): Markup {
	const { review, locale, message = html`` } = page;
	const { text } = locale;
	const isRefused = errorsIn(review).length > 0;
	const lead = isRefused
		? text("review.lead-refused")
		: isHere(page)
			? text("review.lead-installed")
			: text("review.lead");
	const back = html`<p><a href="${ADMIN_PATHS.addOns}">${text("review.back")}</a></p>`;
	return html`${pageHead(titleOf(page, isRefused), lead)}${message}${findings(page)}${about(page)}
${isRefused ? back : html`${sandboxNote(locale)}${isHere(page) ? back : installForm(page)}`}`;
}

function titleOf({ review, locale: { text } }: ReviewPage, isRefused: boolean): string {
	const { name, version } = review.plugin?.manifest ?? {};
	const addOn = name === undefined ? undefined : `${name} ${version}`;
	if (addOn === undefined) {
		return text("review.zip-refused");
	}
	return isRefused ? text("review.refused", { addOn }) : addOn;
}

/** The installed version that would be replaced. */
function replacedBy({ installed }: ReviewPage): AddOn | undefined {
	return installed?.record.status === "uninstalled" ? undefined : installed;
}

function isHere(page: ReviewPage): boolean {
	return replacedBy(page)?.record.current?.sha256 === page.review.sha256;
}

function installForm(page: ReviewPage): Markup {
	const { review, locale, csrf } = page;
	const { text } = locale;
	const { version = "" } = review.plugin?.manifest ?? {};
	const replaced = replacedBy(page)?.loaded.manifest;
	const button =
		replaced === undefined ? text("review.install") : text("review.upgrade", { version });
	const help =
		replaced === undefined
			? text("review.install.help")
			: text("review.upgrade.help", { version: replaced.version });
	return html`<form method="post" action="${ADMIN_PATHS.installAddOn}">${csrfField(csrf)}<input type="hidden" name="sha256" value="${review.sha256}">
<div class="actions answer"><button type="submit">${button}</button><a href="${ADMIN_PATHS.addOns}">${text("review.cancel")}</a></div>
<p class="help">${help}</p></form>`;
}

/**
 * A missing signature that is no error stands with the other facts about the package. Findings are English: developers of
 * plugins read them as well, at the command line.
 */
function findings({ review, locale: { text } }: ReviewPage): Markup {
	const found = review.findings.filter(
		({ code, severity }) => severity === "error" || code !== "unsigned",
	);
	if (found.length === 0) {
		return html``;
	}
	const items = found.map(
		(each) =>
			html`<li class="check ${each.severity === "error" ? "failed" : "likely"}"><strong>${each.severity === "error" ? text("review.finding.error") : text("review.finding.warning")}</strong> <span${inLanguage("en")}><code>${each.code}</code> ${each.file === undefined ? capitalized(sentenceOf(each)) : sentenceOf(each)}. ${capitalized(each.fix)}.</span></li>`,
	);
	return html`<h2>${text("review.findings")}</h2><div class="card"><ul class="plain checks">${items}</ul></div>`;
}

function capitalized(sentence: string): string {
	return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function about(page: ReviewPage): Markup {
	const { review, installed, locale } = page;
	const { plugin } = review;
	if (plugin === undefined) {
		return html``;
	}
	const { manifest } = plugin;
	const { text, markup } = locale;
	const ofPlugin = textsOf({ loaded: plugin }, locale.tag);
	const { leaves, stays } = sentencesOf(manifest, text);
	const list = (sentences: readonly string[], none: string): Markup =>
		sentences.length === 0
			? html`<p>${none}</p>`
			: html`<ul class="plain">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
	const privacy = html`${linked(ofPlugin(manifest.texts.privacy))}`;
	return html`<div class="card"><p>${ofPlugin(manifest.texts.description)}</p><dl><dt>${text("review.publisher")}</dt><dd>${manifest.author.name}</dd>
<dt>${text("review.signature")}</dt><dd>${signature(page)}</dd><dt>${text("review.licence")}</dt><dd>${manifest.license}</dd><dt>${text("review.sha256")}</dt><dd><code class="wrap">${review.sha256}</code></dd></dl></div>
${installed === undefined ? "" : changes(installed, manifest, locale)}
<h2>${text("review.leaves")}</h2><div class="card">${list(leaves, text("review.leaves.none"))}<p class="help">${markup("review.leaves.publisher-says", { text: privacy })}</p></div>
<h2>${text("review.stays")}</h2><div class="card">${list(stays, text("review.stays.none"))}<p class="help">${text("review.stays.every-add-on")}</p></div>`;
}

function signature(page: ReviewPage): Markup {
	const { review, record, installedSigner, locale } = page;
	const { signer } = review;
	const who =
		signer === undefined
			? locale.text("review.signature.none")
			: locale.markup(keyWords(page), { key: html`<code class="wrap">${signer}</code>` });
	const warning = record && otherPublisher(review, record.current, installedSigner, locale);
	return warning === undefined
		? html`${who}`
		: html`${who} <strong class="problem">${warning}</strong>`;
}

function keyWords({ review, trustsKeys }: ReviewPage): TextKey {
	if (review.isTrusted) {
		return "review.signature.trusted";
	}
	return trustsKeys ? "review.signature.untrusted" : "review.signature.unknown";
}

/** A warning that the package may be from another publisher than the installed version. */
function otherPublisher(
	{ sha256, signer, isTrusted }: PackageReview,
	current: PackageRef | undefined,
	installedSigner: string | undefined,
	{ text }: Locale,
): string | undefined {
	// A version without a stored package came with the helpdesk as well.
	if (current?.bundled !== false) {
		return isTrusted || current?.sha256 === sha256
			? undefined
			: text("review.signature.other-than-bundled");
	}
	return installedSigner !== undefined && installedSigner !== signer
		? text("review.signature.other-key", { key: installedSigner })
		: undefined;
}

/** The permissions that an upgrade gains and loses. */
function changes({ loaded }: AddOn, after: Manifest, locale: Locale): Markup {
	const { text, markup } = locale;
	const before = sentencesOf(loaded.manifest, text);
	const now = sentencesOf(after, text);
	const olds = [...before.leaves, ...before.stays];
	const news = [...now.leaves, ...now.stays];
	const added = news.filter((sentence) => !olds.includes(sentence));
	const gone = olds.filter((sentence) => !news.includes(sentence));
	const { version } = loaded.manifest;
	const item = (key: TextKey, permission: string): Markup =>
		html`<li>${markup(key, { permission }, { strong })}</li>`;
	const items = [
		...added.map((sentence) => item("review.changes.new", sentence)),
		...gone.map((sentence) => item("review.changes.removed", sentence)),
	];
	return html`<h2>${text("review.changes", { version })}</h2><div class="card">${
		items.length === 0
			? html`<p>${text("review.changes.none", { version })}</p>`
			: html`<ul class="plain">${items}</ul>`
	}${secretsNote(loaded.manifest, after, locale)}</div>`;
}

/** Says that secrets which were entered for some hosts can go to others. */
function secretsNote(before: Manifest, after: Manifest, { text, list }: Locale): Markup {
	const { network, ports } = after.capabilities;
	const hosts = network.filter((host) => !before.capabilities.network.includes(host));
	const values = { addOn: before.name, version: after.version, hosts: list(hosts) };
	return hosts.length === 0 || !ports.includes("secrets")
		? html``
		: html`<p class="problem">${text("review.changes.secrets", values)}</p>`;
}

function sentencesOf(
	{ capabilities, hooks }: Manifest,
	text: Locale["text"],
): {
	readonly leaves: readonly string[];
	readonly stays: readonly string[];
} {
	const { network, navigation, ports } = capabilities;
	const logsIn = hooks.some(({ hook }) => LOGIN_HOOKS.has(hook));
	const portsThat = (leaves: boolean): string[] =>
		ports.flatMap((port) => (PORTS[port].leaves === leaves ? text(PORTS[port].text) : []));
	return {
		leaves: [
			...network.map((host) => text("review.leaves.calls", { host })),
			...navigation.map((origin) => text("review.leaves.redirects", { origin })),
			...portsThat(true),
		],
		stays: [...(logsIn ? [text("review.stays.log-in")] : []), ...portsThat(false)],
	};
}
