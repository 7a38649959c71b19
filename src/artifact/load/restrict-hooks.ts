import type { HttpClient } from "../../contract/http.ts";
import type { LoginButton } from "../../contract/login-button.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Manifest } from "../../contract/manifest.ts";
import { parseUrl } from "../../contract/parse-url.ts";
import type { HookName, Plugin } from "../../contract/plugin.ts";
import type { Simulation } from "../../contract/simulation.ts";
import { copyOfAnswer, copyOfButtons, copyOfResponse } from "./answer-copies.ts";
import { CapabilityError } from "./capability-error.ts";
import { knowsAdditions } from "./contract-versions.ts";
import { DeclaredOrigins, plainOrigin } from "./declared-origins.ts";
import { formTargets, refusedElement } from "./form-targets.ts";

type Simulated = Simulation | undefined;
type Method = (...values: readonly unknown[]) => unknown;

const LOGIN_HOOKS: ReadonlySet<HookName> = new Set([
	"startLogin",
	"handleCallback",
	"continueLogin",
]);
/** Hooks whose answers mean nothing. */
const SILENT_HOOKS: ReadonlySet<HookName> = new Set([
	"onDeactivate",
	"onUpgrade",
	"onUninstall",
	"onUserDeleted",
	"onUserClaimed",
	"onUsersMerged",
]);
/** A path that stays on the portal in every browser: its first slash is followed by neither a slash nor a backslash. */
const PORTAL_PATH = /^\/(?![/\\])[!-[\]-~]*$/;
/** Any path, or the page itself. */
const PATH = /^(?:[/?#]|$)/;
const COMPLETE = /^https?:\/\/(?![/\\])/i;
/** Stands for the portal: paths stay on this origin. */
const PORTAL = "https://portal.invalid";
const NO_ADDRESS = "navigation: an address that cannot be read";

/**
 * The hooks that a manifest lists, by the names of hooks, and no others. An answer that leads a visitor to an origin which
 * `capabilities.navigation` does not name rejects with a {@link CapabilityError}: a redirect, a return path or a form.
 * So does markup with an element that leads elsewhere by itself or runs code. Every answer is a copy as plain data: what was
 * checked is what the host uses, even if the plugin answers with getters or
 * a proxy. A login answer that breaks the contract rejects with a TypeError.
 *
 * @param http the host's port. The operator may have replaced the origin of a server that the plugin both calls and
 * leads to.
 */
export function restrictHooks(
	plugin: object,
	manifest: Manifest,
	http: HttpClient,
): Partial<Plugin> {
	const methods = plugin as Readonly<Record<string, Method | undefined>>;
	// Before version 1.2 its answer meant nothing, so a plugin may have answered anything.
	const purgesInSteps = knowsAdditions(manifest.engines.contract, "1.2.0");
	const hooks = manifest.hooks.map(({ hook, method }): [HookName, Method] => {
		const call: Method = (...values) => methods[method]?.apply(plugin, [...values]);
		if (LOGIN_HOOKS.has(hook)) {
			return [hook, async (request) => boundResponse(copyOfResponse(await call(request)))];
		}
		if (hook === "renderLoginButtons") {
			return [hook, async (page) => boundButtons(copyOfButtons(await call(page)))];
		}
		if (hook === "simulate") {
			return [
				hook,
				async (made) => boundSimulation(copyOfAnswer(hook, await call(made)) as Simulated),
			];
		}
		const isSilent = SILENT_HOOKS.has(hook) || (hook === "purgeLinks" && !purgesInSteps);
		if (isSilent) {
			return [hook, async (...values) => void (await call(...values))];
		}
		return [hook, async (...values) => copyOfAnswer(hook, await call(...values))];
	});
	const { navigation, network } = manifest.capabilities;
	const called = network.filter((name) => navigation.includes(`https://${name}`));
	const calledOrigins = new DeclaredOrigins(http, called);
	// Browsers read `https://127.1` as another origin, so nobody is led there by that name.
	const named = navigation.filter((origin) => isAsBrowsersWrite(origin));
	const isTarget = (origin: string): boolean => named.includes(origin) || calledOrigins.has(origin);

	function boundResponse(response: LoginResponse): LoginResponse {
		if (response.kind === "redirect") {
			demandTarget(response.location, isTarget);
		}
		if ("returnPath" in response) {
			demandTarget(response.returnPath);
		}
		if ("page" in response) {
			demandMarkup(response.page.html);
		}
		return response;
	}

	return Object.freeze(Object.fromEntries(hooks)) as Partial<Plugin>;
}

function isAsBrowsersWrite(origin: string): boolean {
	return parseUrl(origin)?.origin === origin;
}

function boundButtons(buttons: readonly LoginButton[]): readonly LoginButton[] {
	for (const { action, html } of buttons) {
		demandTarget(action);
		demandMarkup(html);
	}
	return buttons;
}

function boundSimulation(simulation: Simulated): Simulated {
	for (const step of simulation?.steps ?? []) {
		if (step.kind === "page") {
			demandMarkup(step.page.html);
		}
	}
	return simulation;
}

function demandMarkup(html: string): void {
	const element = refusedElement(html);
	if (element !== undefined) {
		throw new CapabilityError(`navigation: the element ${element}`);
	}
	const targets = formTargets(html);
	if (targets === undefined) {
		throw new CapabilityError(NO_ADDRESS);
	}
	for (const target of targets) {
		// A reference such as `&sol;` would have to be decoded first. No path needs one.
		if (/&(?!amp;)(?:#|\w+;)/.test(target)) {
			throw new CapabilityError(NO_ADDRESS);
		}
		demandTarget(target.replaceAll("&amp;", "&"));
	}
}

/**
 * Reads the address as a browser does. Paths of the portal are always allowed, other origins only if they are targets.
 *
 * @throws CapabilityError also for an address that is neither such a path nor complete: `https:evil.example` is a path on
 * a portal with https, and another site on a portal without.
 */
function demandTarget(location: string, isTarget: (origin: string) => boolean = () => false): void {
	const plain = plainOrigin(location);
	if (plain === undefined ? PORTAL_PATH.test(location) : isTarget(plain)) {
		return;
	}
	const url = parseUrl(location, PORTAL);
	if (url === undefined) {
		throw new CapabilityError(NO_ADDRESS);
	}
	const { origin, protocol } = url;
	if (origin !== PORTAL && !isTarget(origin)) {
		// The error leaves out path and query, which may hold a token.
		throw new CapabilityError(`navigation: ${origin === "null" ? protocol : origin}`);
	}
	const isWhole = origin === PORTAL ? PATH.test(location) : COMPLETE.test(location);
	if (!isWhole || /\p{Cc}/u.test(location)) {
		throw new CapabilityError(NO_ADDRESS);
	}
}
