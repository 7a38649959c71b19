import { html } from "hono/html";
import { gt } from "semver";
import type { Manifest } from "../../../../contract/manifest.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import { type AddOnState, reasonIn } from "../../../add-ons/add-on-states.ts";
import type { BrokenAddOn } from "../../../add-ons/add-ons.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { csrfField, type Markup, notice, saidMarkup } from "../../layout.ts";
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

const STATES = {
	active: "add-ons.state.active",
	disabled: "add-ons.state.disabled",
	failed: "add-ons.state.failed",
	"not-installed": "add-ons.state.not-installed",
} as const satisfies Record<AddOnState["kind"], TextKey>;

/** The warning on each page that decides about code. */
export function sandboxNote(locale: Locale): Markup {
	return html`<h2>${locale.text("add-ons.trust.title")}</h2><div class="card"><p>${locale.markup("add-ons.trust", {}, { strong })}</p></div>`;
}

/** What stands for the tag `strong` of a text. */
export function strong(content: Markup): Markup {
	return html`<strong>${content}</strong>`;
}

/** The beginning of a key, to compare at a glance. The review shows the whole key. */
function shortKey(id: string): string {
	return `${id.slice(0, 16)}…`;
}

/** What all parts of the page are made with. */
interface Reader {
	readonly locale: Locale;
	readonly csrf: string;
}

export interface AddOnsPage extends Reader {
	readonly installed: RowsShown<AddOnRow>;
	readonly broken: readonly BrokenRow[];
	/** How many more there are. */
	readonly moreBroken: number;
	readonly offers: RowsShown<OfferedPackage>;
	readonly message: Markup;
}

export function addOnsPage(page: AddOnsPage): Markup {
	const { installed, broken, moreBroken, offers, locale, message } = page;
	const { text } = locale;
	const unusable = broken.map((each) => brokenAddOn(each, page));
	const rest =
		moreBroken === 0 ? "" : notice(text("add-ons.broken.more", { count: moreBroken }), true);
	const upload = html`<a class="button" href="#upload">${text("add-ons.upload-an-add-on")}</a>`;
	const rows = installed.rows.map((row) => installedRow(row, page));
	const link = (content: Markup): Markup =>
		html`<a href="${ADMIN_PATHS.integrations}">${content}</a>`;
	return html`${pageHead(text("add-ons.title"), text("add-ons.lead"), upload)}${message}${unusable}${rest}
<h2>${text("add-ons.installed")}</h2>${table(rows, locale)}${pages(installed, "after", text("add-ons.installed-pages"), locale)}
<p class="help">${locale.markup("add-ons.set-up", {}, { link })}</p>
<h2>${text("add-ons.marketplace")}</h2>${offersTable(offers.rows, page)}${pages(offers, "offer", text("add-ons.marketplace-pages"), locale)}
${uploadForm(page)}${sandboxNote(locale)}`;
}

function uploadForm({ locale: { text }, csrf }: Reader): Markup {
	return html`<h2 id="upload">${text("add-ons.upload")}</h2><div class="card"><form method="post" action="${ADMIN_PATHS.uploadAddOn}" enctype="multipart/form-data">${csrfField(csrf)}
<label for="zip">${text("add-ons.upload.zip")}</label><input id="zip" name="zip" type="file" accept=".zip" required>
<label for="signature">${text("add-ons.upload.signature")}</label><input id="signature" name="signature" type="file" accept=".sig" aria-describedby="signature-help">
<p class="help" id="signature-help">${text("add-ons.upload.signature-help")}</p>
<div class="actions"><button type="submit">${text("add-ons.upload.button")}</button></div>
<p class="help">${text("add-ons.upload.help")}</p></form></div>`;
}

