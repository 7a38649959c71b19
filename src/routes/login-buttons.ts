import type { LoginButton, LoginPage } from "../contract/login-button.ts";
import { brandOf } from "./brand-of-request.ts";
import { withFormField } from "./form-field.ts";
import type { FormGuard } from "./form-guard.ts";
import { HOOK_MS, hookInTime } from "./hook-in-time.ts";
import type { Incoming } from "./incoming.ts";
import { isThere, localeOf, report } from "./plugin-routes.ts";
import type { ButtonPage, RoutedPlugin, RouteOptions } from "./route-options.ts";

/** The buttons for a page, and the `Set-Cookie` values that their forms need. */
export interface ShownButtons {
	/** In their order. Each has the CSRF field in its markup and among its fields. */
	readonly buttons: readonly LoginButton[];
	readonly cookies: readonly string[];
}

/** The buttons of all active plugins for a page of the helpdesk. A plugin that fails has none. */
export async function loginButtons<At>(
	options: RouteOptions<At>,
	guard: FormGuard<At>,
	incoming: Incoming,
	at: At,
	{ brandId = options.brandId?.(at), page, returnPath }: ButtonPage,
): Promise<ShownButtons> {
	const hints = { brandId, host: incoming.header("host") };
	const user = page === "account" ? await options.currentUser(at) : undefined;
	const drawn: LoginButton[] = [];
	const brands = await Promise.all(options.plugins.map((routed) => brandOf(routed, hints)));
	for (const [index, routed] of options.plugins.entries()) {
		const brand = brands[index];
		if (brand !== undefined) {
			const asked = { brandId: brand.id, page, returnPath, locale: localeOf(options, brand, at) };
			drawn.push(...(await draw(options, routed, user ? { ...asked, userId: user.id } : asked)));
		}
	}
	const brand = brands.find((each) => each !== undefined);
	if (brand === undefined || drawn.length === 0) {
		return { buttons: [], cookies: [] };
	}
	const { field, cookies } = await guard.proofFor(brand, incoming, at);
	const [name, value] = field;
	const buttons = drawn
		.sort((a, b) => a.order - b.order)
		.map((button) => ({
			...button,
			html: withFormField(button.html, field),
			fields: { ...button.fields, [name]: value },
		}));
	return { buttons, cookies };
}

async function draw<At>(
	options: RouteOptions<At>,
	routed: RoutedPlugin,
	page: LoginPage,
): Promise<readonly LoginButton[]> {
	if (!(await isThere(routed, "renderLoginButtons"))) {
		return [];
	}
	try {
		const call = async () => routed.plugin.renderLoginButtons?.(page);
		return (await hookInTime(call(), HOOK_MS)) ?? [];
	} catch (error) {
		report(options, error, routed, "renderLoginButtons");
		return [];
	}
}
