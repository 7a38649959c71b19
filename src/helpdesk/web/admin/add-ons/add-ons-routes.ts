import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { signerOf } from "../../../../artifact/zip/signature.ts";
import type { Marketplace } from "../../../add-on-install/folder-marketplace.ts";
import type { PackageInstaller, SwitchEnd } from "../../../add-on-install/package-installer.ts";
import {
	errorsIn,
	manifestIn,
	type PackageReview,
} from "../../../add-on-install/package-review.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import type { Package, PackageStore } from "../../../add-ons/package-store.ts";
import type { Markup } from "../../layout.ts";
import { field, type VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, notice, type ShowPage } from "../admin-pages.ts";
import { UPLOAD_PATH } from "../uploads.ts";
import { type AddOnRow, addOnsPage, type OfferedPackage } from "./add-ons-page.ts";
import { failureNotice, reviewPage } from "./review-page.ts";

export interface AddOnParts {
	readonly addOns: AddOns;
	readonly packages: PackageStore;
	readonly installer: PackageInstaller;
	/** Where plugins are found besides uploads. */
	readonly marketplace: Marketplace;
	readonly review: (reviewed: Package) => PackageReview;
	/** Whether only what certain publishers signed is installed. */
	readonly trustsKeys: boolean;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPage;
}

type AdminContext = Context<VisitEnv>;

const SHA256 = /^[0-9a-f]{64}$/;

