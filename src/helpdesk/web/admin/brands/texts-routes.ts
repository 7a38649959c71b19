import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import { nearestLocale } from "../../../../contract/nearest-locale.ts";
import { BrandError } from "../../../brands/brand-rules.ts";
import { type BrandTexts, cleanText, textProblem } from "../../../brands/brand-texts.ts";
import { LANGUAGES, type Message } from "../../../locale/locale.ts";
import { notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { brandPaths } from "../paths.ts";
import { headOf } from "./move-brand-routes.ts";
import { aboutBrand, type BrandPageParts, type ShownBrand } from "./shown-brand.ts";
import { type TextField, textField, textsPage } from "./texts-page.ts";

const { texts: TEXTS, previewTexts: PREVIEW } = brandPaths(":brandId");

type TextProblems = ReadonlyMap<TextField, Message>;

/** Shows and changes what a brand says on its log-in page and in letters. */
export function brandTextRoutes(app: OperatorApp, parts: BrandPageParts): void {
	app.get(
		TEXTS,
		aboutBrand(parts, (c, brand) => {
			const done = c.req.query("done") === "saved";
			const message = done ? notice(c.var.visit.locale.text("brand-texts.saved")) : html``;
			const texts = ownTexts(brand, c.req.query("language") ?? brand.locale);
			return show(c, parts, brand, { texts, problems: new Map(), message });
		}),
	);
	app.post(
		PREVIEW,
		aboutBrand(parts, (c, brand) => {
			const { form, locale } = c.var.visit;
			const texts = typedTexts(form);
			const problems = problemsIn(texts);
			const message =
				problems.size === 0
					? notice(locale.text("brand-texts.previewed"))
					: notice(locale.text("brand-texts.preview-refused"), true);
			return show(c, parts, brand, { texts, problems, message });
		}),
	);
	app.post(
		TEXTS,
		aboutBrand(parts, (c, brand) => save(c, parts, brand)),
	);
}

async function save(c: AdminContext, parts: BrandPageParts, brand: ShownBrand): Promise<Response> {
	const { form, locale } = c.var.visit;
	const texts = typedTexts(form);
	const problems = problemsIn(texts);
	const refuse = (sentence: string) =>
		show(c, parts, brand, { texts, problems, message: notice(sentence, true) });
	if (problems.size > 0) {
		return refuse(locale.text("brand-texts.refused"));
	}
	try {
		// Other languages stay, also those that this version does not know.
		await parts.looks.changeTexts(brand.id, (stored) => [
			...stored.filter(({ language }) => language !== texts.language),
			...(isEmpty(texts) ? [] : [texts]),
		]);
	} catch (error) {
		if (error instanceof BrandError) {
			return refuse(locale.text("brand-texts.refused-because", { reason: locale.say(error.said) }));
		}
		throw error;
	}
	await parts.knownBrands.reread();
	return c.redirect(`${brandPaths(brand.id).texts}?language=${texts.language}&done=saved`, 303);
}

/** What a brand says in a language of portals. @param asked any text; what is no such language stands for English. */
function ownTexts({ look }: ShownBrand, asked: string): BrandTexts {
	const language = nearestLocale(asked, LANGUAGES.keys()) ?? "en";
	const own = look.texts.find((each) => each.language === language);
	return own ?? { language, logIn: "", opening: "", signature: "" };
}

function typedTexts(form: readonly FormField[]): BrandTexts {
	const language = nearestLocale(field(form, "language") ?? "", LANGUAGES.keys()) ?? "en";
	const typed = (name: "logIn" | "opening" | "signature"): string =>
		cleanText(field(form, textField(language, name)) ?? "");
	return {
		...{ language, logIn: typed("logIn") },
		...{ opening: typed("opening"), signature: typed("signature") },
	};
}

function isEmpty({ logIn, opening, signature }: BrandTexts): boolean {
	return logIn + opening + signature === "";
}

function problemsIn(texts: BrandTexts): TextProblems {
	const problems = new Map<TextField, Message>();
	for (const name of ["logIn", "opening", "signature"] as const) {
		const problem = textProblem(texts[name]);
		if (problem !== undefined) {
			problems.set(textField(texts.language, name), problem);
		}
	}
	return problems;
}

function show(
	c: AdminContext,
	parts: BrandPageParts,
	brand: ShownBrand,
	shown: {
		readonly texts: BrandTexts;
		readonly problems: TextProblems;
		readonly message: ReturnType<typeof notice>;
	},
): Promise<Response> {
	const own = new Set(brand.look.texts.map(({ language }) => language));
	const { locale, csrf } = c.var.visit;
	const problems = new Map([...shown.problems].map(([name, each]) => [name, locale.say(each)]));
	const page = textsPage({ ...shown, problems, brand, own, locale, csrf });
	const status = shown.problems.size === 0 ? 200 : 400;
	return parts.show(c, headOf(brand, locale.text("brand-texts.title")), page, status);
}
