import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { handOffPresetOf } from "../../../hand-off/presets/hand-off-presets.ts";
import { recipeText } from "../../../hand-off/recipe-text.ts";
import type { Preset } from "../../../openid/presets/preset.ts";
import { presetOf } from "../../../openid/presets/presets.ts";
import { type Recipe, recipeFile, recipeOf } from "../../../openid/recipe-files.ts";
import type { Markup } from "../../layout.ts";
import type { OperatorApp } from "../operator-area.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, recipePath } from "../paths.ts";
import { type ConnectedHelpdeskParts, placeIn } from "./helpdesk-place.ts";
import { headBelow } from "./helpdesks-list-page.ts";

/** Shows what the administrator of a helpdesk does there, step by step, and gives the files that this takes. */
export function recipeRoutes(app: OperatorApp, parts: ConnectedHelpdeskParts): void {
	app.get(recipePath(":presetId"), async (c) => {
		const brand = placeIn(c, parts)?.brand;
		const id = c.req.param("presetId");
		const signed = handOffPresetOf(id);
		if (brand !== undefined && signed !== undefined && c.req.query("file") === undefined) {
			const page = recipePage(brand, signed, { text: await recipeText(signed), files: [] });
			return parts.show(c, headBelow(brand, `Recipe for ${signed.name}`), page);
		}
		const preset = presetOf(id);
		if (brand === undefined || preset === undefined) {
			return c.notFound();
		}
		const name = c.req.query("file");
		if (name === undefined) {
			const page = recipePage(brand, preset, await recipeOf(preset));
			return parts.show(c, headBelow(brand, `Recipe for ${preset.name}`), page);
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

function recipePage(
	brand: Brand,
	preset: Pick<Preset, "id" | "name">,
	{ text, files }: Recipe,
): Markup {
	const path = atBrand(recipePath(preset.id), brand.id);
	const list = files.map(
		(name) => html`<li><a href="${path}&file=${encodeURIComponent(name)}">${name}</a></li>`,
	);
	const section =
		files.length === 0
			? ""
			: html`<h2>Files of the recipe</h2><div class="card"><ul class="plain">${list}</ul></div>`;
	return html`${pageHead(`Recipe for ${preset.name}`, "The addresses and names in it are examples. The page of the connected helpdesk shows yours.")}
<div class="card"><pre class="recipe">${text}</pre></div>${section}`;
}
