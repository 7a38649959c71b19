import { html } from "hono/html";
import { gt } from "semver";
import type { Manifest } from "../../../../contract/manifest.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import { type AddOnState, reasonIn } from "../../../add-ons/add-on-states.ts";
import type { BrokenAddOn } from "../../../add-ons/add-ons.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { pager, type RowsShown, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, addOnPaths, integrationPaths } from "../paths.ts";

export interface AddOnRow {
	readonly addOn: AddOn;
	readonly state: AddOnState;
	/** The key that signed it, in hexadecimal. */
	readonly signer: string | undefined;
	/** False where certain publishers are trusted and none of them signed it. */
	readonly isTrusted: boolean;
	/** Whether a version of it came with the helpdesk. */
	readonly isBundled: boolean;
}

export interface BrokenRow extends BrokenAddOn {
	/** Whether its data is being deleted. */
	readonly isEmptying: boolean;
	/** Whether a version of it came with the helpdesk. Then it cannot be deleted. */
	readonly isBundled: boolean;
}

/** A package that may be chosen. */
export interface OfferedPackage {
	readonly fileName: string;
	/** Undefined for a zip that holds no plugin. */
	readonly manifest: Manifest | undefined;
	/** The add-on of the same plugin. */
	readonly installed: AddOn | undefined;
}

const EITHER = new Intl.ListFormat("en", { type: "disjunction" });

const STATES = {
	active: "Active",
	disabled: "Disabled",
	failed: "Failed",
	"not-installed": "Not installed",
} as const satisfies Record<AddOnState["kind"], string>;

/** The warning on each page that decides about code. */
export function sandboxNote(): Markup {
	return html`<h2>What you trust</h2><div class="card"><p><strong>Add-ons do not run in a sandbox.</strong> An add-on's code runs in the helpdesk's own process. Its declared permissions limit what the helpdesk gives it. They do not limit malicious code, which can reach everything that the helpdesk can. Install an add-on only if you trust its publisher with all of that.</p></div>`;
}

/** The beginning of a key, to compare at a glance. The review shows the whole key. */
function shortKey(id: string): string {
	return `${id.slice(0, 16)}…`;
}

export function addOnsPage(page: {
	readonly installed: RowsShown<AddOnRow>;
	readonly broken: readonly BrokenRow[];
	/** How many more there are. */
	readonly moreBroken: number;
	readonly offers: RowsShown<OfferedPackage>;
	readonly csrf: string;
	readonly message: Markup;
}): Markup {
	const { installed, broken, moreBroken, offers, csrf, message } = page;
	const unusable = broken.map((each) => brokenAddOn(each, csrf));
	const rest =
		moreBroken === 0
			? ""
			: notice(`${moreBroken} more cannot be used. They appear here next.`, true);
	const lead =
		"Plugins that are installed, those that the marketplace offers, and an upload for your own.";
	const upload = html`<a class="button" href="#upload">Upload an add-on</a>`;
	return html`${pageHead("Add-ons", lead, upload)}${message}${unusable}${rest}
<h2>Installed</h2><table><thead><tr><th scope="col">Actions</th><th scope="col">Add-on</th><th scope="col">Status</th></tr></thead><tbody>${installed.rows.map((row) => installedRow(row, csrf))}</tbody></table>${pages(installed, "after", "Pages of installed add-ons")}
<p class="help">Activate and set up add-ons under <a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a>.</p>
<h2>Marketplace</h2>${offersTable(offers.rows, csrf)}${pages(offers, "offer", "Pages of the marketplace")}
<h2 id="upload">Upload</h2><div class="card"><form method="post" action="${ADMIN_PATHS.uploadAddOn}" enctype="multipart/form-data">${csrfField(csrf)}
<label for="zip">Zip of the add-on</label><input id="zip" name="zip" type="file" accept=".zip" required>
<label for="signature">Its signature, if there is one</label><input id="signature" name="signature" type="file" accept=".sig" aria-describedby="signature-help">
<p class="help" id="signature-help">The file beside the zip whose name ends in .zip.sig.</p>
<div class="actions"><button type="submit">Upload</button></div>
<p class="help">You see its permissions before any of its code runs.</p></form></div>${sandboxNote()}`;
}

function postForm(
	path: string,
	label: string,
	name: string,
	csrf: string,
	looks: "link" | "link danger" = "link",
): Markup {
	return html`<form method="post" action="${path}">${csrfField(csrf)}<button class="${looks}" type="submit" aria-label="${label}: ${name}">${label}</button></form>`;
}

/**
 * An add-on that cannot be used blocks the deletion of users, because it cannot say what it stores about them.
 * Therefore operators can delete it.
 */
