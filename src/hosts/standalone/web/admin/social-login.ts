import type { Context, Hono } from "hono";
import type { Brand } from "../../../../contract/brands.ts";
import type { ImpactAction } from "../../../../contract/impact.ts";
import type { PluginSettings } from "../../plugin-settings.ts";
import { hasFailed, type SetUpTests } from "../../set-up-tests.ts";
import type { Markup } from "../layout.ts";
import { field, type VisitEnv } from "../visit.ts";
import { ADMIN_PATHS, notice } from "./admin-pages.ts";
import { anywayOf, manageLoginPage, socialLoginPage } from "./social-login-page.ts";
import { doneQuery, type WithdrawalParts, withdrawalRoute } from "./withdrawal.ts";

export interface SocialLoginParts extends WithdrawalParts {
	readonly settings: PluginSettings;
	readonly tests: SetUpTests;
	readonly doneMessage: (c: AdminContext) => Markup;
}

const LIST = new Intl.ListFormat("en");

type AdminContext = Context<VisitEnv>;

/** On which brands' pages a plugin's button is. */
export function socialLoginRoutes(app: Hono<VisitEnv>, parts: SocialLoginParts): void {
	const { brands, plugin, settings, tests, withdrawal, show, doneMessage } = parts;
	const { id, name } = plugin.loaded.manifest;
	const { socialLogin } = ADMIN_PATHS;
	const managePath = `${socialLogin}/${id}`;

	const brandStates = () =>
		Promise.all(
			brands.map(async (brand) => ({
				brand,
				enabled: (await settings.read(brand.id)).enabled,
				complete: await settings.isComplete(brand.id),
				test: await tests.last(brand.id),
			})),
		);
	const concernsAnybody = async (brand: Brand): Promise<boolean> =>
		(await withdrawal.concerns([switchOff(brand)]))?.length !== 0;
	const switchOffPath = (off: readonly Brand[]): string =>
		`${managePath}/switch-off?${off.map((brand) => `brand=${encodeURIComponent(brand.id)}`).join("&")}`;

	withdrawalRoute(app, parts, `${managePath}/switch-off`, managePath, async (c) => {
		const asked = c.req.queries("brand") ?? [];
		const off = (await brandStates())
			.filter(({ brand, enabled }) => enabled && asked.includes(brand.id))
			.map(({ brand }) => brand);
		if (off.length === 0) {
			return undefined;
		}
		const names = LIST.format(off.map((brand) => brand.name));
		const others = off.length === brands.length ? "" : " The other brands are set as you chose.";
		const actions = off.map(switchOff);
		return {
			actions,
			question: {
				title: `Switch ${name} off at ${names}?`,
				consequence: `Nobody can log in with ${name} at ${names} until you switch it on again.${others}`,
				keep: "The links stay. Everything is as before when you switch it on again.",
				purge: plugin.can("purgeLinks")
					? `The links at ${names} go for good. Whoever wants to use ${name} again has to link it anew.`
					: undefined,
				action: switchOffPath(off),
				button: "Submit",
				back: managePath,
			},
			carryOut: async (answer) => {
				for (const brand of off) {
					await settings.enable(brand.id, false);
				}
				const letters = answer.letters ? await withdrawal.writeLetters(actions) : undefined;
				if (answer.data === "purge") {
					await withdrawal.purge(off.map((brand) => brand.id));
				}
				const done = answer.data === "purge" ? "switched-off-purged" : "submitted";
				return `${managePath}?${doneQuery(done, letters)}`;
			},
		};
	});

	app.get(socialLogin, async (c) => {
		const offered =
			(await plugin.isActive()) && (await brandStates()).some(({ complete }) => complete);
		return show(c, "Social Login", socialLoginPage(plugin, offered));
	});
	app.get(managePath, async (c) => {
		const page = manageLoginPage(plugin, await brandStates(), c.var.visit.csrf, doneMessage(c));
		return show(c, "Social Login", page);
	});
	app.post(managePath, async (c) => {
		const { form } = c.var.visit;
		const refused: Brand[] = [];
		const unsettled: Brand[] = [];
		for (const { brand, complete, enabled, test } of await brandStates()) {
			const wanted = field(form, brand.id) !== undefined && complete;
			const anyway = field(form, anywayOf(brand.id)) !== undefined;
			if (wanted && !enabled && hasFailed(test) && !anyway) {
				refused.push(brand);
			} else if (enabled && !wanted && (await concernsAnybody(brand))) {
				unsettled.push(brand);
			} else {
				await settings.enable(brand.id, wanted);
			}
		}
		if (refused.length > 0) {
			const message = notice(
				`${LIST.format(refused.map(({ name }) => name))}: the last test failed, so it is not switched on yet. Mend what the test found, or check “on anyway” below.`,
				true,
			);
			// What was to be switched off is asked about when the form is sent again.
			const states = (await brandStates()).map((state) => ({
				...state,
				...(unsettled.includes(state.brand) && { enabled: false }),
				...(refused.includes(state.brand) && { wanted: true }),
			}));
			const page = manageLoginPage(plugin, states, c.var.visit.csrf, message);
			return show(c, "Social Login", page, 409);
		}
		if (unsettled.length > 0) {
			return c.redirect(switchOffPath(unsettled), 303);
		}
		return c.redirect(`${managePath}?done=submitted`, 303);
	});
}

function switchOff(brand: Brand): ImpactAction {
	return { kind: "switch-off", brandId: brand.id };
}
