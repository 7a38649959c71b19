/**
 * `settings-page.json` beside `plugin.json`, as `settings-page.schema.json` checks it: how a helpdesk lays out the settings of
 * the plugin. A plugin may leave it out, and then a helpdesk shows the settings in the order of their schema and the steps of
 * `plugin.json`. No manifest names the file, so helpdesks that do not know it leave it aside.
 *
 * All texts are keys of the locales.
 */
export interface SettingsPageLayout {
	/** In this order. The first one also has the callback URLs and the guide. Settings in none of them come last, folded. */
	readonly sections: readonly SettingsSection[];
	/** What to do at the provider, in place of the steps of `plugin.json`. */
	readonly guide?: readonly GuideStep[];
	/** How many callback URLs one app at the provider takes. */
	readonly mostCallbackUrls?: number;
	/**
	 * Where an administrator puts right what a check of the set-up found: by the message of the check, the name of a setting,
	 * or `callback-url`.
	 */
	readonly remedies?: Readonly<Record<string, string>>;
}

interface SettingsSection {
	readonly title: string;
	/** Names of settings. */
	readonly settings: readonly string[];
}

/** May use `{callbackUrl}` in its text. */
export interface GuideStep {
	readonly title: string;
	readonly text: string;
	/** The first one is shown, further ones are folded: the screens of earlier years, say. */
	readonly drawings?: readonly GuideDrawing[];
}

export interface GuideDrawing {
	/** An SVG inside the artifact, of at most 6,144 bytes. It has no ids and classes, because it becomes a part of the page. */
	readonly file: string;
	readonly caption: string;
	/** Says what the drawing shows, for people who do not see it. */
	readonly description: string;
}
