import type { Context, Hono } from "hono";
import type { Brand } from "../../../../contract/brands.ts";
import type { ImpactAction } from "../../../../contract/impact.ts";
import { type AddOn, isActive } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { hasFailed } from "../../../add-ons/set-up-results.ts";
import type { Markup } from "../../layout.ts";
import { field, type VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, notice } from "../admin-pages.ts";
import {
	doneQuery,
	type WithdrawalParts,
	withdrawalRoute,
} from "../integrations/withdrawal-routes.ts";
import { anywayOf, manageLoginPage, socialLoginPage } from "./social-login-page.ts";

export interface SocialLoginParts extends WithdrawalParts {
	readonly addOns: AddOns;
	readonly doneMessage: (c: AdminContext) => Promise<Markup>;
}

const LIST = new Intl.ListFormat("en");

type AdminContext = Context<VisitEnv>;

/** On which brands' pages a plugin's button is. */
export function socialLoginRoutes(app: Hono<VisitEnv>, parts: SocialLoginParts): void {
	const { addOns, show, doneMessage } = parts;
	const { socialLogin } = ADMIN_PATHS;
	const managePath = ({ loaded }: AddOn): string => `${socialLogin}/${loaded.manifest.id}`;

	const brandStates = ({ brands, settings, tests }: AddOn) =>
		Promise.all(
			brands.map(async (brand) => ({
				brand,
				enabled: (await settings.read(brand.id)).enabled,
				complete: await settings.isComplete(brand.id),
				test: await tests.last(brand.id),
			})),
		);
	const concernsAnybody = async ({ withdrawal }: AddOn, brand: Brand): Promise<boolean> =>
		(await withdrawal.concerns([switchOff(brand)]))?.length !== 0;
	const switchOffPath = (addOn: AddOn, off: readonly Brand[]): string =>
		`${managePath(addOn)}/switch-off?${off.map((brand) => `brand=${encodeURIComponent(brand.id)}`).join("&")}`;

	withdrawalRoute(
		app,
		parts,
		`${socialLogin}/:pluginId/switch-off`,
		managePath,
		async (addOn, c) => {
			const { brands, plugin, settings, withdrawal } = addOn;
			const { name } = plugin.loaded.manifest;
			const asked = c.req.queries("brand") ?? [];
			const off = (await brandStates(addOn))
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
					action: switchOffPath(addOn, off),
					button: "Submit",
					back: managePath(addOn),
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
					return `${managePath(addOn)}?${doneQuery(done, letters)}`;
				},
			};
		},
	);

	app.get(socialLogin, async (c) => {
		const offered: AddOn[] = [];
		for (const addOn of (await addOns.all()).filter(isActive)) {
			if ((await brandStates(addOn)).some(({ complete }) => complete)) {
				offered.push(addOn);
			}
		}
		return show(c, "Social Login", socialLoginPage(offered));
	});
	app.get(`${socialLogin}/:pluginId`, async (c) => {
		const { addOn } = c.var;
		const message = await doneMessage(c);
		const states = await brandStates(addOn);
		return show(
			c,
			"Social Login",
			manageLoginPage(addOn.plugin, states, c.var.visit.csrf, message),
		);
	});
	app.post(`${socialLogin}/:pluginId`, async (c) => {
		const { addOn } = c.var;
		const { plugin, settings } = addOn;
		const { form } = c.var.visit;
		const refused: Brand[] = [];
		const unsettled: Brand[] = [];
		for (const { brand, complete, enabled, test } of await brandStates(addOn)) {
			const wanted = field(form, brand.id) !== undefined && complete;
			const anyway = field(form, anywayOf(brand.id)) !== undefined;
			if (wanted && !enabled && hasFailed(test) && !anyway) {
				refused.push(brand);
			} else if (enabled && !wanted && (await concernsAnybody(addOn, brand))) {
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
			const states = (await brandStates(addOn)).map((state) => ({
				...state,
				...(unsettled.includes(state.brand) && { enabled: false }),
				...(refused.includes(state.brand) && { wanted: true }),
			}));
			const page = manageLoginPage(plugin, states, c.var.visit.csrf, message);
			return show(c, "Social Login", page, 409);
		}
		if (unsettled.length > 0) {
			return c.redirect(switchOffPath(addOn, unsettled), 303);
		}
		return c.redirect(`${managePath(addOn)}?done=submitted`, 303);
	});
}

function switchOff(brand: Brand): ImpactAction {
	return { kind: "switch-off", brandId: brand.id };
}
