export interface LoginPage {
	readonly brandId: string;
	readonly page: "login" | "register" | "account";
	readonly locale: string;
	/** The page that the visitor wanted; a path of the portal. */
	readonly returnPath: string;
	/** The user whose account page it is. */
	readonly userId?: string;
}

/**
 * A button on the log-in, register and account pages of the host: ready markup, and the same as data for themes that
 * draw their own. The host styles the classes `login-button` (the button, which also has `data-provider`),
 * `login-button-icon` and `login-button-label`.
 */
export interface LoginButton {
	/** Unique within the plugin. */
	readonly id: string;
	/** The accessible name, with the right verb for the page. */
	readonly label: string;
	readonly intent: "log-in" | "sign-up" | "link";
	/** A sentence for the visitor while the provider is known to have trouble. */
	readonly note?: string;
	/** Path of the portal to post to. */
	readonly action: string;
	readonly method: "post";
	/** Hidden fields to post. The host adds its CSRF field. */
	readonly fields: Readonly<Record<string, string>>;
	/** A standalone SVG that takes its colour from `currentColor`. */
	readonly icon: string;
	/** Buttons with lower numbers come first. */
	readonly order: number;
	/** A form with the button, without script or style. The host puts its CSRF field before `</form>`. */
	readonly html: string;
}
