import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { LoginButton, LoginPage } from "../contract/login-button.ts";
import type { LoginRequest } from "../contract/login-request.ts";
import type { LoginResponse } from "../contract/login-response.ts";
import type { ActivationReport, Plugin } from "../contract/plugin.ts";
import { composePlugin } from "./container.ts";
import { LOGIN_SETTINGS } from "./injection.ts";
import { messagesFor } from "./locale/messages.ts";
import { Links } from "./login/links.ts";
import { LoginError } from "./login/login-error.ts";
import { LoginFlow } from "./login/login-flow.ts";
import type { LoginSettings } from "./login/login-settings.ts";
import { returnPath } from "./login/return-path.ts";
import { traceCode } from "./login/trace-code.ts";
import { loginEnd } from "./login-end.ts";
import { refuseSettings } from "./settings/refuse-settings.ts";
import { loginButton } from "./views/login-button.ts";

/** The X plugin, wired to a helpdesk. */
export function createPlugin(host: HelpdeskHost): Plugin {
	const container = composePlugin(host);
	const settings = container.resolve<LoginSettings>(LOGIN_SETTINGS);
	const flow = container.resolve(LoginFlow);
	const links = container.resolve(Links);

	async function onActivate(): Promise<ActivationReport> {
		const brandIds: string[] = [];
		for (const brand of await host.brands.list()) {
			const { credentials } = await settings.read(brand.id);
			if (credentials === undefined) {
				brandIds.push(brand.id);
			}
		}
		return brandIds.length === 0 ? { state: "ready" } : { state: "needs-setup", brandIds };
	}

	async function renderLoginButtons(page: LoginPage): Promise<readonly LoginButton[]> {
		const [brand, login] = await Promise.all([
			host.brands.find(page.brandId),
			settings.read(page.brandId),
		]);
		const signsUp = page.page === "register";
		const useless = signsUp && (login.mode === "login-only" || !brand?.registrationOpen);
		if (brand === undefined || !login.enabled || login.credentials === undefined || useless) {
			return [];
		}
		const text = messagesFor(page.locale);
		return [
			loginButton({
				label: text(signsUp ? "button.sign-up" : "button.log-in"),
				intent: signsUp ? "sign-up" : "log-in",
				action: brand.startPath,
				returnPath: returnPath(page.returnPath, brand.baseUrl),
			}),
		];
	}

	/** The one place where an error becomes a page. */
	async function answer(
		request: LoginRequest,
		step: () => Promise<LoginResponse>,
	): Promise<LoginResponse> {
		try {
			const response = await step();
			if (response.kind === "signed-in" || response.kind === "signed-up") {
				record(response.kind, request);
			}
			return response;
		} catch (error) {
			const known = error instanceof LoginError ? error : undefined;
			const code = known?.code ?? "unexpected";
			const trace = traceCode(host.random);
			record(code, request, { traceCode: trace, cause: known ? known.cause : error });
			return loginEnd(code, {
				brand: await host.brands.find(request.brandId),
				locale: request.locale,
				returnPath: known?.returnPath ?? "/",
				traceCode: trace,
			});
		}
	}

	function record(
		code: string,
		{ brandId }: LoginRequest,
		end: { readonly traceCode?: string; readonly cause?: unknown } = {},
	): void {
		const { cause } = end;
		host.events.emit({
			name: "login.ended",
			level: code === "unexpected" ? "error" : cause === undefined ? "info" : "warn",
			message: "a log-in with X ended",
			brandId,
			fields: {
				code,
				traceCode: end.traceCode ?? null,
				cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : null,
			},
		});
	}

	return {
		onActivate,
		// Nothing runs between requests, so there is nothing to stop; the links stay.
		onDeactivate: async () => {},
		onSettingsWillSave: async (change) => refuseSettings(change),
		renderLoginButtons,
		startLogin: (request) => answer(request, () => flow.start(request)),
		handleCallback: (request) => answer(request, () => flow.finish(request)),
		listLinkedAccounts: (userId) => links.ofUser(userId),
		onUserDeleted: (userId) => links.removeAllOf(userId),
	};
}
