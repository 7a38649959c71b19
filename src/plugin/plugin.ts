import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { LinkFate, LinkImport, LinkRow } from "../contract/link-transfer.ts";
import type { LoginButton, LoginPage } from "../contract/login-button.ts";
import type { LoginRequest } from "../contract/login-request.ts";
import type { LoginResponse } from "../contract/login-response.ts";
import type { ActivationReport, Locales, Plugin, Unlinking } from "../contract/plugin.ts";
import { isStorageError, type StorageValue } from "../contract/storage.ts";
import { composePlugin } from "./container.ts";
import { LOGIN_SETTINGS, NOTICES } from "./injection.ts";
import { Impacts } from "./links/impacts.ts";
import { type ImportFate, LinkImporter } from "./links/link-import.ts";
import { Links } from "./links/links.ts";
import { Messages } from "./locale/messages.ts";
import { Attempt } from "./login/attempt.ts";
import { returnPath } from "./login/browser/return-path.ts";
import { ContinueFlow } from "./login/continue-flow.ts";
import { Purge } from "./login/forget-people.ts";
import type { AlreadyLinked, LoginStep } from "./login/form.ts";
import { LoginError } from "./login/login-error.ts";
import { LoginFlow } from "./login/login-flow.ts";
import type { LoginSettings } from "./login/login-settings.ts";
import type { Notices } from "./login/notices.ts";
import { ProviderHealth } from "./login/provider/provider-health.ts";
import { traceCode } from "./login/trace-code.ts";
import { loginEnded } from "./login-ended-event.ts";
import { adviceOn, explain, GOOD_ENDS } from "./pages/explain.ts";
import { loginForm } from "./pages/login-form.ts";
import { loginEnd } from "./pages/refusal.ts";
import { Simulator } from "./pages/simulator.ts";
import { refuseSettings } from "./settings/refuse-settings.ts";
import { SetUpChecker } from "./settings/set-up-check.ts";
import { loginButton } from "./views/login-button.ts";

const BUTTONS = {
	login: { intent: "log-in", label: "button.log-in" },
	register: { intent: "sign-up", label: "button.sign-up" },
	account: { intent: "link", label: "button.link" },
} as const satisfies Record<LoginPage["page"], { intent: LoginButton["intent"]; label: string }>;

/** The X plugin, wired to a helpdesk. No version of it stored anything that this one has to change. */
export function createPlugin(host: HelpdeskHost, locales: Locales): Omit<Plugin, "onUpgrade"> {
	const messages = new Messages(locales);
	const container = composePlugin(host, messages);
	const settings = container.resolve<LoginSettings>(LOGIN_SETTINGS);
	const flow = container.resolve(LoginFlow);
	const continueFlow = container.resolve(ContinueFlow);
	const links = container.resolve(Links);
	const impacts = container.resolve(Impacts);
	const purge = container.resolve(Purge);
	const health = container.resolve(ProviderHealth);
	const checker = container.resolve(SetUpChecker);
	const simulator = container.resolve(Simulator);
	const importer = container.resolve(LinkImporter);
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
		step: (attempt: Attempt) => Promise<LoginStep>,
	): Promise<LoginResponse> {
		const { brandId } = request;
		const attempt = new Attempt(host.clock);
		const trace = traceCode(host.random);
		try {
			const response = await step(attempt);
			if (response.kind === "form") {
				const brand = await host.brands.find(brandId);
				return brand === undefined
					? { kind: "redirect", location: "/" }
					: loginForm(response.form, brand, messages.in(request.locale));
			}
			const good = GOOD_ENDS.find((each) => each === response.kind);
			if (good !== undefined && "userId" in response) {
				const { userId } = response;
				const end = { brandId, attempt, code: good, traceCode: trace, userId };
				host.events.emit(loginEnded({ ...end, outcome: "came-in" }));
			}
			return response.kind === "already-linked" ? goOn(response) : response;
		} catch (error) {
			const known = error instanceof LoginError ? error : undefined;
			const code = known?.code ?? (isStorageError(error) ? "helpdesk-unavailable" : "unexpected");
			// What failed may be what knows the brands.
			const brand = await host.brands.find(brandId).catch(() => undefined);
			const end = loginEnd(code, {
				brand,
				text: messages.in(request.locale),
				returnPath: known?.returnPath ?? "/",
				linking: known?.linking ?? false,
				traceCode: trace,
			});
			const cause = known ? known.cause : error;
			host.events.emit(
				loginEnded({
					brandId,
					attempt,
					outcome: end.kind,
					code,
					traceCode: trace,
					userId: known?.userId,
					cause,
					// The log has one language.
					advice: adviceOn(cause, messages.in("en"), brand?.callbackUrl ?? ""),
				}),
			);
			return known?.afterwards === undefined ? end : { ...end, afterwards: known.afterwards };
		}
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
		const label = await links.remove(userId, identityId);
		if (user !== undefined && label !== undefined) {
			await notices.tell(user, "unlinked", label);
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

	async function importLinks(
		rows: readonly LinkRow[],
		{ dryRun }: LinkImport,
	): Promise<readonly LinkFate[]> {
		const fates = await importer.run(rows, dryRun);
		if (!dryRun) {
			const fields: Record<string, number> = {};
			for (const fate of fates) {
				fields[fate] = (fields[fate] ?? 0) + 1;
			}
			const message = "links to X accounts were imported";
			host.events.emit({ name: "links.imported", level: "info", message, fields });
		}
		return fates.map((fate) => ({ state: stateOf(fate), message: `import.${fate}` }));
	}

	return {
		onActivate,
		// Nothing runs between requests, so there is nothing to stop; the links stay.
		onDeactivate: async () => {},
		onUninstall: async (data) => (data === "purge" ? purge.everything() : undefined),
		onSettingsWillSave: async (change) => refuseSettings(change),
		checkSetup: (brandId) => checker.check(brandId),
		simulate: (made) => simulator.simulate(made),
		explain: async (end, locale, brandId = "") => {
			const brand = await host.brands.find(brandId);
			return explain(end, messages.in(locale), brand?.callbackUrl ?? "");
		},
		renderLoginButtons,
		startLogin: (request) => answer(request, (attempt) => flow.start(request, attempt)),
		handleCallback: (request) => answer(request, (attempt) => flow.finish(request, attempt)),
		continueLogin: (request) =>
			answer(request, (attempt) => continueFlow.continue(request, attempt)),
		listLinkedAccounts: (userId) => links.ofUser(userId),
		unlinkAccount,
		onUserClaimed: (userId) => links.dropAllOf(userId),
		onUsersMerged: (userId, intoUserId) => links.move(userId, intoUserId),
		exportUserData,
		importLinks,
		exportLinks: (brandId, cursor) => links.page(brandId, cursor),
		onUserDeleted: (userId) => purge.ofUser(userId),
		describeImpact: (action) => impacts.describe(action),
		purgeLinks: (brandId) => purge.atBrand(brandId),
	};
}

function goOn({ returnPath, cookies }: AlreadyLinked): LoginResponse {
	return { kind: "redirect", location: returnPath, ...(cookies && { cookies }) };
}

function stateOf(fate: ImportFate): LinkFate["state"] {
	switch (fate) {
		case "linked":
		case "linked-zeros":
			return "linked";
		case "would-link":
		case "would-link-zeros":
			return "would-link";
		case "already-linked":
			return "already-linked";
		default:
			return "refused";
	}
}
