import { html } from "hono/html";
import type { Secret } from "../../../../contract/secret.ts";
import { localeFor } from "../../../locale/locale.ts";
import { checkHelpdesk } from "../../../openid/connect-helpdesk.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import { issuerOf } from "../../../openid/make-provider.ts";
import type { Preset } from "../../../openid/presets/preset.ts";
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

const { text: ENGLISH } = localeFor(undefined, "en");

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
	const isChanged = (c: AdminContext) => c.req.query("done") === "changed";
	app.get(
		helpdesk,
		about(
			(c, one) => show(c, parts, one, isChanged(c) ? { done: "The changes are saved." } : {}),
			false,
		),
	);
	app.post(
		helpdesk,
		about((c, one) => change(c, parts, one), true),
	);
	const asks = asksFirst(parts.show, async (c) => {
		const found = placeIn(c, parts);
		const asked = await found?.helpdesks.find(c.req.param("helpdeskId") ?? "");
		return found && asked && !found.helpdesks.isConfigured(asked.id)
			? secretQuestion(found, asked)
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
				{ secret, done: newSecretSentence(preset) },
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
	const done = newSecretSentence(preset ?? helpdesk);
	return show(c, parts, { ...one, helpdesk }, { secret, done });
}

function secretQuestion({ brand }: HelpdeskPlace, { id, name }: ConnectedHelpdesk) {
	return {
		title: `Make a new client secret for ${name}?`,
		consequence: `The present one ends at once: nobody can log in at ${name} until you paste the new one there. It is shown once.`,
		button: "New secret",
		back: atBrand(helpdeskPaths(id).helpdesk, brand.id),
	};
}

function newSecretSentence({ name }: Pick<Preset, "name">): string {
	return `There is a new client secret. The old one has ended. Paste the new one into ${name} now.`;
}

async function askToRemove(
	c: AdminContext,
	{ show }: ConnectedHelpdeskParts,
	{ brand, helpdesks, consents, helpdesk }: OneHelpdesk,
): Promise<Response> {
	const { lastUsed } = await listedHelpdesk(helpdesks, helpdesk);
	const page = removalPage({
		...{ brand, helpdesk, lastUsed },
		users: await consents.countOf(helpdesk.id),
		errorText: `${ENGLISH("openid.error.title")}. ${ENGLISH("openid.error.text")}`,
		csrf: c.var.visit.csrf,
	});
	return show(c, headBelow(brand, `Remove ${helpdesk.name}`), page);
}

async function show(
	c: AdminContext,
	{ show: send, openid }: ConnectedHelpdeskParts,
	{ brand, helpdesks, helpdesk }: OneHelpdesk,
	shown: { readonly form?: ShownForm; readonly secret?: Secret; readonly done?: string },
): Promise<Response> {
	const { form, secret, done } = shown;
	const refusal = form && notice("Not saved. Fix the fields marked below.", true);
	const page = helpdeskPage({
		...(await listedHelpdesk(helpdesks, helpdesk)),
		...{ brand, secret },
		lastTest: (await helpdesks.lastTests()).get(helpdesk.id),
		untold: await openid.messages.untold({ brandId: brand.id, clientId: helpdesk.id }),
		issuer: issuerOf(brand),
		preset: presetOf(helpdesk.preset),
		form: form ?? formOf(helpdesk),
		csrf: c.var.visit.csrf,
		message: refusal ?? (done === undefined ? html`` : notice(done)),
	});
	return send(c, headBelow(brand, helpdesk.name), page, form === undefined ? 200 : 400);
}
