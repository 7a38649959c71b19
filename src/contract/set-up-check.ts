/** What a plugin found when it looked whether a brand is set up. */
export interface SetUpReport {
	readonly checks: readonly SetUpCheck[];
}

export interface SetUpCheck {
	/** Of a closed set per plugin. */
	readonly id: string;
	/** `likely`: what recent log-ins suggest, without proof. `unknown`: nothing was seen yet. */
	readonly state: "ok" | "failed" | "likely" | "unknown";
	/** A key of the plugin's locales: what was found and, unless it is `ok`, the one thing to do. */
	readonly message: string;
	/** For the placeholders of the message; what is to be pasted somewhere is among them. */
	readonly values: Readonly<Record<string, string>>;
}
