import { html } from "hono/html";
import { gt } from "semver";
import type { Manifest } from "../../../../contract/manifest.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import { type AddOnState, reasonIn } from "../../../add-ons/add-on-states.ts";
import type { BrokenAddOn } from "../../../add-ons/add-ons.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { ADMIN_PATHS, notice } from "../admin-pages.ts";
import { UPLOAD_PATH } from "../uploads.ts";

export interface AddOnRow {
	readonly addOn: AddOn;
	readonly state: AddOnState;
	/** The key that signed it, in hexadecimal. */
	readonly signer: string | undefined;
	/** False where publishers are trusted by name, and none of them signed it. */
	readonly isTrusted: boolean;
	/** Whether the helpdesk brings a version of it. */
	readonly isBundled: boolean;
}

/** A zip that may be chosen. */
export interface OfferedPackage {
	readonly fileName: string;
	/** Undefined for what is no plugin. */
	readonly manifest: Manifest | undefined;
	/** Of the same plugin. */
	readonly installed: AddOn | undefined;
}

const { addOns: ADD_ONS, integrations: INTEGRATIONS } = ADMIN_PATHS;
const STATES = {
	active: "Active",
	disabled: "Disabled",
	failed: "Failed",
	"not-installed": "Not installed",
} as const satisfies Record<AddOnState["kind"], string>;

/** Said wherever somebody decides about code. */
export function sandboxNote(): Markup {
	return html`<h2>What you trust</h2><div class="card"><p><strong>An add-on is no sandbox.</strong> Its code runs in the helpdesk's own process. What it declares bounds what the helpdesk hands it, not what malicious code can reach: that is everything the helpdesk can. Install only what you would trust its publisher with.</p></div>`;
}

/** A key, short enough to be compared at a glance; the review has all of it. */
function shortKey(id: string): string {
	return `${id.slice(0, 16)}…`;
}

export function addOnsPage(page: {
	readonly rows: readonly AddOnRow[];
	readonly broken: readonly BrokenAddOn[];
	readonly offered: readonly OfferedPackage[];
	readonly csrf: string;
	readonly message: Markup;
}): Markup {
	const { rows, broken, offered, csrf, message } = page;
	const unusable = broken.map((each) => brokenAddOn(each, csrf));
	return html`<p class="breadcrumb">Settings › General</p><h1>Add-ons</h1>${message}${unusable}
<h2>Here</h2><table><thead><tr><th scope="col">Actions</th><th scope="col">Add-on</th><th scope="col">Status</th></tr></thead><tbody>${rows.map((row) => installedRow(row, csrf))}</tbody></table>
<p class="help">They are activated and set up under <a href="${INTEGRATIONS}">Third-Party Integrations</a>.</p>
<h2>Marketplace</h2>${offers(offered, csrf)}
<h2>Upload</h2><div class="card"><form method="post" action="${UPLOAD_PATH}" enctype="multipart/form-data">${csrfField(csrf)}
<label for="zip">Zip of the add-on</label><input id="zip" name="zip" type="file" accept=".zip" required>
<label for="signature">Its signature, if there is one</label><input id="signature" name="signature" type="file" accept=".sig" aria-describedby="signature-help">
<p class="help" id="signature-help">The file that ends in .zip.sig and lies beside the zip.</p>
<div class="actions"><button type="submit">Upload</button></div>
<p class="help">You see what it may do before anything of it is run.</p></form></div>${sandboxNote()}`;
}

function postForm(path: string, label: string, name: string, csrf: string): Markup {
	return html`<form method="post" action="${path}">${csrfField(csrf)}<button class="link" type="submit" aria-label="${label}: ${name}">${label}</button></form>`;
}

