import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Operators } from "../operators.ts";
import { ALL_BRANDS, type PluginSettings } from "../plugin-settings.ts";
import { hasFailed, type SetUpTests } from "../set-up-tests.ts";
import {
	ADMIN_PATHS,
	anywayOf,
	integrationsPage,
	loginPage,
	manageLoginPage,
	notice,
	overviewPage,
	profilePage,
	type SettingsPlace,
	settingsPage,
	socialLoginPage,
	textsOf,
} from "./admin-pages.ts";
import { type AdminUserParts, adminUserRoutes, USER_PATHS } from "./admin-users.ts";
import { refusalPage } from "./bare-pages.ts";
import { csrfField, layout, type Markup, sendPage } from "./layout.ts";
import { settingsFormReader } from "./settings-form.ts";
import { field, type Place, signIn, signOut, type VisitEnv, visits } from "./visit.ts";

export interface AdminParts extends Omit<AdminUserParts, "show"> {
	readonly place: Place;
	readonly operators: Operators;
	readonly settings: PluginSettings;
	readonly tests: SetUpTests;
	/** Seconds to wait before a password is looked at; 0 when it may be. */
	readonly secondsToWait: (c: Context<VisitEnv>, account: string) => number;
}

type AdminContext = Context<VisitEnv>;

const SITE = "Helpdesk administration";
const NONE = html``;

const DONE: ReadonlyMap<string, string> = new Map([
	["activated", "X is active. Where keys are missing, enter them under Settings."],
	["deactivated", "X is deactivated. Its settings and links are kept."],
	["saved", "The settings are saved."],
	["submitted", "Saved. The button is on the pages of the brands switched on."],
	["password", "Your password is changed."],
]);

/** What operators see, all of it behind their log-in. */
export function adminApp(parts: AdminParts): Hono<VisitEnv> {
	const { place, operators, plugin, settings, brands, tests } = parts;
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
		if (parts.secondsToWait(c, email) > 0) {
			const problem = notice("Too many attempts. Wait a minute and try again.", true);
			return show(c, "Log in", loginPage(c.var.visit.csrf, problem), 429);
		}
		if (!(await operators.isPassword(email, password))) {
			const problem = notice("This address and password do not belong together.", true);
			return show(c, "Log in", loginPage(c.var.visit.csrf, problem), 400);
		}
		await signIn(c, place, email, await operators.sessionEpochOf(email));
		return c.redirect("/admin", 303);
	});

	// Whatever is added below is for operators only.
	app.use("/admin/*", async (c, next) => {
		const { subjectId } = c.var.visit;
		const isOperator = subjectId !== undefined && (await operators.has(subjectId));
		return isOperator ? next() : c.redirect("/admin/login", 303);
	});

	adminUserRoutes(app, { ...parts, show });

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
		await signIn(c, place, subjectId, await operators.changePassword(subjectId, next));
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
	for (const path of [
		`${integrations}/${id}`,
		`${integrations}/${id}/test`,
		`${socialLogin}/${id}`,
	]) {
		app.use(path, async (c, next) =>
			(await plugin.isActive()) ? next() : c.redirect(integrations, 303),
		);
	}

	// What holds for all brands is set like a brand of its own.
	const places: readonly SettingsPlace[] = [...brands, { id: ALL_BRANDS, name: "All brands" }];
	const brandOf = (c: AdminContext): SettingsPlace | undefined => {
		const asked = c.req.query("brand");
		return asked === undefined ? brands[0] : places.find((place) => place.id === asked);
	};
	const readForm = settingsFormReader(plugin.loaded.settingsSchema);
	const secretNames = Object.entries(plugin.loaded.settingsSchema.properties).flatMap(
		([name, { writeOnly }]) => (writeOnly ? [name] : []),
	);
	const showSettings = async (
		c: AdminContext,
		brand: SettingsPlace,
		shown: Partial<Pick<Parameters<typeof settingsPage>[0], "values" | "problems" | "message">>,
		status = 200,
	) => {
		const states = await Promise.all(
			secretNames.map(async (name) => [name, await settings.secretState(brand.id, name)] as const),
		);
		const { values, sources } = await settings.read(brand.id);
		// What was typed and refused stands in its field again.
		const own = brand.id === ALL_BRANDS ? ("default" as const) : ("brand" as const);
		const typed = Object.keys(shown.values ?? {}).map((name) => [name, own] as const);
		const page = settingsPage({
			plugin,
			brands,
			brand,
			values,
			sources: { ...sources, ...Object.fromEntries(typed) },
			common: (await settings.read(ALL_BRANDS)).values,
			secrets: new Map(states),
			test: await tests.last(brand.id),
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
		await settings.save(brand.id, typed);
		await tests.forget(brand.id === ALL_BRANDS ? brands.map(({ id }) => id) : [brand.id]);
		return c.redirect(
			`${integrations}/${id}?brand=${encodeURIComponent(brand.id)}&done=saved`,
			303,
		);
	});

	app.post(`${integrations}/${id}/test`, async (c) => {
		const brand = brandOf(c);
		if (brand === undefined || brand.id === ALL_BRANDS) {
			return c.notFound();
		}
		await tests.run(brand.id);
		return c.redirect(`${integrations}/${id}?brand=${brand.id}#test`, 303);
	});

	const brandStates = () =>
		Promise.all(
			brands.map(async (brand) => ({
				brand,
				enabled: (await settings.read(brand.id)).enabled,
				complete: await settings.isComplete(brand.id),
				test: await tests.last(brand.id),
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
		const { form } = c.var.visit;
		const refused: string[] = [];
		for (const { brand, complete, enabled, test } of await brandStates()) {
			const wanted = field(form, brand.id) !== undefined && complete;
			const anyway = field(form, anywayOf(brand.id)) !== undefined;
			if (wanted && !enabled && hasFailed(test) && !anyway) {
				refused.push(brand.name);
			} else {
				await settings.enable(brand.id, wanted);
			}
		}
		if (refused.length > 0) {
			const message = notice(
				`${refused.join(", ")}: the last test failed, so it was not switched on. Mend what the test found, or check “Switch on anyway”.`,
				true,
			);
			const page = manageLoginPage(plugin, await brandStates(), c.var.visit.csrf, message);
			return show(c, "Social Login", page, 409);
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
			: html`<a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a><a href="${ADMIN_PATHS.socialLogin}">Social Login</a><a href="${USER_PATHS.users}">Users</a><a href="${USER_PATHS.registration}">Registration</a><a href="${USER_PATHS.mailbox}">Mailbox</a><a href="/admin/profile">Your profile</a><form method="post" action="/admin/logout">${csrfField(csrf)}<button class="link" type="submit">Log out</button></form>`;
	const wide = subjectId !== undefined;
	return layout({ lang: "en", title, site: SITE, home: "/admin", navigation, content, wide });
}
