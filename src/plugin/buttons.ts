import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { LoginButton, LoginPage } from "../contract/login-button.ts";
import { returnPath } from "../contract/return-path.ts";
import { HOST, inject, injectable, LOGIN_SETTINGS, MESSAGES } from "./injection.ts";
import { UserLinks } from "./links/user-links.ts";
import type { Messages } from "./locale/messages.ts";
import type { LoginSettings } from "./login/login-settings.ts";
import { ProviderHealth } from "./login/provider/provider-health.ts";
import { loginButton } from "./views/login-button.ts";

const BUTTONS = {
	login: { intent: "log-in", label: "button.log-in" },
	register: { intent: "sign-up", label: "button.sign-up" },
	account: { intent: "link", label: "button.link" },
} as const satisfies Record<LoginPage["page"], { intent: LoginButton["intent"]; label: string }>;

/** Decides which page shows the X button, and with which words. */
@injectable()
export class Buttons {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(MESSAGES) private readonly messages: Messages,
		@inject(UserLinks) private readonly links: UserLinks,
		@inject(ProviderHealth) private readonly health: ProviderHealth,
	) {}

	async of(page: LoginPage): Promise<readonly LoginButton[]> {
		const [brand, login] = await Promise.all([
			this.host.brands.find(page.brandId),
			this.settings.read(page.brandId),
		]);
		if (brand === undefined || !login.enabled || login.ways.length === 0) {
			return [];
		}
		const { intent, label } = BUTTONS[page.page];
		const signsUp = login.mode === "login-and-signup" && brand.registrationOpen;
		if (intent === "sign-up" && !signsUp) {
			return [];
		}
		if (intent === "link" && (await this.links.ofUser(page.userId ?? "")).length > 0) {
			return [];
		}
		const text = this.messages.in(page.locale);
		const isSilent = login.ways.every(({ protocol }) => this.health.of(brand.id, protocol).isOpen);
		return [
			loginButton({
				label: text(label),
				note: isSilent ? text("button.x-silent") : undefined,
				intent,
				action: brand.startPath,
				returnPath: returnPath(page.returnPath, brand.baseUrl),
			}),
		];
	}
}
