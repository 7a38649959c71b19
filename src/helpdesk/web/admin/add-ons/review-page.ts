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
import type { Locale } from "../../../locale/locale.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { sandboxNote } from "./add-ons-page.ts";

/** What each port does, and whether it sends data out of the server. */
const PORTS = {
	mail: { leaves: true, sentence: "E-mails to people, in the name of your brands." },
	storage: { leaves: false, sentence: "Store its own data in the helpdesk." },
	settings: { leaves: false, sentence: "Read its settings." },
	secrets: { leaves: false, sentence: "Read the secrets among its settings, such as keys." },
	"users:read": { leaves: false, sentence: "Look up your users by id or e-mail address." },
	"users:create": { leaves: false, sentence: "Create accounts for visitors." },
	"users:confirm": {
		leaves: false,
		sentence: "Mark users' e-mail addresses as confirmed.",
	},
} as const satisfies Record<PortCapability, { leaves: boolean; sentence: string }>;

/** The helpdesk opens the session, and the plugin says whose. */
const LOGS_IN =
	"Log people in as any user of your brands. The helpdesk believes what the add-on says about who they are.";
const LOGIN_HOOKS: ReadonlySet<HookName> = new Set([
	"startLogin",
	"handleCallback",
	"continueLogin",
]);

const STEPS = {
	review: "before any of its code ran",
	load: "when its code was loaded",
	settings: "when it was checked against the stored settings",
	upgrade: "when it migrated its data (onUpgrade)",
	activate: "when it was activated (onActivate)",
	switch: "when it replaced the previous version",
} as const satisfies Record<SwitchStep, string>;

/** Which version failed, at which step and why, and which version is still in use. */
export function failureNotice(end: Extract<SwitchEnd, { kind: "failed" }>): Markup {
	const { name, version, step, reason, serving } = end;
	const rest =
		serving === undefined
			? "Nothing has changed."
			: `${name} ${serving} is still in use. Its settings and data are unchanged.`;
	return html`<div class="notice bad" role="alert"><p><strong>${name} ${version} is not installed.</strong> It failed ${STEPS[step]}:</p><p class="problem">${reason}</p><p>${rest}</p></div>`;
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
	const { review, installed, csrf, message = html`` } = page;
	const { plugin } = review;
	const refused = errorsIn(review).length > 0;
	const { name = "The zip", version = "" } = plugin?.manifest ?? {};
	const full = `${name} ${version}`.trim();
	const title = refused ? `${full} is refused` : full;
	const isUpgrade = installed !== undefined && installed.record.status !== "uninstalled";
	const isHere = isUpgrade && installed.record.current?.sha256 === review.sha256;
	const lead = refused
		? "None of its code was run, and the zip was not kept."
		: isHere
			? "This zip is already installed."
			: "Read what it may do before you install it. None of its code has run yet.";
	const install = isHere
		? html`<p><a href="${ADMIN_PATHS.addOns}">Back to Add-ons</a></p>`
		: html`<form method="post" action="${ADMIN_PATHS.installAddOn}">${csrfField(csrf)}<input type="hidden" name="sha256" value="${review.sha256}">
<div class="actions answer"><button type="submit">${isUpgrade ? `Upgrade to ${version}` : "Install"}</button><a href="${ADMIN_PATHS.addOns}">Cancel</a></div>
<p class="help">${
				isUpgrade
					? `${installed.loaded.manifest.version} stays in use until the upgrade succeeds, and if it fails. You can roll back later.`
					: "It is off until you activate it."
			}</p></form>`;
	return html`${pageHead(title, lead)}${message}${findings(review)}${plugin === undefined ? "" : about(page)}
${refused ? html`<p><a href="${ADMIN_PATHS.addOns}">Back to Add-ons</a></p>` : html`${sandboxNote()}${install}`}`;
}

