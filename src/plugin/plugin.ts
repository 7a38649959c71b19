import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { LogInPrices } from "../contract/log-in-prices.ts";
import type { Locales, Plugin } from "../contract/plugin.ts";
import { AccountData } from "./account-data.ts";
import { Buttons } from "./buttons.ts";
import { composePlugin } from "./container.ts";
import { BrandLinks } from "./links/brand-links.ts";
import { Impacts } from "./links/impacts.ts";
import { LinkImporter } from "./links/link-import.ts";
import { UserLinks } from "./links/user-links.ts";
import { Messages } from "./locale/messages.ts";
import costs from "./log-in-costs.json" with { type: "json" };
import { ContinueFlow } from "./login/continue-flow.ts";
import { ForgetPeople } from "./login/forget-people.ts";
import { LoginFlow } from "./login/login-flow.ts";
import { LoginAnswer } from "./login-answer.ts";
import { explain } from "./pages/explain.ts";
import { Simulator } from "./pages/simulator.ts";
import { refuseSettings } from "./settings/refuse-settings.ts";
import { SetUpChecker } from "./settings/set-up-check.ts";

/**
 * `GET /2/users/me` is a `User: Read`, for which X charges once for each user and UTC day. X publishes no price for the
 * calls of OAuth 1.0a. The README's table is made from the same file.
 */
export const logInPrices: LogInPrices = costs;

/** An operator can try the log-in before it is switched on. */
export const startIntents = ["try"] as const;

/** Wires the X plugin to a helpdesk. There is no `onUpgrade`: this version reads whatever earlier ones stored. */
export function createPlugin(host: HelpdeskHost, locales: Locales): Omit<Plugin, "onUpgrade"> {
	const messages = new Messages(locales);
	const container = composePlugin(host, messages);
	const answer = container.resolve(LoginAnswer);
	const loginFlow = container.resolve(LoginFlow);
	const continueFlow = container.resolve(ContinueFlow);
	const buttons = container.resolve(Buttons);
	const userLinks = container.resolve(UserLinks);
	const brandLinks = container.resolve(BrandLinks);
	const accounts = container.resolve(AccountData);
	const importer = container.resolve(LinkImporter);
	const impacts = container.resolve(Impacts);
	const forget = container.resolve(ForgetPeople);
	const checker = container.resolve(SetUpChecker);
	const simulator = container.resolve(Simulator);

	return {
		onActivate: () => checker.onActivate(),
		// Nothing runs between requests, so there is nothing to stop. The links stay.
		onDeactivate: async () => {},
		onUninstall: async (data) => (data === "purge" ? forget.everything() : undefined),
		onSettingsWillSave: (change) => refuseSettings(change, host.secrets),
		checkSetup: (brandId) => checker.check(brandId),
		simulate: (made) => simulator.simulate(made),
		explain: async (end, locale, brandId = "") => {
			const brand = await host.brands.find(brandId);
			return explain(end, messages.in(locale), brand?.callbackUrl ?? "");
		},

		renderLoginButtons: (page) => buttons.of(page),
		startLogin: (request) => answer.to(request, (attempt) => loginFlow.start(request, attempt)),
		handleCallback: (request) =>
			answer.to(request, (attempt) => loginFlow.finish(request, attempt)),
		continueLogin: (request) =>
			answer.to(request, (attempt) => continueFlow.continue(request, attempt)),

		listLinkedAccounts: (userId) => userLinks.ofUser(userId),
		unlinkAccount: (userId, identityId) => accounts.unlink(userId, identityId),
		onUserClaimed: (userId) => userLinks.dropAllOf(userId),
		onUsersMerged: (userId, intoUserId) => userLinks.move(userId, intoUserId),
		onUserDeleted: (userId) => forget.ofUser(userId),
		exportUserData: (userId) => accounts.export(userId),
		importLinks: (rows, options) => importer.run(rows, options),
		exportLinks: (brandId, cursor) => brandLinks.page(brandId, cursor),
		describeImpact: (action) => impacts.describe(action),
		purgeLinks: (brandId, step) => forget.atBrand(brandId, step),
	};
}
