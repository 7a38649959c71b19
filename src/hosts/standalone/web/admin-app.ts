import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { InstalledPlugin } from "../installed-plugin.ts";
import type { Operators } from "../operators.ts";
import type { PluginSettings } from "../plugin-settings.ts";
import {
	ADMIN_PATHS,
	integrationsPage,
	loginPage,
	manageLoginPage,
	notice,
	overviewPage,
	profilePage,
	settingsPage,
	socialLoginPage,
	textsOf,
} from "./admin-pages.ts";
import { refusalPage } from "./bare-pages.ts";
import { csrfField, layout, type Markup, sendPage } from "./layout.ts";
import { settingsFormReader } from "./settings-form.ts";
import { field, type Place, signIn, signOut, type VisitEnv, visits } from "./visit.ts";

export interface AdminParts {
	readonly place: Place;
	readonly operators: Operators;
	readonly plugin: InstalledPlugin;
	readonly settings: PluginSettings;
	readonly brands: readonly Brand[];
}

type AdminContext = Context<VisitEnv>;

const SITE = "Helpdesk administration";
const NONE = html``;

const DONE: ReadonlyMap<string, string> = new Map([
	["activated", "X is active. Enter its keys under Settings."],
	["deactivated", "X is deactivated. Its settings and links are kept."],
	["saved", "The settings are saved."],
	["submitted", "Saved. The button is on the pages of the brands switched on."],
	["password", "Your password is changed."],
]);