/** A missing signature that is no error stands with the other facts about the package. */
function findings({ findings: all }: PackageReview): Markup {
	const found = all.filter(({ code, severity }) => severity === "error" || code !== "unsigned");
	if (found.length === 0) {
		return html``;
	}
	const items = found.map(
		(each) =>
			html`<li class="check ${each.severity === "error" ? "failed" : "likely"}"><strong>${each.severity === "error" ? "Refused" : "Warning"}</strong> <span><code>${each.code}</code> ${each.file === undefined ? capitalized(sentenceOf(each)) : sentenceOf(each)}. ${capitalized(each.fix)}.</span></li>`,
	);
	return html`<h2>Findings</h2><div class="card"><ul class="plain checks">${items}</ul></div>`;
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
	const text = textsOf({ loaded: plugin }, page.locale.tag);
	const { leaves, stays } = sentencesOf(manifest);
	const list = (sentences: readonly string[], none: string): Markup =>
		sentences.length === 0
			? html`<p>${none}</p>`
			: html`<ul class="plain">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
	const privacy = text(manifest.texts.privacy);
	return html`<div class="card"><p>${text(manifest.texts.description)}</p><dl><dt>Publisher</dt><dd>${manifest.author.name}</dd>
<dt>Signature</dt><dd>${signature(page)}</dd><dt>Licence</dt><dd>${manifest.license}</dd><dt>SHA-256</dt><dd><code class="wrap">${review.sha256}</code></dd></dl></div>
${installed === undefined ? "" : changes(installed, manifest)}
<h2>What leaves your server</h2><div class="card">${list(leaves, "Nothing, according to its permissions.")}<p class="help">Its publisher says: “${linked(privacy)}”</p></div>
<h2>What it may do here</h2><div class="card">${list(stays, "Nothing that needs a permission.")}<p class="help">Every add-on can see your brands and write to the helpdesk's log.</p></div>`;
}

function signature({ review, record, installedSigner, trustsKeys }: ReviewPage): Markup {
	const { signer, isTrusted } = review;
	const who =
		signer === undefined
			? html`None. To check that the zip is the publisher's, compare its SHA-256 with the one that the publisher names.`
			: html`By the key <code class="wrap">${signer}</code>${isTrusted ? ", which you trust." : trustsKeys ? ", which you do not trust." : ". This helpdesk trusts no keys yet. Compare the key with the one that the publisher names."}`;
	const warning = record && otherPublisher(review, record.current, installedSigner);
	return warning === undefined ? who : html`${who} <strong class="problem">${warning}</strong>`;
}

/** A warning that the package may be from another publisher than the installed version. */
function otherPublisher(
	{ sha256, signer, isTrusted }: PackageReview,
	current: PackageRef | undefined,
	installedSigner: string | undefined,
): string | undefined {
	// A version without a stored package came with the helpdesk as well.
	if (current?.bundled !== false) {
		return isTrusted || current?.sha256 === sha256
			? undefined
			: "The installed version came with this helpdesk, and there is no proof that this one is from the same publisher.";
	}
	return installedSigner !== undefined && installedSigner !== signer
		? `The installed version was signed with another key, ${installedSigner}.`
		: undefined;
}

/** The permissions that an upgrade gains and loses. */
function changes({ loaded }: AddOn, after: Manifest): Markup {
	const before = sentencesOf(loaded.manifest);
	const now = sentencesOf(after);
	const olds = [...before.leaves, ...before.stays];
	const news = [...now.leaves, ...now.stays];
	const added = news.filter((sentence) => !olds.includes(sentence));
	const gone = olds.filter((sentence) => !news.includes(sentence));
	const { version } = loaded.manifest;
	const items = [
		...added.map((sentence) => html`<li><strong>New:</strong> ${sentence}</li>`),
		...gone.map((sentence) => html`<li><strong>Removed:</strong> ${sentence}</li>`),
	];
	return html`<h2>What changes from ${version}</h2><div class="card">${
		items.length === 0
			? html`<p>Its permissions are the same as those of ${version}.</p>`
			: html`<ul class="plain">${items}</ul>`
	}${secretsNote(loaded.manifest, after)}</div>`;
}

/** Says that secrets which were entered for some hosts can go to others. */
function secretsNote(before: Manifest, after: Manifest): Markup {
	const { network, ports } = after.capabilities;
	const hosts = network.filter((host) => !before.capabilities.network.includes(host));
	return hosts.length === 0 || !ports.includes("secrets")
		? html``
		: html`<p class="problem">Secrets that are stored for ${before.name} stay. ${after.version} can read them and send them to ${hosts.join(", ")}. Remove them first if that is not meant.</p>`;
}

function sentencesOf({ capabilities, hooks }: Manifest): {
	readonly leaves: readonly string[];
	readonly stays: readonly string[];
} {
	const { network, navigation, ports } = capabilities;
	const logsIn = hooks.some(({ hook }) => LOGIN_HOOKS.has(hook));
	const portsThat = (leaves: boolean): string[] =>
		ports.flatMap((port) => (PORTS[port].leaves === leaves ? PORTS[port].sentence : []));
	return {
		leaves: [
			...network.map((host) => `Calls from your server to ${host}.`),
			...navigation.map((origin) => `Redirects of visitors' browsers to ${origin}.`),
			...portsThat(true),
		],
		stays: [...(logsIn ? [LOGS_IN] : []), ...portsThat(false)],
	};
}
