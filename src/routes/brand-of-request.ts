import type { Brand } from "../contract/brands.ts";
import { isHostOf } from "./request-host.ts";
import type { LoginHook } from "./route-answer.ts";
import type { RoutedPlugin } from "./route-options.ts";

/** A route of a plugin at a brand. */
export interface Route {
	readonly routed: RoutedPlugin;
	readonly brand: Brand;
	readonly hook: LoginHook;
}

/** What tells the brand of a request. */
export interface BrandHints {
	/** The brand, as the helpdesk says; undefined where the address tells it. */
	readonly brandId: string | undefined;
	/** The host of the request, as the browser or a proxy sent it. */
	readonly host: string | undefined;
}

/** The route at a path. @returns undefined where there is none. */
export async function routeAt(
	path: string,
	plugins: readonly RoutedPlugin[],
	hints: BrandHints,
): Promise<Route | undefined> {
	const found: Route[] = [];
	for (const routed of plugins) {
		for (const brand of await routed.brands.list()) {
			const hook = hookAt(path, brand);
			if (hook !== undefined) {
				found.push({ routed, brand, hook });
			}
		}
	}
	return meant(found, ({ brand }) => brand, hints);
}

/** The brand of a page. @returns undefined where there is none. */
export async function brandOf(
	{ brands }: RoutedPlugin,
	hints: BrandHints,
): Promise<Brand | undefined> {
	return meant(await brands.list(), (brand) => brand, hints);
}

/** The one of several that the hints mean. A host decides only between several: a proxy may have changed its name. */
function meant<Each>(
	found: readonly Each[],
	brandIn: (each: Each) => Brand,
	{ brandId, host }: BrandHints,
): Each | undefined {
	if (brandId !== undefined) {
		return found.find((each) => brandIn(each).id === brandId);
	}
	return found.length === 1
		? found[0]
		: found.find((each) => isHostOf(brandIn(each).baseUrl, host));
}

function hookAt(path: string, brand: Brand): LoginHook | undefined {
	switch (path) {
		case brand.startPath:
			return "startLogin";
		case brand.continuePath:
			return "continueLogin";
		case new URL(brand.callbackUrl).pathname:
			return "handleCallback";
		default:
			return undefined;
	}
}
