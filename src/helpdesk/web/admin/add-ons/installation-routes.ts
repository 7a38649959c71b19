import { signerOf } from "../../../../artifact/zip/signature.ts";
import { beginsAsZip } from "../../../../artifact/zip/zip-directory.ts";
import { errorsIn, type PackageReview } from "../../../add-on-install/package-review.ts";
import type { Package } from "../../../add-ons/package-store.ts";
import type { Markup } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, reviewPath } from "../paths.ts";
import { type AddOnParts, listAfterSwitch, refuse } from "./add-ons-list.ts";
import { failureNotice, reviewPage } from "./review-page.ts";

const SHA256 = /^[0-9a-f]{64}$/;

/** The routes to upload or choose a package, to review it, and to install it or upgrade to it. */
export function installationRoutes(app: OperatorApp, parts: AddOnParts): void {
	const { packages, installer, marketplace, review } = parts;
	const reviewed = async (sha256: string): Promise<Package | undefined> =>
		SHA256.test(sha256) ? packages.findForReview(sha256) : undefined;

	app.post(ADMIN_PATHS.uploadAddOn, async (c) => {
		const { files, locale } = c.var.visit;
		const file = files.get("zip");
		const zip = await bytesOf(file);
		if (file === undefined || zip === undefined) {
			return refuse(c, parts, locale.text("add-ons.upload.no-zip"), 400);
		}
		if (!beginsAsZip(zip)) {
			const sentence = locale.text("add-ons.upload.not-a-zip", { file: file.name });
			return refuse(c, parts, sentence, 400);
		}
		return consider(c, parts, { zip, signature: await bytesOf(files.get("signature")) });
	});
	app.post(ADMIN_PATHS.chooseAddOn, async (c) => {
		const { form, locale } = c.var.visit;
		const file = field(form, "file") ?? "";
		const chosen = await marketplace.read(file);
		return chosen === undefined
			? refuse(c, parts, locale.text("add-ons.not-in-marketplace", { file }), 404)
			: consider(c, parts, chosen);
	});
	app.get(reviewPath(":sha256"), async (c) => {
		const chosen = await reviewed(c.req.param("sha256"));
		return chosen === undefined
			? refuse(c, parts, expired(c), 404)
			: showReview(c, parts, await review(chosen));
	});
	app.post(ADMIN_PATHS.installAddOn, async (c) => {
		const sha256 = field(c.var.visit.form, "sha256") ?? "";
		const chosen = await reviewed(sha256);
		if (chosen === undefined) {
			return refuse(c, parts, expired(c), 404);
		}
		const end = await installer.install(sha256);
		return end.kind === "done"
			? c.redirect(listAfterSwitch(end), 303)
			: showReview(c, parts, await review(chosen), {
					message: failureNotice(end, c.var.visit.locale),
					status: 409,
				});
	});
}

function expired({ var: { visit } }: AdminContext): string {
	return visit.locale.text("add-ons.chosen-too-long-ago");
}

/** Keeps a package for its review, unless the review refuses it. */
async function consider(c: AdminContext, parts: AddOnParts, chosen: Package): Promise<Response> {
	const found = await parts.review(chosen);
	if (errorsIn(found).length > 0) {
		return showReview(c, parts, found, { status: 400 });
	}
	const sha256 = await parts.packages.keepForReview(chosen, parts.now());
	return c.redirect(reviewPath(sha256), 303);
}

async function showReview(
	c: AdminContext,
	{ addOns, packages, trustsKeys, show }: AddOnParts,
	review: PackageReview,
	{ message, status = 200 }: { readonly message?: Markup; readonly status?: number } = {},
): Promise<Response> {
	const { id = "", name = "" } = review.plugin?.manifest ?? {};
	const { addOns: found, broken } = await addOns.list();
	const installed = found.find(({ loaded }) => loaded.manifest.id === id);
	const { record } = installed ?? broken.find((each) => each.id === id) ?? {};
	const current = record?.current;
	const stored = current && (await packages.find(current.sha256));
	const installedSigner = stored?.signature && signerOf(stored.zip, stored.signature);
	const { csrf, locale } = c.var.visit;
	const page = { review, installed, record, installedSigner, trustsKeys, locale, csrf, message };
	const title =
		errorsIn(review).length > 0
			? locale.text("review.title-refused")
			: locale.text("review.title", { addOn: name });
	return show(c, title, reviewPage(page), status);
}

async function bytesOf(file: File | undefined): Promise<Uint8Array | undefined> {
	return file === undefined || file.size === 0
		? undefined
		: new Uint8Array(await file.arrayBuffer());
}
