import { Hono, type MiddlewareHandler } from "hono";
import { isActive } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import type { Operators } from "../../people/operators.ts";
import { formRefusalPage, refusalPage } from "../bare-pages.ts";
import { type Place, type VisitEnv, visits } from "../visit.ts";
import { SITE } from "./admin-layout.ts";
import type { AdminContext } from "./admin-pages.ts";
import { ADMIN_PATHS, ANY_PLUGIN, integrationPaths, socialLoginPaths } from "./paths.ts";
import { filesAt } from "./uploads.ts";

type Middleware = MiddlewareHandler<VisitEnv>;

const BELOW = `${ADMIN_PATHS.overview}/*`;

/** An application that begins with its guards: every page registered on it is for operators who are logged in. */
export class OperatorApp extends Hono<VisitEnv> {
	constructor(
		private readonly operators: Operators,
		private readonly addOns: AddOns,
	) {
		super();
		this.use(BELOW, this.onlyOperators);
		const { settings, test } = integrationPaths(ANY_PLUGIN);
		const { manage, switchOff } = socialLoginPaths(ANY_PLUGIN);
		for (const path of [settings, manage]) {
			this.use(`${path}/*`, this.aboutAddOn);
		}
		for (const path of [settings, test, manage, switchOff]) {
			this.use(path, onlyActive);
		}
	}

	private readonly onlyOperators: Middleware = async (c, next) => {
		const { subjectId } = c.var.visit;
		const isOperator = subjectId !== undefined && (await this.operators.has(subjectId));
		return isOperator ? next() : c.redirect(ADMIN_PATHS.logIn, 303);
	};

	/** Finds the add-on of a page about one plugin. */
	private readonly aboutAddOn: Middleware = async (c, next) => {
		const addOn = await this.addOns.find(c.req.param("pluginId") ?? "");
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

/** The e-mail address of the operator who sees a page of an {@link OperatorApp}. */
export function operatorOf({ var: { visit } }: AdminContext): string {
	if (visit.subjectId === undefined) {
		throw new Error("This page is not guarded, so it has no operator.");
	}
	return visit.subjectId;
}

export interface OperatorAreaParts {
	readonly place: Place;
	readonly operators: Operators;
	readonly addOns: AddOns;
	/** The only pages that need no session: the log-in. */
	readonly publicPages: (app: Hono<VisitEnv>) => void;
	/** Every other page. */
	readonly pages: readonly ((app: OperatorApp) => void)[];
}

/** The application of the administration. Its pages are guarded whatever their order. */
export function operatorArea(parts: OperatorAreaParts): Hono<VisitEnv> {
	const app = new Hono<VisitEnv>();
	const home = `${parts.place.baseUrl}${ADMIN_PATHS.overview}`;
	app.use(
		BELOW,
		visits(
			parts.place,
			(c, refusal, locale) => formRefusalPage(c, refusal, SITE, home, locale),
			filesAt,
		),
	);
	parts.publicPages(app);
	const guarded = new OperatorApp(parts.operators, parts.addOns);
	for (const register of parts.pages) {
		register(guarded);
	}
	app.route("/", guarded);
	refuseOtherPaths(app);
	refuseOtherMethods(app);
	return app;
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
			app.all(path, (c) => refusalPage(c, "method", SITE, c.var.visit.locale));
		}
	}
}
