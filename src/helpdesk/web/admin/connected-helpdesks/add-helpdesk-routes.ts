import { html } from "hono/html";
import { checkHelpdesk } from "../../../openid/connect-helpdesk.ts";
import type { NewConnectedHelpdesk } from "../../../openid/connected-helpdesks.ts";
import { issuerOf } from "../../../openid/make-provider.ts";
import { nameOf, type Preset } from "../../../openid/presets/preset.ts";
import { presetOf } from "../../../openid/presets/presets.ts";
import { notice } from "../../layout.ts";
import type { AdminContext } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand } from "../paths.ts";
import { emptyForm, formOf, helpdeskForm, type ShownForm, typedHelpdesk } from "./helpdesk-form.ts";
import { helpdeskPage } from "./helpdesk-page.ts";
import {
	type ConnectedHelpdeskParts,
	type HelpdeskPlace,
	othersThan,
	placeIn,
} from "./helpdesk-place.ts";
import { choicePage, headBelow } from "./helpdesks-list-page.ts";
import { reached } from "./reached.ts";

/** Connects a helpdesk in two steps: its kind, and then the rest. */
export function addHelpdeskRoutes(app: OperatorApp, parts: ConnectedHelpdeskParts): void {
	app.get(ADMIN_PATHS.addHelpdesk, async (c) => {
		const found = placeIn(c, parts);
		const asked = c.req.query("preset");
		const preset = presetOf(asked ?? "");
		if (found === undefined || (asked !== undefined && preset === undefined)) {
			return c.notFound();
		}
		const { locale } = c.var.visit;
		const head = headBelow(found.brand, locale.text("helpdesk.choose.head"));
		return preset === undefined
			? parts.show(c, head, choicePage(found.brand, locale))
			: showForm(c, parts, found, preset, emptyForm(preset, locale));
	});
	app.post(ADMIN_PATHS.addHelpdesk, async (c) => {
		const found = placeIn(c, parts);
		const preset = presetOf(c.req.query("preset") ?? "");
		return found === undefined || preset === undefined
			? c.notFound()
			: add(c, parts, found, preset);
	});
}

async function add(
	c: AdminContext,
	parts: ConnectedHelpdeskParts,
	found: HelpdeskPlace,
	preset: Preset,
): Promise<Response> {
	const typed = typedHelpdesk(c.var.visit.form);
	const refused = { typed, offersAnyway: false };
	const checked = checkHelpdesk(preset, typed, await othersThan(found, parts));
	if (checked.kind === "refused") {
		return showForm(c, parts, found, preset, { ...refused, problems: checked.problems }, 400);
	}
	const described = { preset, typed, checked: checked.helpdesk, before: undefined };
	const unreachable = await reached(c, parts, described);
	return unreachable === undefined
		? connect(c, parts, found, preset, checked.helpdesk)
		: showForm(c, parts, found, preset, unreachable, 400);
}

/** The answer is the only page that shows the client secret, so it is no redirect. */
async function connect(
	c: AdminContext,
	parts: ConnectedHelpdeskParts,
	found: HelpdeskPlace,
	preset: Preset,
	wanted: NewConnectedHelpdesk,
): Promise<Response> {
	const { brand, helpdesks } = found;
	const { csrf, locale } = c.var.visit;
	const added = await helpdesks.add(wanted);
	if (added === undefined) {
		const problems = new Map();
		const message = locale.text("helpdesk.connect.full", { brand: brand.name });
		const shown = { typed: wanted, problems, offersAnyway: false };
		return showForm(c, parts, found, preset, shown, 409, message);
	}
	const { helpdesk, secret } = added;
	const page = helpdeskPage({
		...{ brand, helpdesk, preset, isConfigured: false, lastUsed: undefined, secret },
		lastTest: undefined,
		untold: undefined,
		issuer: issuerOf(brand),
		form: formOf(helpdesk),
		...{ csrf, locale },
		message: notice(locale.text("helpdesk.connect.done", { helpdesk: helpdesk.name })),
	});
	return parts.show(c, headBelow(brand, helpdesk.name), page);
}

function showForm(
	c: AdminContext,
	{ show }: ConnectedHelpdeskParts,
	{ brand }: HelpdeskPlace,
	preset: Preset,
	shown: ShownForm,
	status = 200,
	message = c.var.visit.locale.text("helpdesk.connect.refused"),
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const { text, say } = locale;
	const action = `${atBrand(ADMIN_PATHS.addHelpdesk, brand.id)}&preset=${preset.id}`;
	const button = text("helpdesk.connect.submit");
	const form = helpdeskForm(preset, shown, { action, button, addressNote: "", csrf, locale });
	const refusal = status === 200 ? "" : notice(message, true);
	const title = text("helpdesk.connect.title", { helpdesk: say(nameOf(preset)) });
	const lead = text("helpdesk.connect.lead", { brand: brand.name });
	const page = html`${pageHead(title, lead)}${refusal}<div class="card">${form}</div>`;
	return show(c, headBelow(brand, title), page, status);
}