/** What operators see, all of it behind their log-in. */
export function adminApp(parts: AdminParts): Hono<VisitEnv> {
	const { place, operators, plugin, settings, brands } = parts;
	const { id } = plugin.loaded.manifest;
	const { integrations, socialLogin } = ADMIN_PATHS;
	const app = new Hono<VisitEnv>();
	app.use(
		"/admin/*",
		visits(place, (c, refusal, locale) => refusalPage(c, refusal, SITE, locale)),
	);

	const show = (c: AdminContext, title: string, content: Markup, status = 200) =>
		sendPage(c, adminPage(c, title, content), status);
	const doneMessage = (c: AdminContext): Markup => {
		const sentence = DONE.get(c.req.query("done") ?? "");
		return sentence === undefined ? NONE : notice(sentence);
	};

	app.get("/admin/login", async (c) => show(c, "Log in", loginPage(c.var.visit.csrf, NONE)));
	app.post("/admin/login", async (c) => {
		const email = field(c.var.visit.form, "email")?.trim().toLowerCase().slice(0, 254) ?? "";
		const password = field(c.var.visit.form, "password")?.slice(0, 256) ?? "";
		if (!(await operators.isPassword(email, password))) {
			const problem = notice("This address and password do not belong together.", true);
			return show(c, "Log in", loginPage(c.var.visit.csrf, problem), 400);
		}
		await signIn(c, place, email);
		return c.redirect("/admin", 303);
	});

	// Whatever is added below is for operators only.
	app.use("/admin/*", async (c, next) => {
		const { subjectId } = c.var.visit;
		const isOperator = subjectId !== undefined && (await operators.has(subjectId));
		return isOperator ? next() : c.redirect("/admin/login", 303);
	});

	app.get("/admin", async (c) => show(c, "Settings", overviewPage()));
	app.post("/admin/logout", async (c) => {
		await signOut(c, place);
		return c.redirect("/admin/login", 303);
	});

	const profile = (c: AdminContext, message: Markup, status = 200) => {
		const { csrf, subjectId = "" } = c.var.visit;
		return show(c, "Your profile", profilePage(csrf, subjectId, message), status);
	};
	app.get("/admin/profile", async (c) => profile(c, doneMessage(c)));
	app.post("/admin/profile", async (c) => {
		const { form, subjectId = "" } = c.var.visit;
		const next = field(form, "new") ?? "";
		if (next.length < 12 || next.length > 256) {
			return profile(c, notice("Choose a new password of 12 to 256 characters.", true), 400);
		}
		if (!(await operators.isPassword(subjectId, field(form, "current") ?? ""))) {
			return profile(c, notice("The current password is another one.", true), 400);
		}
		await operators.changePassword(subjectId, next);
		await signIn(c, place, subjectId);
		return c.redirect("/admin/profile?done=password", 303);
	});

	const showIntegrations = async (c: AdminContext, message: Markup, status = 200) => {
		const active = await plugin.isActive();
		const complete = await Promise.all(brands.map((brand) => settings.isComplete(brand.id)));
		const missing = brands.filter((_, index) => !complete[index]).map(({ name }) => name);
		const page = integrationsPage(plugin, { active, missing }, c.var.visit.csrf, message);
		return show(c, "Third-Party Integrations", page, status);
	};
	app.get(integrations, async (c) => showIntegrations(c, doneMessage(c)));
	app.post(`${integrations}/${id}/activate`, async (c) => {
		try {
			await plugin.activate();
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			return showIntegrations(c, notice(`X could not be activated: ${reason}`, true), 409);
		}
		return c.redirect(`${integrations}?done=activated`, 303);
	});
	app.post(`${integrations}/${id}/deactivate`, async (c) => {
		await plugin.deactivate();
		return c.redirect(`${integrations}?done=deactivated`, 303);
	});

	// Settings and brands of a plugin can be reached only while it is active.
	for (const path of [`${integrations}/${id}`, `${socialLogin}/${id}`]) {
		app.use(path, async (c, next) =>
			(await plugin.isActive()) ? next() : c.redirect(integrations, 303),
		);
	}

	const brandOf = (c: AdminContext): Brand | undefined => {
		const asked = c.req.query("brand");
		return asked === undefined ? brands[0] : brands.find((brand) => brand.id === asked);
	};
	const readForm = settingsFormReader(plugin.loaded.settingsSchema);
	const secretNames = Object.entries(plugin.loaded.settingsSchema.properties).flatMap(
		([name, { writeOnly }]) => (writeOnly ? [name] : []),
	);
	const showSettings = async (
		c: AdminContext,
		brand: Brand,
		shown: Partial<Pick<Parameters<typeof settingsPage>[0], "values" | "problems" | "message">>,
		status = 200,
	) => {
		const has = await Promise.all(secretNames.map((name) => settings.has(brand.id, name)));
		const page = settingsPage({
			plugin,
			brands,
			brand,
			values: (await settings.read(brand.id)).values,
			stored: new Set(secretNames.filter((_, index) => has[index])),
			problems: new Map(),
			csrf: c.var.visit.csrf,
			message: doneMessage(c),
			...shown,
		});
		return show(c, "X settings", page, status);
	};
	app.get(`${integrations}/${id}`, async (c) => {
		const brand = brandOf(c);
		return brand === undefined ? c.notFound() : showSettings(c, brand, {});
	});
	app.post(`${integrations}/${id}`, async (c) => {
		const brand = brandOf(c);
		if (brand === undefined) {
			return c.notFound();
		}
		const typed = readForm(c.var.visit.form);
		const problems = new Map(typed.problems);
		if (problems.size === 0) {
			const change = { brandId: brand.id, values: typed.values, secrets: typed.secrets };
			for (const { setting, message } of await plugin.refuseSettings(change)) {
				problems.set(setting, textsOf(plugin)(message));
			}
		}
		if (problems.size > 0) {
			const message = notice("Nothing is saved yet. Mend what is marked below.", true);
			return showSettings(c, brand, { values: typed.values, problems, message }, 400);
		}
		await settings.save(brand.id, typed.values, typed.secrets);
		return c.redirect(`${integrations}/${id}?brand=${brand.id}&done=saved`, 303);
	});

	const brandStates = () =>
		Promise.all(
			brands.map(async (brand) => ({
				brand,
				enabled: (await settings.read(brand.id)).enabled,
				complete: await settings.isComplete(brand.id),
			})),
		);
	app.get(socialLogin, async (c) => {
		const offered =
			(await plugin.isActive()) && (await brandStates()).some(({ complete }) => complete);
		return show(c, "Social Login", socialLoginPage(plugin, offered));
	});
	app.get(`${socialLogin}/${id}`, async (c) => {
		const page = manageLoginPage(plugin, await brandStates(), c.var.visit.csrf, doneMessage(c));
		return show(c, "Social Login", page);
	});
	app.post(`${socialLogin}/${id}`, async (c) => {
		for (const { brand, complete } of await brandStates()) {
			const wanted = field(c.var.visit.form, brand.id) !== undefined;
			await settings.enable(brand.id, wanted && complete);
		}
		return c.redirect(`${socialLogin}/${id}?done=submitted`, 303);
	});

	for (const path of new Set(app.routes.map((route) => route.path))) {
		if (!path.includes("*")) {
			app.all(path, (c) => refusalPage(c, "method", SITE, c.var.visit.locale));
		}
	}
	return app;
}

function adminPage(c: AdminContext, title: string, content: Markup): Markup {
	const { subjectId, csrf } = c.var.visit;
	const navigation =
		subjectId === undefined
			? NONE
			: html`<a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a><a href="${ADMIN_PATHS.socialLogin}">Social Login</a><a href="/admin/profile">Your profile</a><form method="post" action="/admin/logout">${csrfField(csrf)}<button class="link" type="submit">Log out</button></form>`;
	const wide = subjectId !== undefined;
	return layout({ lang: "en", title, site: SITE, home: "/admin", navigation, content, wide });
}
