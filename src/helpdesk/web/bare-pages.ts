import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { html } from "hono/html";
import { isStorageError } from "../../contract/storage.ts";
import { SlowHookError } from "../../routes/hook-in-time.ts";
import { type Refusal as RouteRefusal, STATUS_OF } from "../../routes/refusal.ts";
import { MOST_FORM_BYTES } from "../../routes/sent-form.ts";
import type { Locale, TextKey } from "../locale/locale.ts";
import { PasswordsBusyError } from "../people/scrypt-workers.ts";
import { askToWait } from "./ask-to-wait.ts";
import { ASSETS } from "./assets.ts";
import { type BrandFace, legalLinks } from "./brand-face.ts";
import { isCutOff } from "./cut-off-request.ts";
import type { FormRefusal } from "./form-refusal.ts";
import { hostWarning } from "./host-warning.ts";
import { layout, type Markup, sendPage } from "./layout.ts";
import { type ReadPlace, readerLocale } from "./reader-locale.ts";
import type { VisitEnv } from "./visit.ts";

/** Most outages of a storage end within seconds. */
const RETRY_AFTER_SECONDS = 5;

/** The name under which a request keeps how its site looks. */
const FACE = "face";

export type Refusal = RouteRefusal | "unavailable";

const STATUS: Readonly<Record<Refusal | "address", number>> = {
	...STATUS_OF,
	address: 403,
	unavailable: 503,
};

/**
 * The page for a refused request.
 *
 * @param home the path of the first page.
 */
export function refusalPage(
	c: Context,
	refusal: Refusal,
	site: string,
	locale: Locale,
	home = "/",
): Promise<Response> {
	const { text } = locale;
	const link = html`<p><a href="${home}">${text("nav.home")}</a></p>`;
	return sendRefusal(c, refusal, site, locale, link);
}

/**
 * The page for a form that was refused.
 *
 * @param home the whole address of the first page, for a form that came from the page of another address.
 */
export function formRefusalPage(
	c: Context,
	refusal: FormRefusal,
	site: string,
	home: string,
	locale: Locale,
): Promise<Response> {
	if (refusal !== "address") {
		return refusalPage(c, refusal, site, locale);
	}
	const { text } = locale;
	const link = html`<p><a href="${home}">${home}</a></p><details><summary>${text("host.operator")}</summary><p>${text("error.address.operator")}</p></details>`;
	return sendRefusal(c, refusal, site, locale, link);
}

/** What a page says about a refused request, without the frame and the link around it. */
export function refusalWords(refusal: Refusal | "address", { text }: Locale): RefusalWords {
	const title = text(`error.${refusal}.title` satisfies TextKey);
	const content = html`<h1>${title}</h1><p>${text(`error.${refusal}.text`)}</p>`;
	return { title, content, status: STATUS[refusal] };
}

interface RefusalWords {
	readonly title: string;
	readonly content: Markup;
	readonly status: number;
}

function sendRefusal(
	c: Context,
	refusal: Refusal | "address",
	site: string,
	locale: Locale,
	link: Markup,
): Promise<Response> {
	const { tag } = locale;
	const { title, content: words } = refusalWords(refusal, locale);
	const content = html`<div class="card">${words}${link}</div>`;
	const warning = hostWarning(c, locale);
	const face = faceAt(c, site);
	const page = layout({
		...{ lang: tag, title, site, face, home: "/", navigation: html`` },
		...{ warning, content, ...(face && { footer: legalLinks(face, locale) }) },
	});
	return sendPage(c, page, STATUS[refusal]);
}

/** How the site looks; undefined for a part of it that is no brand's, such as the administration. */
function faceAt(c: Context, site: string): BrandFace | undefined {
	const face = c.get(FACE) as BrandFace | undefined;
	return face?.name === site ? face : undefined;
}

function withFace(face: BrandFace | undefined): MiddlewareHandler {
	return (c, next) => {
		c.set(FACE, face);
		return next();
	};
}

