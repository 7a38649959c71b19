import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { LoginButton, LoginPage } from "../contract/login-button.ts";
import type { LoginRequest } from "../contract/login-request.ts";
import type { LoginResponse } from "../contract/login-response.ts";
import type { ActivationReport, Locales, Plugin, Unlinking } from "../contract/plugin.ts";
import type { StorageValue } from "../contract/storage.ts";
import { composePlugin } from "./container.ts";
import { LOGIN_SETTINGS, NOTICES } from "./injection.ts";
import { Messages } from "./locale/messages.ts";
import { ContinueFlow } from "./login/continue-flow.ts";
import type { LoginStep } from "./login/form.ts";
import { ProviderError } from "./login/identity-provider.ts";
import { Links } from "./login/links.ts";
import { LoginError } from "./login/login-error.ts";
import { LoginFlow } from "./login/login-flow.ts";
import type { LoginSettings } from "./login/login-settings.ts";
import type { Notices } from "./login/notices.ts";
import { ProviderHealth } from "./login/provider-health.ts";
import { returnPath } from "./login/return-path.ts";
import { traceCode } from "./login/trace-code.ts";
import { loginEnd } from "./login-end.ts";
import { loginForm } from "./login-form.ts";
import { refuseSettings } from "./settings/refuse-settings.ts";
import { SetUpChecker } from "./settings/set-up-check.ts";
import { Simulator } from "./simulator.ts";
import { loginButton } from "./views/login-button.ts";
import { X_PROBLEMS } from "./x/x-error.ts";

const BUTTONS = {
	login: { intent: "log-in", label: "button.log-in" },
	register: { intent: "sign-up", label: "button.sign-up" },
	account: { intent: "link", label: "button.link" },
} as const satisfies Record<LoginPage["page"], { intent: LoginButton["intent"]; label: string }>;

const ENDS_WELL: ReadonlySet<LoginResponse["kind"]> = new Set([
	"signed-in",
	"signed-up",
	"linked",
	"complete-profile",
]);

/** The X plugin, wired to a helpdesk. */
export function createPlugin(host: HelpdeskHost, locales: Locales): Plugin {
	const messages = new Messages(locales);
	const container = composePlugin(host, messages);
	const settings = container.resolve<LoginSettings>(LOGIN_SETTINGS);
	const flow = container.resolve(LoginFlow);
	const continueFlow = container.resolve(ContinueFlow);
	const links = container.resolve(Links);
	const health = container.resolve(ProviderHealth);
	const checker = container.resolve(SetUpChecker);
	const simulator = container.resolve(Simulator);
	const notices = container.resolve<Notices>(NOTICES);

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
		if (brand === undefined || !login.enabled || login.credentials === undefined) {
			return [];
		}
		const { intent, label } = BUTTONS[page.page];
		const signsUp = login.mode === "login-and-signup" && brand.registrationOpen;
		if (intent === "sign-up" && !signsUp) {
			return [];
		}
		if (intent === "link" && (await links.ofUser(page.userId ?? "")).length > 0) {
			return [];
		}
		const text = messages.in(page.locale);
		return [
			loginButton({
				label: text(label),
				note: health.of(brand.id).isOpen ? text("button.x-silent") : undefined,
				intent,
				action: brand.startPath,
				returnPath: returnPath(page.returnPath, brand.baseUrl),
			}),
		];
	}

	/** The one place where an error becomes a page. */
	async function answer(
		request: LoginRequest,
		step: () => Promise<LoginStep>,
	): Promise<LoginResponse> {
		try {
			const response = await step();
			if (response.kind === "form") {
				const brand = await host.brands.find(request.brandId);
				return brand === undefined
					? { kind: "redirect", location: "/" }
					: loginForm(response.form, brand, messages.in(request.locale));
			}
			if (ENDS_WELL.has(response.kind)) {
				record(response.kind, request);
			}
			return response;
		} catch (error) {
			const known = error instanceof LoginError ? error : undefined;
			const code = known?.code ?? "unexpected";
			const trace = traceCode(host.random);
			const brand = await host.brands.find(request.brandId);
			const cause = known ? known.cause : error;
			record(code, request, { traceCode: trace, cause, callbackUrl: brand?.callbackUrl ?? "" });
			const end = loginEnd(code, {
				brand,
				text: messages.in(request.locale),
				returnPath: known?.returnPath ?? "/",
				linking: known?.linking ?? false,
				traceCode: trace,
			});
			return known?.afterwards === undefined ? end : { ...end, afterwards: known.afterwards };
		}
	}

	/** For the log, which has one language. */
	function adviceOn({ problem }: ProviderError, callbackUrl: string): string {
		const known = X_PROBLEMS.find((each) => each === problem);
		return known === undefined ? problem : messages.in("en")(`x-problem.${known}`, { callbackUrl });
	}

	function record(
		code: string,
		{ brandId }: LoginRequest,
		end: {
			readonly traceCode?: string;
			readonly cause?: unknown;
			readonly callbackUrl?: string;
		} = {},
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
				problem: cause instanceof ProviderError ? cause.problem : null,
				advice: cause instanceof ProviderError ? adviceOn(cause, end.callbackUrl ?? "") : null,
			},
		});
	}

	async function unlinkAccount(userId: string, identityId: string): Promise<Unlinking> {
		const user = await host.users.find(userId);
		const linked = await links.ofUser(userId);
		if (!linked.some((each) => each.identityId === identityId)) {
			return { kind: "not-linked" };
		}
		if (user !== undefined && !user.hasOtherWayIn && linked.length === 1) {
			return { kind: "last-way-in" };
		}
		const handle = await links.remove(userId, identityId);
		if (user !== undefined && handle !== undefined) {
			await notices.tell(user, "unlinked", handle);
		}
		return { kind: "unlinked" };
	}

	async function exportUserData(userId: string): Promise<StorageValue> {
		const linked = await links.ofUser(userId);
		return {
			linkedAccounts: linked.map(({ identityId, label, linkedAt }) => ({
				id: identityId,
				handle: label,
				linkedAt: new Date(linkedAt).toISOString(),
			})),
		};
	}

	return {
		onActivate,
		// Nothing runs between requests, so there is nothing to stop; the links stay.
		onDeactivate: async () => {},
		onSettingsWillSave: async (change) => refuseSettings(change),
		checkSetup: (brandId) => checker.check(brandId),
		simulate: (made) => simulator.simulate(made),
		renderLoginButtons,
		startLogin: (request) => answer(request, () => flow.start(request)),
		handleCallback: (request) => answer(request, () => flow.finish(request)),
		continueLogin: (request) => answer(request, () => continueFlow.continue(request)),
		listLinkedAccounts: (userId) => links.ofUser(userId),
		unlinkAccount,
		onUserClaimed: (userId) => links.dropAllOf(userId),
		onUsersMerged: (userId, intoUserId) => links.move(userId, intoUserId),
		exportUserData,
		onUserDeleted: (userId) => links.removeAllOf(userId),
	};
}
