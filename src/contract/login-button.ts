export interface LoginPage {
	readonly brandId: string;
	readonly page: "login" | "register" | "account";
	readonly locale: string;
	/** Where the visitor wanted to go; a path of the portal. */
	readonly returnPath: string;
	/** Whose account page it is. */
	readonly userId?: string;
}

/**
 * A way in that the host shows on its log-in, register and account pages: ready markup, and the same as data for themes
 * that draw their own. The host styles the classes `login-button` (the button; also carries `data-provider`),
 * `login-button-icon` and `login-button-label`.
 */
export interface LoginButton {
	/** Unique within the plugin. */
	readonly id: string;
	/** The accessible name, with the right verb for the page. */
	readonly label: string;
	readonly intent: "log-in" | "sign-up" | "link";
	/** A sentence for the visitor, when the provider is known to have trouble. */
	readonly note?: string;
	/** Path of the portal to post to. */
	readonly action: string;
	readonly method: "post";
	/** Hidden fields to post; the host adds its CSRF field. */
	readonly fields: Readonly<Record<string, string>>;
	/** A standalone SVG that takes its colour from `currentColor`. */
	readonly icon: string;
	/** Lower comes first. */
	readonly order: number;
	/** A form with the button, without script or style; the host puts its CSRF field before `</form>`. */
	readonly html: string;
}
