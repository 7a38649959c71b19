import type { PluginRecorder } from "../../../dev/plugin-recorder.ts";
import { isByItself, reloadHeader } from "../../reloading.ts";
import type { ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { pluginCallsPage, RELOAD_SECONDS } from "./plugin-calls-page.ts";

export interface PluginCallParts {
	/** Undefined unless the helpdesk was started for a plugin's developer. */
	readonly recorder?: PluginRecorder | undefined;
	readonly show: ShowPage;
}

/**
 * Shows the hooks of a plugin and what they do, while it happens. Only developers who started the helpdesk with
 * `--watch` have this page.
 */
export function pluginCallRoutes(app: OperatorApp, { recorder, show }: PluginCallParts): void {
	if (recorder === undefined) {
		return;
	}
	app.get(ADMIN_PATHS.pluginCalls, async (c) => {
		const isFollowing = c.req.query("follow") !== undefined || isByItself(c);
		const { locale } = c.var.visit;
		const shown = pluginCallsPage(recorder, isFollowing, locale);
		const page = await show(c, locale.text("plugin-calls.title"), shown);
		if (isFollowing) {
			page.headers.set(...reloadHeader(ADMIN_PATHS.pluginCalls, RELOAD_SECONDS));
		}
		return page;
	});
}
