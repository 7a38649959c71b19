import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import { checkHandOff, type HandOffProblems } from "../../../hand-off/connect-hand-off.ts";
import type { HandOffHelpdesk } from "../../../hand-off/hand-off-helpdesk.ts";
import type { HandOffs } from "../../../hand-off/hand-offs.ts";
import type { HandOffPreset } from "../../../hand-off/presets/hand-off-preset.ts";
import { handOffPresetOf } from "../../../hand-off/presets/hand-off-presets.ts";
import type { Locale } from "../../../locale/locale.ts";
import { type Markup, notice } from "../../layout.ts";
import type { AdminContext } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand, handOffAdminPaths } from "../paths.ts";
import {
	emptyHandOff,
	handOffForm,
	handOffFormOf,
	type ShownHandOff,
	storedIn,
	typedHandOff,
} from "./hand-off-form.ts";
import { handOffPage, handOffRemovalPage, type ListedHandOff } from "./hand-off-page.ts";
import {
	type ConnectedHelpdeskParts,
	donePath,
	type HelpdeskPlace,
	othersThan,
	placeIn,
} from "./helpdesk-place.ts";
import { headBelow } from "./helpdesks-list-page.ts";
import { removeHelpdesk } from "./remove-helpdesk.ts";

/** A brand and its hand-offs. */
interface HandOffPlace extends HelpdeskPlace {
	readonly handOffs: HandOffs;
}

/** A brand and one of the helpdesks that take a signed token. */
interface OneHandOff extends HandOffPlace {
	readonly helpdesk: HandOffHelpdesk;
}

/** Connects, shows, checks, changes and removes helpdesks that take a signed token. */
export function handOffAdminRoutes(app: OperatorApp, parts: ConnectedHelpdeskParts): void {
	const withPreset =
		(answer: (c: AdminContext, found: HandOffPlace, preset: HandOffPreset) => Promise<Response>) =>
		async (c: AdminContext) => {
			const found = handOffPlaceIn(c, parts);
			const preset = handOffPresetOf(c.req.query("preset") ?? "");
			return found === undefined || preset === undefined ? c.notFound() : answer(c, found, preset);
		};
	app.get(
		ADMIN_PATHS.addHandOff,
		withPreset((c, { brand }, preset) => showForm(c, parts, brand, preset, emptyHandOff(preset))),
	);
	app.post(
		ADMIN_PATHS.addHandOff,
		withPreset((c, found, preset) => add(c, parts, found, preset)),
	);
	changeRoutes(app, parts);
}

function changeRoutes(app: OperatorApp, parts: ConnectedHelpdeskParts): void {
	const paths = handOffAdminPaths(":helpdeskId");
	const about =
		(answer: (c: AdminContext, one: OneHandOff) => Promise<Response>, changes: boolean) =>
		async (c: AdminContext) => {
			const found = handOffPlaceIn(c, parts);
			const helpdesk = await found?.handOffs.helpdesks.find(c.req.param("helpdeskId") ?? "");
			return found === undefined ||
				helpdesk === undefined ||
				(changes && found.handOffs.helpdesks.isConfigured(helpdesk.id))
				? c.notFound()
				: answer(c, { ...found, helpdesk });
		};
	app.get(
		paths.helpdesk,
		about((c, one) => {
			const isChanged = c.req.query("done") === "changed";
			return show(
				c,
				parts,
				one,
				isChanged ? notice(c.var.visit.locale.text("helpdesk.saved")) : html``,
			);
		}, false),
	);
	app.post(
		paths.helpdesk,
		about((c, one) => change(c, parts, one), true),
	);
	app.post(
		paths.check,
		about(async (c, one) => show(c, parts, one, await checked(one, c.var.visit.locale)), false),
	);
	app.get(
		paths.remove,
		about((c, one) => askToRemove(c, parts, one), true),
	);
	app.post(
		paths.remove,
		about((c, { brand, helpdesk }) => removeHelpdesk(c, parts, brand, helpdesk), true),
	);
}

function handOffPlaceIn(c: AdminContext, parts: ConnectedHelpdeskParts): HandOffPlace | undefined {
	const found = placeIn(c, parts);
	return found && { ...found, handOffs: parts.handOffs.of(found.brand.id) };
}

async function add(
	c: AdminContext,
	parts: ConnectedHelpdeskParts,
	found: HandOffPlace,
	preset: HandOffPreset,
): Promise<Response> {
	const { brand, handOffs } = found;
	const typed = typedHandOff(c.var.visit.form);
	const shown = (problems: HandOffProblems): ShownHandOff => ({
		...{ typed, problems },
		stored: { secret: false, apiToken: false },
	});
	const others = await othersThan(found, parts);
	// Zendesk and Help Scout make their secret when they know the address of this helpdesk.
	const checkedTyped = checkHandOff(preset, typed, others, false);
	if (checkedTyped.kind === "refused") {
		return showForm(c, parts, brand, preset, shown(checkedTyped.problems), 400);
	}
	const added = await handOffs.helpdesks.add(checkedTyped.helpdesk, checkedTyped.secrets);
	if (added === undefined) {
		const message = c.var.visit.locale.text("helpdesk.connect.full", { brand: brand.name });
		return showForm(c, parts, brand, preset, shown(new Map()), 409, message);
	}
	return c.redirect(donePath(handOffAdminPaths(added.id).helpdesk, brand.id, "changed"), 303);
}

