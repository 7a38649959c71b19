import { Hono, type MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { isActive } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import type { Locale } from "../../locale/locale.ts";
import { isAtLeast } from "../../people/operator-roles.ts";
import type { Operators } from "../../people/operators.ts";
import type { SecondFactorRule } from "../../people/second-factor/second-factor-rule.ts";
import { formRefusalPage, type Refusal, refusalPage, type SitePart } from "../bare-pages.ts";
import { readerLocale } from "../reader-locale.ts";
import type { RefusalNotes } from "../refusal-notes.ts";
import { type Place, type VisitEnv, visits } from "../visit.ts";
import type { Access } from "./access.ts";
import type { AdminContext } from "./admin-pages.ts";
import { logInPath } from "./log-in/log-in-path.ts";
import { ownMessagesAlone } from "./own-messages.ts";
import { ADMIN_PATHS, ANY_PLUGIN, integrationPaths, socialLoginPaths } from "./paths.ts";
import { newPasswordFirst } from "./profile/known-password.ts";
import { provePath } from "./prove/prove-path.ts";
import { secondFactorFirst } from "./second-factor/second-factor-first.ts";
import { filesAt } from "./uploads.ts";

type Middleware = MiddlewareHandler<VisitEnv>;

const BELOW = `${ADMIN_PATHS.overview}/*`;

/** How old a proof of who the operator is may be, where a route needs one. Milliseconds. */
const PROOF_MS = 10 * 60_000;

export interface OperatorAppParts {
	readonly operators: Operators;
	readonly secondFactorRule: SecondFactorRule;
	readonly addOns: AddOns;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	/** Undefined for a route that is for nobody. */
	readonly accessTo: (method: string, path: string) => Access | undefined;
	/** The page for an operator whose role does not allow what was asked. */
	readonly refuse: (c: AdminContext, access: Access) => Response | Promise<Response>;
	/** The page for an operator at an address that does not exist. */
	readonly notFound: (c: AdminContext) => Response | Promise<Response>;
	/** The page for an operator whose request failed. It must do without the storage. */
	readonly failed: (c: AdminContext, refusal: Refusal) => Response | Promise<Response>;
	readonly refusals: RefusalNotes;
}

/** An application that begins with its guards: every page registered on it is for operators who are logged in. */
export class OperatorApp extends Hono<VisitEnv> {
	constructor(private readonly guards: OperatorAppParts) {
		super();
		this.use(BELOW, this.onlyOperators);
		this.use(BELOW, ownMessagesAlone);
		this.use(BELOW, secondFactorFirst(guards.secondFactorRule));
		this.use(BELOW, this.asAccessAllows);
		const { settings, test } = integrationPaths(ANY_PLUGIN);
		const { manage, switchOff } = socialLoginPaths(ANY_PLUGIN);
		for (const path of [settings, manage]) {
			this.use(`${path}/*`, this.aboutAddOn);
		}
		for (const path of [settings, test, manage, switchOff]) {
			this.use(path, onlyActive);
		}
	}

	/** @throws Error for a page without an entry. A start says so, rather than the first operator who opens it. */
	refuseUnknownPages(): void {
		const isKnown = (method: string, path: string): boolean =>
			this.guards.accessTo(method, path) !== undefined;
		// What is registered for any method is a guard of pages at the same path.
		const unknown = this.routes.find(
			({ method, path }) =>
				!path.includes("*") &&
				!(method === "ALL" ? ["GET", "POST"] : [method]).some((each) => isKnown(each, path)),
		);
		if (unknown !== undefined) {
			const route = `${unknown.method} ${unknown.path}`;
			throw new Error(`The route ${route} has no entry in the table of access.`);
		}
	}

	private readonly onlyOperators: Middleware = async (c, next) => {
		const { subjectId: email } = c.var.visit;
		// Read for each request, so that open sessions obey on every node.
		const role = email === undefined ? undefined : await this.guards.operators.roleOf(email);
		if (email === undefined || role === undefined) {
			return c.redirect(logInPath(c), 303);
		}
		c.set("operator", { email, role });
		const { visit } = c.var;
		c.set("notFoundPage", async () => {
			// Where the administration lies below a portal, the portal has seen the request since then.
			c.set("visit", visit);
			return this.guards.notFound(c);
		});
		c.set("failurePage", async (refusal) => {
			c.set("visit", visit);
			return this.guards.failed(c, refusal);
		});
		return next();
	};

	private readonly asAccessAllows: Middleware = async (c, next) => {
		// Hono answers HEAD by the route of GET.
		const method = c.req.method === "HEAD" ? "GET" : c.req.method;
		const route = matchedRoutes(c).find(
			(each) => each.method === method && !each.path.includes("*"),
		);
		if (route === undefined) {
			// The answer is that there is no such page, or that the method is not allowed.
			return next();
		}
		const access = this.guards.accessTo(method, route.path);
		const { role = "support" } = c.var.operator ?? {};
		const asked = `${method} ${route.path}`;
		if (access === undefined || !isAtLeast(role, access.least)) {
			await this.guards.refusals.note(c, "operator.role-refused", asked);
			return this.guards.refuse(c, access ?? { least: "owner", proof: "never" });
		}
		const isProven = this.guards.now() - c.var.visit.provenAt < PROOF_MS;
		if (!isProven && (await this.needsProof(c, access.proof))) {
			await this.guards.refusals.note(c, "operator.proof-missing", asked);
			return c.redirect(provePath(c, route.path), 303);
		}
		return next();
	};

	private async needsProof(c: AdminContext, proof: Access["proof"]): Promise<boolean> {
		return proof === "with-second-factor"
			? ((await this.guards.operators.stateOf(operatorOf(c)))?.secondFactor ?? null) !== null
			: proof === "always";
	}

	/** Finds the add-on of a page about one plugin. */
	private readonly aboutAddOn: Middleware = async (c, next) => {
		const addOn = await this.guards.addOns.find(c.req.param("pluginId") ?? "");
		if (addOn === undefined) {
			return c.notFound();
		}
		c.set("addOn", addOn);
		return next();
	};
}

/** The settings and the brands of an add-on are shown only while it is active. */
const onlyActive: Middleware = async (c, next) =>
	isActive(c.var.addOn) ? next() : c.redirect(ADMIN_PATHS.integrations, 303);

/** The epoch of the session that sent a request. What its operator changes takes place only while it is the present one. */
export function sessionEpochOf({ var: { visit } }: AdminContext): number {
	if (visit.session === undefined) {
		throw new Error("This page is not guarded, so it has no session.");
	}
	return visit.session.epoch;
}

/** The e-mail address of the operator who sees a page of an {@link OperatorApp}. */
export function operatorOf({ var: { operator } }: AdminContext): string {
	if (operator === undefined) {
		throw new Error("This page is not guarded, so it has no operator.");
	}
	return operator.email;
}

export interface OperatorAreaParts extends OperatorAppParts {
	readonly place: Place;
	/** The only pages that need no session: the log-in. */
	readonly publicPages: (app: Hono<VisitEnv>) => void;
	/** Every other page. */
	readonly pages: readonly ((app: OperatorApp) => void)[];
}

/**
 * The administration as a part of a site. Who asks is found in the storage: while that is away, or before it was asked, a page has
 * the name of the administration and leads to it.
 */
export function administrationPart(place: Place, largeBody: SitePart["largeBody"]): SitePart {
	return {
		below: BELOW,
		failurePage: (c, refusal) => {
			const locale = readerLocale(c, place);
			return refusalPage(c, refusal, siteIn(locale), locale, ADMIN_PATHS.overview);
		},
		largeBody,
	};
}

/** The application of the administration. Its pages are guarded whatever their order. */
export function operatorArea(parts: OperatorAreaParts): Hono<VisitEnv> {
	const app = new Hono<VisitEnv>();
	const home = `${parts.place.baseUrl}${ADMIN_PATHS.overview}`;
	app.use(
		BELOW,
		visits(
			parts.place,
			async (c, refusal, locale) => {
				await parts.refusals.noteForm(c, refusal);
				return formRefusalPage(c, refusal, siteIn(locale), home, locale);
			},
			filesAt,
		),
	);
	parts.publicPages(app);
	app.use(BELOW, newPasswordFirst);
	const guarded = new OperatorApp(parts);
	for (const register of parts.pages) {
		register(guarded);
	}
	app.route("/", guarded);
	guarded.refuseUnknownPages();
	refuseOtherPaths(app);
	refuseOtherMethods(app);
	return app;
}

function siteIn({ text }: Locale): string {
	return text("frame.site");
}

/** The guard covers only the administration's own paths. */
function refuseOtherPaths({ routes }: Hono<VisitEnv>): void {
	const { overview } = ADMIN_PATHS;
	const other = routes.find(({ path }) => path !== overview && !path.startsWith(`${overview}/`));
	if (other !== undefined) {
		throw new Error(`The path ${other.path} is not below ${overview}, so it is not guarded.`);
	}
}

function refuseOtherMethods(app: Hono<VisitEnv>): void {
	for (const path of new Set(app.routes.map((route) => route.path))) {
		if (!path.includes("*")) {
			app.all(path, (c) => {
				const { locale } = c.var.visit;
				return refusalPage(c, "method", siteIn(locale), locale, ADMIN_PATHS.overview);
			});
		}
	}
}