/** Users cannot be deleted while nobody can say what it keeps of them, so there is a way to be rid of it. */
function brokenAddOn({ id, record, reason }: BrokenAddOn, csrf: string): Markup {
	const previous = record?.status === "uninstalled" ? undefined : record?.previous;
	const why = reasonIn(reason) || "it gave no reason";
	const isWayBack = previous !== undefined;
	const back = isWayBack
		? postForm(`${ADD_ONS}/${id}/roll-back`, `Roll back to ${previous.version}`, id, csrf)
		: "";
	return html`${notice(`${id} ${record?.current?.version ?? ""} cannot be used on this node: ${why}. Choose another version of it below${isWayBack ? ", go back to the one before" : ""}, or delete it: for every node, even where it can be used. Until then no user can be deleted, because nobody can tell what it keeps of them.`, true)}${back}
<form class="card" method="post" action="${ADD_ONS}/${id}/discard">${csrfField(csrf)}<label class="toggle"><input type="checkbox" name="sure" required>Yes, delete ${id} and all that it stored, for good</label><div class="actions"><button class="secondary" type="submit">Delete ${id}</button></div></form>`;
}

function installedRow(
	{ addOn, state, signer, isTrusted, isBundled }: AddOnRow,
	csrf: string,
): Markup {
	const { manifest } = addOn.loaded;
	const { current, previous } = addOn.record;
	const post = (path: string, label: string): Markup => postForm(path, label, manifest.name, csrf);
	const isGone = state.kind === "not-installed";
	const isLeft = isGone && (state.kept || state.emptying === true);
	const actions = isGone
		? [
				post(`${INTEGRATIONS}/${manifest.id}/install`, "Install"),
				isLeft ? post(`${INTEGRATIONS}/${manifest.id}/delete-kept`, "Delete what was kept") : "",
				isLeft || isBundled ? "" : post(`${ADD_ONS}/${manifest.id}/remove`, "Remove the zip"),
			]
		: [
				previous === undefined
					? ""
					: post(`${ADD_ONS}/${manifest.id}/roll-back`, `Roll back to ${previous.version}`),
				post(`${INTEGRATIONS}/${manifest.id}/uninstall`, "Uninstall"),
			];
	const origin =
		current === undefined || current.bundled
			? "Came with this helpdesk."
			: signer === undefined
				? "Unsigned."
				: `Signed with the key ${shortKey(signer)}`;
	return html`<tr><td><div class="row-actions">${actions}</div></td>
<td><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">By ${manifest.author.name}. ${origin}</p>${isTrusted ? "" : html`<p class="problem">None of the publishers you trust signed it. It was installed before they were named, and goes on; uninstall it, or install what they signed.</p>`}</td><td>${STATES[state.kind]}</td></tr>`;
}

function offers(offered: readonly OfferedPackage[], csrf: string): Markup {
	if (offered.length === 0) {
		return html`<p>Nothing is offered. Zips that lie in the folder <code>marketplace</code> of the helpdesk's data, or in the one named by <code>--marketplace</code>, are shown here.</p>`;
	}
	const rows = offered.map(({ fileName, manifest, installed }) => {
		const name = manifest?.name ?? fileName;
		return html`<tr><td><form method="post" action="${ADD_ONS}/choose">${csrfField(csrf)}<input type="hidden" name="file" value="${fileName}"><button class="link" type="submit" aria-label="Review ${fileName}">Review</button></form></td>
<td><strong>${name}</strong> <span class="soft">${manifest?.version ?? ""}</span><p class="help">${fileName}</p></td><td>${standing(manifest, installed)}</td></tr>`;
	});
	return html`<table><thead><tr><th scope="col">Actions</th><th scope="col">Add-on</th><th scope="col">Standing</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function standing(manifest: Manifest | undefined, installed: AddOn | undefined): string {
	if (manifest === undefined) {
		return "No add-on";
	}
	if (installed === undefined) {
		return "New";
	}
	const here = installed.loaded.manifest.version;
	if (gt(manifest.version, here)) {
		return `Upgrade from ${here}`;
	}
	return manifest.version === here ? "This version is here" : `Older than ${here}, which is here`;
}