async function change(
	c: AdminContext,
	parts: ConnectedHelpdeskParts,
	one: OneHandOff,
): Promise<Response> {
	const { brand, handOffs, helpdesk } = one;
	const preset = handOffPresetOf(helpdesk.preset);
	if (preset === undefined) {
		return c.notFound();
	}
	const { form: sent, locale } = c.var.visit;
	const typed = typedHandOff(sent);
	const others = await othersThan(one, parts, helpdesk.id);
	const checkedTyped = checkHandOff(preset, typed, others, false);
	if (checkedTyped.kind === "refused") {
		const form = { typed, problems: checkedTyped.problems, stored: storedIn(helpdesk) };
		const refusal = notice(locale.text("helpdesk.refused-secrets"), true);
		return show(c, parts, one, refusal, form);
	}
	const { secrets } = checkedTyped;
	const changed = await handOffs.helpdesks.change(helpdesk.id, checkedTyped.helpdesk, secrets);
	if (changed === undefined) {
		return c.notFound();
	}
	if (changed.secret !== null || changed.address === helpdesk.address) {
		return c.redirect(donePath(handOffAdminPaths(helpdesk.id).helpdesk, brand.id, "changed"), 303);
	}
	const key = preset.hasApi ? "helpdesk.saved-without-secrets" : "helpdesk.saved-without-secret";
	const message = locale.text(key, { secret: preset.secretLabel, helpdesk: changed.name });
	return show(c, parts, { ...one, helpdesk: changed }, notice(message, true));
}

async function checked(
	{ handOffs, helpdesk: checkedOne }: OneHandOff,
	{ text, say }: Locale,
): Promise<Markup> {
	const helpdesk = checkedOne.name;
	const answer = await handOffs.checkApi(checkedOne);
	if (answer === undefined) {
		return notice(text("helpdesk.check.no-token"), true);
	}
	return answer.kind === "done"
		? notice(text("helpdesk.check.done", { helpdesk }))
		: notice(text("helpdesk.check.failed", { helpdesk, why: say(answer.why) }), true);
}

async function askToRemove(
	c: AdminContext,
	{ show: send }: ConnectedHelpdeskParts,
	{ brand, handOffs, consents, helpdesk }: OneHandOff,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const { text } = locale;
	const page = handOffRemovalPage({
		...{ brand, csrf, locale },
		listed: await listedHandOff(handOffs.helpdesks, helpdesk),
		users: await consents.countOf(helpdesk.id),
		errorTitle: text("error.not-found.title"),
	});
	const title = text("helpdesk.remove.head", { helpdesk: helpdesk.name });
	return send(c, headBelow(brand, title), page);
}

/** A helpdesk that takes a signed token, with what pages show about it. */
export async function listedHandOff(
	helpdesks: HandOffs["helpdesks"],
	helpdesk: HandOffHelpdesk,
): Promise<ListedHandOff> {
	const lastUsed = await orUnreadable(() => helpdesks.lastUsed(helpdesk.id));
	return {
		helpdesk,
		isConfigured: helpdesks.isConfigured(helpdesk.id),
		lastUsed: lastUsed instanceof UnreadableValueError ? "unreadable" : lastUsed,
	};
}

function showForm(
	c: AdminContext,
	{ show: send }: ConnectedHelpdeskParts,
	brand: Brand,
	preset: HandOffPreset,
	shown: ShownHandOff,
	status = 200,
	message = c.var.visit.locale.text("helpdesk.connect.refused-secrets"),
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const { text } = locale;
	const action = `${atBrand(ADMIN_PATHS.addHandOff, brand.id)}&preset=${preset.id}`;
	const button = text("helpdesk.connect.submit");
	const form = handOffForm(preset, shown, { action, button, csrf, locale });
	const refusal = status === 200 ? "" : notice(message, true);
	const title = text("helpdesk.connect.title", { helpdesk: preset.name });
	const lead = text("helpdesk.connect.lead", { brand: brand.name });
	const page = html`${pageHead(title, lead)}${refusal}<div class="card">${form}</div>`;
	return send(c, headBelow(brand, title), page, status);
}

/** @param form a form that was refused. */
async function show(
	c: AdminContext,
	{ show: send }: ConnectedHelpdeskParts,
	{ brand, handOffs, helpdesk }: OneHandOff,
	message: Markup,
	form?: ShownHandOff,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const page = handOffPage({
		...(await listedHandOff(handOffs.helpdesks, helpdesk)),
		...{ brand, message, csrf, locale },
		preset: handOffPresetOf(helpdesk.preset),
		form: form ?? handOffFormOf(helpdesk),
	});
	return send(c, headBelow(brand, helpdesk.name), page, form === undefined ? 200 : 400);
}
