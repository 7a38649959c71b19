import { html } from "hono/html";
import type { Secret } from "../../../../contract/secret.ts";
import type { Locale } from "../../../locale/locale.ts";
import { checkHelpdesk } from "../../../openid/connect-helpdesk.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import { issuerOf } from "../../../openid/make-provider.ts";
import { nameOf, type Preset } from "../../../openid/presets/preset.ts";
import { presetOf } from "../../../openid/presets/presets.ts";
import { notice } from "../../layout.ts";
import type { AdminContext } from "../admin-pages.ts";
import { asksFirst } from "../asking-first.ts";
import type { OperatorApp } from "../operator-area.ts";
import { atBrand, helpdeskPaths } from "../paths.ts";
import { formOf, type ShownForm, typedHelpdesk } from "./helpdesk-form.ts";
import { helpdeskPage, removalPage } from "./helpdesk-page.ts";
import {
	type ConnectedHelpdeskParts,
	donePath,
	type HelpdeskPlace,
	othersThan,
	placeIn,
} from "./helpdesk-place.ts";
import { headBelow } from "./helpdesks-list-page.ts";
import { listedHelpdesk } from "./listed-helpdesk.ts";
import { reached } from "./reached.ts";
import { removeHelpdesk } from "./remove-helpdesk.ts";

/** A brand and one of its helpdesks. */
interface OneHelpdesk extends HelpdeskPlace {
	readonly helpdesk: ConnectedHelpdesk;
}

/** Shows, changes and removes a connected helpdesk. */
export function changeHelpdeskRoutes(app: OperatorApp, parts: ConnectedHelpdeskParts): void {
	const { helpdesk, secret, remove } = helpdeskPaths(":helpdeskId");
	const about =
		(answer: (c: AdminContext, one: OneHelpdesk) => Promise<Response>, changes: boolean) =>
		async (c: AdminContext) => {
			const found = placeIn(c, parts);
			const asked = await found?.helpdesks.find(c.req.param("helpdeskId") ?? "");
			return found === undefined ||
				asked === undefined ||
				(changes && found.helpdesks.isConfigured(asked.id))
				? c.notFound()
				: answer(c, { ...found, helpdesk: asked });
		};
	app.get(
		helpdesk,
		about((c, one) => {
			const isChanged = c.req.query("done") === "changed";
			const done = isChanged ? c.var.visit.locale.text("helpdesk.saved") : undefined;
			return show(c, parts, one, { done });
		}, false),
	);
	app.post(
		helpdesk,
		about((c, one) => change(c, parts, one), true),
	);
	const asks = asksFirst(parts.show, async (c) => {
		const found = placeIn(c, parts);
		const asked = await found?.helpdesks.find(c.req.param("helpdeskId") ?? "");
		return found && asked && !found.helpdesks.isConfigured(asked.id)
			? secretQuestion(found, asked, c.var.visit.locale)
			: undefined;
	});
	app.post(
		secret,
		asks,
		about((c, one) => renew(c, parts, one), true),
	);
	app.get(
		remove,
		about((c, one) => askToRemove(c, parts, one), true),
	);
	app.post(
		remove,
		about((c, { brand, helpdesk }) => removeHelpdesk(c, parts, brand, helpdesk), true),
	);
}

async function change(
	c: AdminContext,
	parts: ConnectedHelpdeskParts,
	one: OneHelpdesk,
): Promise<Response> {
	const { brand, helpdesks, helpdesk } = one;
	const preset = presetOf(helpdesk.preset);
	if (preset === undefined) {
		return c.notFound();
	}
	const typed = typedHelpdesk(c.var.visit.form);
	const others = await othersThan(one, parts, helpdesk.id);
	const checked = checkHelpdesk(preset, typed, others, helpdesk);
	if (checked.kind === "refused") {
		const form = { typed, problems: checked.problems, offersAnyway: false };
		return show(c, parts, one, { form });
	}
	const described = { preset, typed, checked: checked.helpdesk, before: helpdesk };
	const unreachable = await reached(c, parts, described);
	if (unreachable !== undefined) {
		return show(c, parts, one, { form: unreachable });
	}
	const changed = await helpdesks.change(helpdesk.id, () => checked.helpdesk);
	if (changed === undefined) {
		return c.notFound();
	}
	const { secret } = changed;
	return secret === undefined || !preset.fields.some(({ value }) => value === "clientSecret")
		? c.redirect(donePath(helpdeskPaths(helpdesk.id).helpdesk, brand.id, "changed"), 303)
		: show(
				c,
				parts,
				{ ...one, helpdesk: changed.helpdesk },
				{ secret, done: newSecretSentence(preset, c.var.visit.locale) },
			);
}

async function renew(
	c: AdminContext,
	parts: ConnectedHelpdeskParts,
	one: OneHelpdesk,
): Promise<Response> {
	const renewed = await one.helpdesks.renewSecret(one.helpdesk.id);
	const preset = presetOf(one.helpdesk.preset);
	if (renewed === undefined) {
		return c.notFound();
	}
	const { helpdesk, secret } = renewed;
	const done = newSecretSentence(preset ?? helpdesk, c.var.visit.locale);
	return show(c, parts, { ...one, helpdesk }, { secret, done });
}

function secretQuestion(
	{ brand }: HelpdeskPlace,
	{ id, name: helpdesk }: ConnectedHelpdesk,
	{ text }: Locale,
) {
	return {
		title: text("helpdesk.secret.question", { helpdesk }),
		consequence: text("helpdesk.secret.consequence", { helpdesk }),
		button: text("helpdesk.secret.confirm"),
		back: atBrand(helpdeskPaths(id).helpdesk, brand.id),
	};
}

function newSecretSentence(named: Pick<Preset, "name" | "nameText">, locale: Locale): string {
	return locale.text("helpdesk.secret.done", { helpdesk: locale.say(nameOf(named)) });
}

async function askToRemove(
	c: AdminContext,
	{ show }: ConnectedHelpdeskParts,
	{ brand, helpdesks, consents, helpdesk }: OneHelpdesk,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const { text } = locale;
	const { lastUsed } = await listedHelpdesk(helpdesks, helpdesk);
	const page = removalPage({
		...{ brand, helpdesk, lastUsed, csrf, locale },
		users: await consents.countOf(helpdesk.id),
		errorTitle: text("openid.error.title"),
	});
	const title = text("helpdesk.remove.head", { helpdesk: helpdesk.name });
	return show(c, headBelow(brand, title), page);
}

async function show(
	c: AdminContext,
	{ show: send, openid }: ConnectedHelpdeskParts,
	{ brand, helpdesks, helpdesk }: OneHelpdesk,
	shown: {
		readonly form?: ShownForm;
		readonly secret?: Secret;
		readonly done?: string | undefined;
	},
): Promise<Response> {
	const { form, secret, done } = shown;
	const { csrf, locale } = c.var.visit;
	const refusal = form && notice(locale.text("helpdesk.refused"), true);
	const page = helpdeskPage({
		...(await listedHelpdesk(helpdesks, helpdesk)),
		...{ brand, secret, csrf, locale },
		lastTest: (await helpdesks.lastTests()).get(helpdesk.id),
		untold: await openid.messages.untold({ brandId: brand.id, clientId: helpdesk.id }),
		issuer: issuerOf(brand),
		preset: presetOf(helpdesk.preset),
		form: form ?? formOf(helpdesk),
		message: refusal ?? (done === undefined ? html`` : notice(done)),
	});
	return send(c, headBelow(brand, helpdesk.name), page, form === undefined ? 200 : 400);
}