/** The page of a part of the site, which the outermost part knows nothing else about. */
function notFoundPageOf(c: { get(key: "notFoundPage"): unknown }) {
	return c.get("notFoundPage") as VisitEnv["Variables"]["notFoundPage"];
}

function failurePageOf(c: { get(key: "failurePage"): unknown }) {
	return c.get("failurePage") as VisitEnv["Variables"]["failurePage"];
}

/** A part of a site with pages of its own. */
export interface SitePart {
	/** The pattern of its paths. */
	readonly below: string;
	/** The page for a request that failed before anything is known about its visitor. It must do without the storage. */
	readonly failurePage: (c: Context, refusal: Refusal) => Promise<Response>;
	/**
	 * How many bytes a request may send to a page that takes files; undefined for other pages. Called before the body
	 * is read.
	 */
	readonly largeBody: (c: Context) => Promise<number | undefined>;
}

function withFailurePage({ failurePage }: SitePart): MiddlewareHandler {
	return (c, next) => {
		c.set("failurePage", (refusal: Refusal) => failurePage(c, refusal));
		return next();
	};
}

function limitedBody(
	part: SitePart | undefined,
	refuse: (c: Context) => Response | Promise<Response>,
): MiddlewareHandler {
	return async (c, next) => {
		// Reading a body makes Hono build a whole platform request, so it is not read where the length is known.
		if (c.req.method === "GET" || c.req.method === "HEAD") {
			return next();
		}
		const maxSize = (await part?.largeBody(c)) ?? MOST_FORM_BYTES;
		const length = c.req.header("content-length");
		if (length !== undefined && c.req.header("transfer-encoding") === undefined) {
			return Number(length) <= maxSize ? next() : refuse(c);
		}
		return bodyLimit({ maxSize, onError: refuse })(c, next);
	};
}

/** The outermost part of a brand's site: assets, limits, and the pages for requests that fail. */
export function newSite(site: {
	readonly name: (locale: Locale) => string;
	readonly place: ReadPlace;
	/** How the brand looks; undefined for a site that is no brand's. */
	readonly face?: BrandFace;
	readonly logError: (error: unknown) => void;
	/** The part of the site that is no portal: the administration. */
	readonly part?: SitePart;
	/** Sets headers on every answer, those of refused requests included. */
	readonly headers: MiddlewareHandler;
}): Hono {
	const app = new Hono();
	const localeOf = (c: Context): Locale => readerLocale(c, site.place);
	const refuse = (c: Context, refusal: Refusal): Promise<Response> => {
		const locale = localeOf(c);
		return refusalPage(c, refusal, site.name(locale), locale);
	};
	app.notFound((c) => notFoundPageOf(c)?.() ?? refuse(c, "not-found"));
	const fail = (c: Context, refusal: Refusal): Response | Promise<Response> =>
		failurePageOf(c)?.(refusal) ?? refuse(c, refusal);
	app.onError((error, c) => {
		if (error instanceof PasswordsBusyError) {
			return fail(c, askToWait(c, RETRY_AFTER_SECONDS));
		}
		if (error instanceof SlowHookError) {
			// The hook is reported where it is called.
			return fail(c, "slow");
		}
		if (!isCutOff(c, error)) {
			site.logError(error);
		}
		if (isStorageError(error)) {
			c.header("retry-after", String(RETRY_AFTER_SECONDS));
			return fail(c, "unavailable");
		}
		return fail(c, "unexpected");
	});
	app.use(site.headers);
	app.use(withFace(site.face));
	if (site.part !== undefined) {
		app.use(site.part.below, withFailurePage(site.part));
	}
	app.use(limitedBody(site.part, (c) => fail(c, "too-large")));
	for (const { path, type, body } of Object.values(ASSETS)) {
		app.get(path, (c) =>
			c.body(body, 200, { "content-type": type, "cache-control": "max-age=3600" }),
		);
	}
	return app;
}
