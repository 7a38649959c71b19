import type { FormField, LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Plugin } from "../../contract/plugin.ts";

/** A visitor of the mock host: keeps the plugin's cookies, and who is signed in, as browser and host would. */
export class MockBrowser {
	readonly cookies = new Map<string, string>();
	/** Changes when the plugin signs somebody in; may be set to act as someone. */
	currentUserId: string | undefined;

	constructor(
		private readonly plugin: Plugin,
		private readonly brandId: string,
		private readonly locale: string,
	) {}

	/** Presses the plugin's button on the log-in page. */
	async pressButton(returnPath = "/"): Promise<LoginResponse> {
		const { brandId, locale } = this;
		const page = { page: "login", brandId, locale, returnPath } as const;
		const [button] = await this.plugin.renderLoginButtons(page);
		if (button === undefined) {
			throw new Error("the plugin shows no button; switch it on and set it up for the brand first");
		}
		return this.postStart(Object.entries(button.fields));
	}

	/** Posts to the start route whatever is given. */
	async postStart(form: readonly FormField[]): Promise<LoginResponse> {
		return this.keep(await this.plugin.startLogin(this.request({ form })));
	}

	/** Opens an address that leads to the callback route. */
	async openCallback(url: string): Promise<LoginResponse> {
		const query = [...new URL(url).searchParams];
		return this.keep(await this.plugin.handleCallback(this.request({ query })));
	}

	signOut(): void {
		this.currentUserId = undefined;
	}

	private request(parts: Partial<LoginRequest>): LoginRequest {
		return {
			brandId: this.brandId,
			query: [],
			form: [],
			cookies: Object.fromEntries(this.cookies),
			locale: this.locale,
			clientAddress: "127.0.0.1",
			currentUserId: this.currentUserId,
			...parts,
		};
	}

	private keep(response: LoginResponse): LoginResponse {
		for (const { name, value, maxAgeSeconds } of response.cookies ?? []) {
			if (maxAgeSeconds > 0) {
				this.cookies.set(name, value);
			} else {
				this.cookies.delete(name);
			}
		}
		if (response.kind === "signed-in" || response.kind === "signed-up") {
			this.currentUserId = response.userId;
		}
		return response;
	}
}
