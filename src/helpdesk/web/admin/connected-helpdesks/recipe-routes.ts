import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { handOffPresetOf } from "../../../hand-off/presets/hand-off-presets.ts";
import { recipeText } from "../../../hand-off/recipe-text.ts";
import { nameOf, type Preset } from "../../../openid/presets/preset.ts";
import { presetOf } from "../../../openid/presets/presets.ts";
import { type Recipe, recipeFile, recipeOf } from "../../../openid/recipe-files.ts";
import type { AdminContext } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, recipePath } from "../paths.ts";
import { type ConnectedHelpdeskParts, placeIn } from "./helpdesk-place.ts";
import { headBelow } from "./helpdesks-list-page.ts";
import { shownRecipe } from "./shown-recipe.ts";

/** Shows what the administrator of a helpdesk does there, step by step, and gives the files that this takes. */
export function recipeRoutes(app: OperatorApp, parts: ConnectedHelpdeskParts): void {
	app.get(recipePath(":presetId"), async (c) => {
		const brand = placeIn(c, parts)?.brand;
		const id = c.req.param("presetId");
		const signed = handOffPresetOf(id);
		if (brand !== undefined && signed !== undefined && c.req.query("file") === undefined) {
			const recipe = { text: await recipeText(signed), files: [] };
			return showRecipe(c, parts, brand, signed, recipe);
		}
		const preset = presetOf(id);
		if (brand === undefined || preset === undefined) {
			return c.notFound();
		}
		const name = c.req.query("file");
		if (name === undefined) {
			return showRecipe(c, parts, brand, preset, await recipeOf(preset));
		}
		const file = await recipeFile(preset, name);
		return file === undefined
			? c.notFound()
			: c.body(file, 200, {
					"content-type": "text/plain; charset=utf-8",
					"content-disposition": `attachment; filename="${name.split("/").at(-1)}"`,
				});
	});
}

function showRecipe(
	c: AdminContext,
	{ show }: ConnectedHelpdeskParts,
	brand: Brand,
	preset: Pick<Preset, "id" | "name" | "nameText">,
	{ text: markdown, files }: Recipe,
): Promise<Response> {
	const { locale } = c.var.visit;
	const { text } = locale;
	const path = atBrand(recipePath(preset.id), brand.id);
	const list = files.map(
		(name) => html`<li><a href="${path}&file=${encodeURIComponent(name)}">${name}</a></li>`,
	);
	const section =
		files.length === 0
			? ""
			: html`<h2>${text("recipe.files")}</h2><div class="card"><ul class="plain">${list}</ul></div>`;
	const title = text("recipe.title", { helpdesk: locale.say(nameOf(preset)) });
	const inEnglish =
		locale.language === "en" ? "" : html`<p class="help">${text("recipe.in-english")}</p>`;
	const page = html`${pageHead(title, text("recipe.lead"))}
<div class="card">${inEnglish}<pre class="recipe" lang="en" dir="ltr">${shownRecipe(markdown, locale)}</pre></div>${section}`;
	return show(c, headBelow(brand, title), page);
}
