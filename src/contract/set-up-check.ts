/** What a plugin found when it checked whether a brand is set up. */
export interface SetUpReport {
	readonly checks: readonly SetUpCheck[];
}

export interface SetUpCheck {
	/** The name of the check, from a closed set of the plugin. */
	readonly id: string;
	/** `likely`: recent log-ins suggest it, without proof. `unknown`: there was no log-in yet. */
	readonly state: "ok" | "failed" | "likely" | "unknown";
	/** A key of the plugin's locales: what the plugin found and, unless it is `ok`, the one thing to do. */
	readonly message: string;
	/** Values of the message's placeholders, including text that an administrator has to paste at the provider. */
	readonly values: Readonly<Record<string, string>>;
}