function table(rows: readonly Markup[], { text }: Locale): Markup {
	return html`<table><thead><tr><th scope="col">${text("add-ons.column.actions")}</th><th scope="col">${text("add-ons.column.add-on")}</th><th scope="col">${text("add-ons.column.status")}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** @param name of the add-on, for those who hear one button after the other. */
function postForm(
	path: string,
	{ label, name }: { readonly label: string; readonly name: string },
	{ locale, csrf }: Reader,
	looks: "link" | "link danger" = "link",
): Markup {
	const full = locale.text("add-ons.action-on", { action: label, addOn: name });
	return html`<form method="post" action="${path}">${csrfField(csrf)}<button class="${looks}" type="submit" aria-label="${full}">${label}</button></form>`;
}

/**
 * An add-on that cannot be used blocks the deletion of users, because it cannot say what it stores about them.
 * Therefore operators can delete it.
 */
function brokenAddOn(row: BrokenRow, reader: Reader): Markup {
	const { id, record, reason, isEmptying, isBundled } = row;
	const { text } = reader.locale;
	if (isEmptying) {
		const sentence = text("add-ons.broken.emptying", { addOn: id });
		return html`${notice(sentence, true)}${discardForm(id, reader)}`;
	}
	const previous = record?.status === "uninstalled" ? undefined : record?.previous;
	const said = reasonIn(reason);
	const why = reader.locale.markup("add-ons.broken.why", {
		addOn: `${id} ${record?.current?.version ?? ""}`.trim(),
		reason: said === "" ? text("add-ons.broken.no-reason") : saidMarkup(said, reader.locale),
	});
	const whatNow = text(waysOn(previous !== undefined, !isBundled));
	const back =
		previous === undefined
			? ""
			: postForm(
					addOnPaths(id).rollBack,
					{ label: text("add-ons.roll-back", { version: previous.version }), name: id },
					reader,
				);
	return html`${notice(html`${why} ${whatNow} ${text("add-ons.broken.until-then")}`, true)}${back}${isBundled ? "" : discardForm(id, reader)}`;
}

function waysOn(canRollBack: boolean, canDelete: boolean): TextKey {
	if (canRollBack) {
		return canDelete
			? "add-ons.broken.choose-roll-back-or-delete"
			: "add-ons.broken.choose-or-roll-back";
	}
	return canDelete ? "add-ons.broken.choose-or-delete" : "add-ons.broken.choose";
}

function discardForm(id: string, { locale: { text }, csrf }: Reader): Markup {
	return html`<form class="card" method="post" action="${addOnPaths(id).discard}">${csrfField(csrf)}<label class="toggle"><input type="checkbox" name="sure" required>${text("add-ons.broken.sure", { addOn: id })}</label><div class="actions"><button class="danger" type="submit">${text("add-ons.broken.delete", { addOn: id })}</button></div></form>`;
}

function installedRow(row: AddOnRow, reader: Reader): Markup {
	const { addOn, state, isTrusted } = row;
	const { text } = reader.locale;
	const { manifest } = addOn.loaded;
	const publisher = text("add-ons.by", { publisher: manifest.author.name });
	return html`<tr><td><div class="row-actions">${actionsOf(row, reader)}</div></td>
<td><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">${publisher} ${originOf(row, text)}</p>${isTrusted ? "" : html`<p class="problem">${text("add-ons.untrusted")}</p>`}</td><td>${text(STATES[state.kind])}</td></tr>`;
}

function actionsOf(
	{ addOn, state, isBundled }: AddOnRow,
	reader: Reader,
): readonly (Markup | "")[] {
	const { text } = reader.locale;
	const { id, name } = addOn.loaded.manifest;
	const post = (path: string, label: string): Markup => postForm(path, { label, name }, reader);
	const ends = (path: string, label: string): Markup =>
		postForm(path, { label, name }, reader, "link danger");
	const paths = addOnPaths(id);
	const { install, uninstall, deleteKept } = integrationPaths(id);
	if (state.kind === "not-installed") {
		const isLeft = state.kept || state.emptying === true;
		return [
			state.emptying ? "" : post(install, text("add-ons.install")),
			isLeft ? ends(deleteKept, text("add-ons.delete-kept")) : "",
			isLeft || isBundled ? "" : ends(paths.remove, text("add-ons.remove-zip")),
		];
	}
	const { previous } = addOn.record;
	return [
		previous === undefined
			? ""
			: post(paths.rollBack, text("add-ons.roll-back", { version: previous.version })),
		ends(uninstall, text("add-ons.uninstall")),
	];
}

function originOf({ addOn, signer }: AddOnRow, text: Locale["text"]): string {
	const { current } = addOn.record;
	if (current === undefined || current.bundled) {
		return text("add-ons.bundled");
	}
	return signer === undefined
		? text("add-ons.unsigned")
		: text("add-ons.signed", { key: shortKey(signer) });
}

/** @param name of the list in the query. */
function pages(
	{ next, isFirst }: RowsShown<unknown>,
	name: string,
	label: string,
	locale: Locale,
): Markup {
	const { addOns } = ADMIN_PATHS;
	return pager({
		...{ label, locale },
		first: isFirst ? undefined : addOns,
		next: next === undefined ? undefined : withQuery(addOns, { [name]: next }),
	});
}

function offersTable(offered: readonly OfferedPackage[], { locale, csrf }: Reader): Markup {
	const { text } = locale;
	if (offered.length === 0) {
		const names = {
			folder: html`<code>marketplace</code>`,
			flag: html`<code>--marketplace</code>`,
		};
		return html`<p>${locale.markup("add-ons.no-packages", names)}</p>`;
	}
	const review = text("add-ons.review");
	const rows = offered.map(({ fileName, manifest, installed }) => {
		const name = manifest?.name ?? fileName;
		return html`<tr><td><form method="post" action="${ADMIN_PATHS.chooseAddOn}">${csrfField(csrf)}<input type="hidden" name="file" value="${fileName}"><button class="link" type="submit" aria-label="${text("add-ons.review-file", { file: fileName })}">${review}</button></form></td>
<td><strong>${name}</strong> <span class="soft">${manifest?.version ?? ""}</span><p class="help">${fileName}</p></td><td>${standing(manifest, installed, text)}</td></tr>`;
	});
	return table(rows, locale);
}

function standing(
	manifest: Manifest | undefined,
	installed: AddOn | undefined,
	text: Locale["text"],
): string {
	if (manifest === undefined) {
		return text("add-ons.offer.no-add-on");
	}
	if (installed === undefined) {
		return text("add-ons.offer.new");
	}
	if (installed.record.status === "uninstalled") {
		return text(STATES["not-installed"]);
	}
	const { version } = installed.loaded.manifest;
	if (gt(manifest.version, version)) {
		return text("add-ons.offer.upgrade", { version });
	}
	return manifest.version === version
		? text("add-ons.offer.installed")
		: text("add-ons.offer.older", { version });
}
