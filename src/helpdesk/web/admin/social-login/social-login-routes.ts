import { type AddOn, isActive } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import type { AdminContext } from "../admin-pages.ts";
import { type DoneMessage, doneQuery } from "../done-message.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, ANY_PLUGIN, socialLoginPaths } from "../paths.ts";
import type { WithdrawalParts } from "../withdrawal/withdrawal-route.ts";
import { brandSwitches, type SwitchedBrands, switchBrands } from "./brand-switches.ts";
import {
	manageLoginPage,
	type ShownResult,
	type ShownSwitch,
	socialLoginPage,
	switchOf,
} from "./social-login-page.ts";
import { managePath, switchOffPath, switchOffRoute } from "./switch-off.ts";

export interface SocialLoginParts extends WithdrawalParts {
	readonly addOns: AddOns;
	readonly doneMessage: DoneMessage;
}

/** Lets operators choose the brands whose pages show a plugin's button. */
export function socialLoginRoutes(app: OperatorApp, parts: SocialLoginParts): void {
	const { addOns, show, doneMessage } = parts;
	const { manage } = socialLoginPaths(ANY_PLUGIN);
	const showSwitches = (
		c: AdminContext,
		switches: readonly ShownSwitch[],
		result: ShownResult,
		status = 200,
	) => {
		const { plugin } = c.var.addOn;
		const { csrf, locale } = c.var.visit;
		const page = manageLoginPage(plugin, switches, csrf, result, locale);
		const { name } = plugin.loaded.manifest;
		return show(c, locale.text("switches.title", { name }), page, status);
	};

	app.get(ADMIN_PATHS.socialLogin, async (c) => {
		const { locale } = c.var.visit;
		const page = socialLoginPage(await offeredIn(addOns), locale);
		return show(c, locale.text("social-login.title"), page);
	});
	app.get(manage, async (c) =>
		showSwitches(c, await brandSwitches(c.var.addOn), { message: await doneMessage(c) }),
	);
	app.post(manage, async (c) => {
		const { addOn } = c.var;
		const switched = await switchBrands(addOn, c.var.visit.form);
		const { refused, unsettled } = switched;
		if (refused.length > 0) {
			const problems = new Map(
				refused.map((brand) => [
					switchOf(brand),
					c.var.visit.locale.text("switches.refused", { brand: brand.name }),
				]),
			);
			return showSwitches(c, await switchesAfter(addOn, switched), { problems }, 409);
		}
		return unsettled.length > 0
			? c.redirect(switchOffPath(addOn, unsettled), 303)
			: c.redirect(await pageAfter(addOn), 303);
	});
	switchOffRoute(app, parts);
}

/** The page says whether the integration is connected now. */
async function pageAfter(addOn: AddOn): Promise<string> {
	const isAnyOn = (await brandSwitches(addOn)).some(({ enabled }) => enabled);
	const { id } = addOn.loaded.manifest;
	return `${managePath(addOn)}?${doneQuery(isAnyOn ? "connected" : "submitted")}&add-on=${id}`;
}

/** The integrations that are active and set up at one brand at least. */
async function offeredIn(addOns: AddOns): Promise<readonly AddOn[]> {
	const offered: AddOn[] = [];
	for (const addOn of (await addOns.all()).filter(isActive)) {
		if ((await brandSwitches(addOn)).some(({ complete }) => complete)) {
			offered.push(addOn);
		}
	}
	return offered;
}

/** The switches as they were sent. When the form is sent again, it asks about the brands that it switches off. */
async function switchesAfter(
	addOn: AddOn,
	{ refused, unsettled }: SwitchedBrands,
): Promise<readonly ShownSwitch[]> {
	return (await brandSwitches(addOn)).map((each) => ({
		...each,
		...(unsettled.includes(each.brand) && { enabled: false }),
		...(refused.includes(each.brand) && { wanted: true }),
	}));
}