function brokenAddOn(row: BrokenRow, csrf: string): Markup {
	const { id, record, reason, isEmptying, isBundled } = row;
	if (isEmptying) {
		const sentence = `${id} cannot be used on this node, and its data is being deleted. Jobs shows how far that is. If no job does it, delete it again.`;
		return html`${notice(sentence, true)}${discardForm(id, csrf)}`;
	}
	const previous = record?.status === "uninstalled" ? undefined : record?.previous;
	const why = reasonIn(reason) || "it gave no reason";
	const ways = [
		"choose another version of it below",
		...(previous === undefined ? [] : ["roll back to the previous one"]),
		...(isBundled ? [] : ["delete it on every node"]),
	];
	const sentence = `${id} ${record?.current?.version ?? ""} cannot be used on this node: ${why}. To go on, ${EITHER.format(ways)}. Until then no user can be deleted, because the helpdesk cannot tell what the add-on stores about them.`;
	const back =
		previous === undefined
			? ""
			: postForm(addOnPaths(id).rollBack, `Roll back to ${previous.version}`, id, csrf);
	return html`${notice(sentence, true)}${back}${isBundled ? "" : discardForm(id, csrf)}`;
}

function discardForm(id: string, csrf: string): Markup {
	return html`<form class="card" method="post" action="${addOnPaths(id).discard}">${csrfField(csrf)}<label class="toggle"><input type="checkbox" name="sure" required>Yes, delete ${id} and all its data for good</label><div class="actions"><button class="danger" type="submit">Delete ${id}</button></div></form>`;
}

function installedRow(
	{ addOn, state, signer, isTrusted, isBundled }: AddOnRow,
	csrf: string,
): Markup {
	const { manifest } = addOn.loaded;
	const { current, previous } = addOn.record;
	const post = (path: string, label: string): Markup => postForm(path, label, manifest.name, csrf);
	const ends = (path: string, label: string): Markup =>
		postForm(path, label, manifest.name, csrf, "link danger");
	const paths = addOnPaths(manifest.id);
	const { install, uninstall, deleteKept } = integrationPaths(manifest.id);
	const isGone = state.kind === "not-installed";
	const isLeft = isGone && (state.kept || state.emptying === true);
	const actions = isGone
		? [
				state.emptying ? "" : post(install, "Install"),
				isLeft ? ends(deleteKept, "Delete what was kept") : "",
				isLeft || isBundled ? "" : ends(paths.remove, "Remove the zip"),
			]
		: [
				previous === undefined ? "" : post(paths.rollBack, `Roll back to ${previous.version}`),
				ends(uninstall, "Uninstall"),
			];
	const origin =
		current === undefined || current.bundled
			? "Came with this helpdesk."
			: signer === undefined
				? "It came without a signature."
				: `Signed with the key ${shortKey(signer)}`;
	return html`<tr><td><div class="row-actions">${actions}</div></td>
<td><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">By ${manifest.author.name}. ${origin}</p>${isTrusted ? "" : html`<p class="problem">None of the publishers you trust signed it. It was installed before you named them, and still runs. Uninstall it, or install a version that they signed.</p>`}</td><td>${STATES[state.kind]}</td></tr>`;
}

/** @param name of the list in the query. */
function pages({ next, isFirst }: RowsShown<unknown>, name: string, label: string): Markup {
	const { addOns } = ADMIN_PATHS;
	return pager({
		label,
		first: isFirst ? undefined : addOns,
		next: next === undefined ? undefined : withQuery(addOns, { [name]: next }),
	});
}

function offersTable(offered: readonly OfferedPackage[], csrf: string): Markup {
	if (offered.length === 0) {
		return html`<p>No packages yet. This list shows the zips in the folder <code>marketplace</code> of the helpdesk's data, or in the folder that <code>--marketplace</code> names.</p>`;
	}
	const rows = offered.map(({ fileName, manifest, installed }) => {
		const name = manifest?.name ?? fileName;
		return html`<tr><td><form method="post" action="${ADMIN_PATHS.chooseAddOn}">${csrfField(csrf)}<input type="hidden" name="file" value="${fileName}"><button class="link" type="submit" aria-label="Review ${fileName}">Review</button></form></td>
<td><strong>${name}</strong> <span class="soft">${manifest?.version ?? ""}</span><p class="help">${fileName}</p></td><td>${standing(manifest, installed)}</td></tr>`;
	});
	return html`<table><thead><tr><th scope="col">Actions</th><th scope="col">Add-on</th><th scope="col">Status</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function standing(manifest: Manifest | undefined, installed: AddOn | undefined): string {
	if (manifest === undefined) {
		return "Not an add-on";
	}
	if (installed === undefined) {
		return "New";
	}
	if (installed.record.status === "uninstalled") {
		return STATES["not-installed"];
	}
	const here = installed.loaded.manifest.version;
	if (gt(manifest.version, here)) {
		return `Upgrade from ${here}`;
	}
	return manifest.version === here ? "Installed" : `Older than the installed ${here}`;
}
