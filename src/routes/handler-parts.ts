import type { Clock } from "../contract/clock.ts";
import type { Random } from "../contract/random.ts";
import { FormGuard } from "./form-guard.ts";
import { expiredPluginCookies, placeOf } from "./plugin-cookies.ts";
import { PluginRoutes } from "./plugin-routes.ts";
import type { RouteOptions } from "./route-options.ts";

const SYSTEM_CLOCK: Clock = { now: () => Date.now() };
const PLATFORM_RANDOM: Random = {
	bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** The parts of a handler, whatever its framework. */
export function handlerParts<At>(options: RouteOptions<At>): {
	readonly routes: PluginRoutes<At>;
	readonly guard: FormGuard<At>;
} {
	const { csrf, random = PLATFORM_RANDOM, clock = SYSTEM_CLOCK } = options;
	const guard = new FormGuard<At>(csrf, random);
	return { routes: new PluginRoutes(options, guard, clock), guard };
}

/** The origins that the forms of plugins may lead to besides the portal. */
export function formTargets({ plugins }: Pick<RouteOptions<never>, "plugins">): readonly string[] {
	return [...new Set(plugins.flatMap(({ manifest }) => manifest.capabilities.navigation))];
}

/**
 * The `Set-Cookie` values that delete the cookies of all plugins.
 *
 * @param header the `Cookie` header. Undefined: there is none.
 */
export async function forgottenCookies(
	{ plugins }: Pick<RouteOptions<never>, "plugins">,
	header: string | undefined,
): Promise<readonly string[]> {
	const brands = await Promise.all(plugins.map((each) => each.brands.list()));
	return expiredPluginCookies(header, brands.flat().map(placeOf));
}