/** Plugins are chosen, looked at, installed, upgraded, gone back from and removed. Nothing of one runs before that. */
export function addOnRoutes(app: Hono<VisitEnv>, parts: AddOnParts): void {
	const { addOns, packages, installer, marketplace, review, trustsKeys, now, show } = parts;
	const path = ADMIN_PATHS.addOns;

	const showAddOns = async (c: AdminContext, message: Markup, status = 200) => {
		const { addOns: found, broken } = await addOns.list();
		const rows = await Promise.all(found.map(rowOf));
		const offered = await offeredBy(marketplace, found);
		const { csrf } = c.var.visit;
		return show(c, "Add-ons", addOnsPage({ rows, broken, offered, csrf, message }), status);
	};
	const showReview = async (
		c: AdminContext,
		shown: PackageReview,
		message: Markup | undefined,
		status = 200,
	) => {
		const { id = "", name = "It" } = shown.plugin?.manifest ?? {};
		const { addOns: found, broken } = await addOns.list();
		const installed = found.find(({ loaded }) => loaded.manifest.id === id);
		const { record } = installed ?? broken.find((each) => each.id === id) ?? {};
		const current = record?.current;
		const stored = current && (await packages.find(current.sha256));
		const signer = stored?.signature && signerOf(stored.zip, stored.signature);
		const page = reviewPage({
			review: shown,
			installed,
			record,
			installedSigner: signer,
			trustsKeys,
			csrf: c.var.visit.csrf,
			message,
		});
		return show(c, errorsIn(shown).length > 0 ? "Add-on refused" : `Review ${name}`, page, status);
	};
	/** What is refused is not even kept. */
	const consider = async (c: AdminContext, chosen: Package) => {
		const found = review(chosen);
		if (errorsIn(found).length > 0) {
			return showReview(c, found, undefined, 400);
		}
		const sha256 = await packages.keepForReview(chosen, now());
		return c.redirect(`${path}/review/${sha256}`, 303);
	};

	app.get(path, async (c) => {
		const [done, id = ""] = [c.req.query("done"), c.req.query("add-on")];
		const { name, version } = (await addOns.find(id))?.loaded.manifest ?? {};
		const sentence =
			done === "removed"
				? "The zip is removed."
				: done === "installed" && name !== undefined
					? `${name} ${version} is installed.`
					: undefined;
		return showAddOns(c, sentence === undefined ? html`` : notice(sentence));
	});
	app.post(UPLOAD_PATH, async (c) => {
		const { files } = c.var.visit;
		const zip = await bytesOf(files.get("zip"));
		if (zip === undefined) {
			return showAddOns(c, notice("Choose the zip of a plugin first.", true), 400);
		}
		return consider(c, { zip, signature: await bytesOf(files.get("signature")) });
	});
	app.post(`${path}/choose`, async (c) => {
		const name = field(c.var.visit.form, "file") ?? "";
		const chosen = await marketplace.read(name);
		return chosen === undefined
			? showAddOns(
					c,
					notice(`${name} is not there any more, or too large for a plugin.`, true),
					404,
				)
			: consider(c, chosen);
	});
	app.get(`${path}/review/:sha256`, async (c) => {
		const chosen = await reviewed(c.req.param("sha256"));
		return chosen === undefined
			? showAddOns(
					c,
					notice("That zip was chosen more than a day ago. Choose it again.", true),
					404,
				)
			: showReview(c, review(chosen), undefined);
	});
	app.post(`${path}/install`, async (c) => {
		const sha256 = field(c.var.visit.form, "sha256") ?? "";
		const chosen = await reviewed(sha256);
		if (chosen === undefined) {
			return showAddOns(
				c,
				notice("That zip was chosen more than a day ago. Choose it again.", true),
				404,
			);
		}
		const end = await installer.install(sha256);
		return end.kind === "done"
			? goOn(c, end)
			: showReview(c, review(chosen), failureNotice(end), 409);
	});
	app.post(`${path}/:pluginId/roll-back`, async (c) => {
		const id = c.req.param("pluginId");
		const { addOns: found, broken } = await addOns.list();
		const ids = [
			...found.map(({ loaded }) => loaded.manifest.id),
			...broken.map((each) => each.id),
		];
		if (!ids.includes(id)) {
			return c.notFound();
		}
		const end = await installer.rollBack(id);
		return end.kind === "done" ? goOn(c, end) : showAddOns(c, failureNotice(end), 409);
	});
	app.post(`${path}/:pluginId/discard`, async (c) => {
		const id = c.req.param("pluginId");
		if (!(await addOns.list()).broken.some((each) => each.id === id)) {
			return c.notFound();
		}
		const isSure = field(c.var.visit.form, "sure") === "on";
		return isSure && (await installer.discard(id))
			? c.redirect(`${path}?done=removed`, 303)
			: showAddOns(
					c,
					notice("Nothing has changed yet. To delete, check the box as well.", true),
					400,
				);
	});
	app.post(`${path}/:pluginId/remove`, async (c) => {
		const addOn = await addOns.find(c.req.param("pluginId"));
		if (addOn === undefined) {
			return c.notFound();
		}
		const { id, name } = addOn.loaded.manifest;
		return (await installer.remove(id))
			? c.redirect(`${path}?done=removed`, 303)
			: showAddOns(
					c,
					notice(`${name} is installed, or something of it is kept: uninstall it first.`, true),
					409,
				);
	});

	async function reviewed(sha256: string): Promise<Package | undefined> {
		return SHA256.test(sha256) ? packages.findForReview(sha256) : undefined;
	}

	function goOn(c: AdminContext, { pluginId }: Extract<SwitchEnd, { kind: "done" }>) {
		return c.redirect(`${path}?done=installed&add-on=${pluginId}`, 303);
	}

	async function rowOf(addOn: AddOn): Promise<AddOnRow> {
		const { current } = addOn.record;
		const stored = current && (await packages.find(current.sha256));
		return {
			addOn,
			state: await addOn.plugin.state(),
			signer: stored?.signature && signerOf(stored.zip, stored.signature),
			isTrusted: !trustsKeys || current?.bundled || (stored && review(stored).isTrusted) !== false,
			isBundled: addOns.slot(addOn.loaded.manifest.id).isBundled,
		};
	}
}

async function offeredBy(
	marketplace: Marketplace,
	installed: readonly AddOn[],
): Promise<OfferedPackage[]> {
	const offered: OfferedPackage[] = [];
	for (const fileName of await marketplace.list()) {
		const found = await marketplace.read(fileName);
		const manifest = found && manifestIn(found.zip);
		const same = installed.find(({ loaded }) => loaded.manifest.id === manifest?.id);
		offered.push({ fileName, manifest, installed: same });
	}
	return offered;
}

async function bytesOf(file: File | undefined): Promise<Uint8Array | undefined> {
	return file === undefined || file.size === 0
		? undefined
		: new Uint8Array(await file.arrayBuffer());
}
