import bell from "lucide-static/dist/esm/icons/bell.mjs";
import boxes from "lucide-static/dist/esm/icons/boxes.mjs";
import house from "lucide-static/dist/esm/icons/house.mjs";
import listTodo from "lucide-static/dist/esm/icons/list-todo.mjs";
import logIn from "lucide-static/dist/esm/icons/log-in.mjs";
import mail from "lucide-static/dist/esm/icons/mail.mjs";
import palette from "lucide-static/dist/esm/icons/palette.mjs";
import plug from "lucide-static/dist/esm/icons/plug.mjs";
import scrollText from "lucide-static/dist/esm/icons/scroll-text.mjs";
import shieldUser from "lucide-static/dist/esm/icons/shield-user.mjs";
import toggleRight from "lucide-static/dist/esm/icons/toggle-right.mjs";
import unplug from "lucide-static/dist/esm/icons/unplug.mjs";
import userPlus from "lucide-static/dist/esm/icons/user-plus.mjs";
import users from "lucide-static/dist/esm/icons/users.mjs";
import waypoints from "lucide-static/dist/esm/icons/waypoints.mjs";
import type { TextKey } from "../../../locale/locale.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** A page of the menu. */
export interface MenuPage {
	readonly path: string;
	readonly label: TextKey;
}

export interface MenuEntry extends MenuPage {
	/** As SVG. */
	readonly icon: string;
	/** Whether only the helpdesk of a plugin's developer has the page. */
	readonly isForDevelopers?: boolean;
}

interface MenuGroup {
	/** Undefined for the entries above all groups. */
	readonly label: TextKey | undefined;
	readonly entries: readonly MenuEntry[];
}

/** The side bar, from top to bottom. Only the frame of the pages reads it. */
export const MENU: readonly MenuGroup[] = [
	{
		label: undefined,
		entries: [{ path: ADMIN_PATHS.overview, label: "menu.overview", icon: house }],
	},
	{
		label: "menu.people",
		entries: [
			{ path: ADMIN_PATHS.users, label: "menu.users", icon: users },
			{ path: ADMIN_PATHS.signIns, label: "menu.sign-ins", icon: logIn },
			{ path: ADMIN_PATHS.registration, label: "menu.registration", icon: userPlus },
		],
	},
	{
		label: "menu.settings-general",
		entries: [
			{ path: ADMIN_PATHS.integrations, label: "menu.integrations", icon: plug },
			{ path: ADMIN_PATHS.addOns, label: "menu.add-ons", icon: boxes },
			{ path: ADMIN_PATHS.connectedHelpdesks, label: "menu.connected-helpdesks", icon: waypoints },
			{ path: ADMIN_PATHS.brands, label: "menu.brands", icon: palette },
			{ path: ADMIN_PATHS.alerts, label: "menu.alerts", icon: bell },
		],
	},
	{
		label: "menu.settings-users",
		entries: [{ path: ADMIN_PATHS.socialLogin, label: "menu.social-login", icon: toggleRight }],
	},
	{
		label: "menu.system",
		entries: [
			{ path: ADMIN_PATHS.mailbox, label: "menu.mailbox", icon: mail },
			{ path: ADMIN_PATHS.operators, label: "menu.operators", icon: shieldUser },
			{ path: ADMIN_PATHS.audit, label: "menu.audit", icon: scrollText },
			{ path: ADMIN_PATHS.jobs, label: "menu.jobs", icon: listTodo },
			{
				...{ path: ADMIN_PATHS.pluginCalls, label: "menu.plugin-calls", icon: unplug },
				isForDevelopers: true,
			},
		],
	},
];

/** The operator's own page, which the top bar leads to. */
export const PROFILE: MenuPage = { path: ADMIN_PATHS.profile, label: "menu.profile" };

/**
 * The entry that a page belongs to: the one with the longest path that the page's own begins with. Every path begins with
 * that of the first page, so only that page itself belongs to it.
 */
export function entryAt(path: string): MenuEntry | undefined {
	const isAbove = (entry: string): boolean =>
		path === entry || (entry !== ADMIN_PATHS.overview && path.startsWith(`${entry}/`));
	return MENU.flatMap(({ entries }) => entries)
		.filter((entry) => isAbove(entry.path))
		.sort((one, other) => other.path.length - one.path.length)[0];
}
