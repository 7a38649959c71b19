import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import type { Brand } from "../../contract/brands.ts";
import type { LoginButton, LoginPage } from "../../contract/login-button.ts";
import type { PluginSettings } from "../settings/plugin-settings.ts";
import type { AttemptNotes } from "../sign-ins/attempt-notes.ts";
import type { PeopleByDay } from "../sign-ins/people-by-day.ts";
import type { SignInLedger } from "../sign-ins/sign-in-ledger.ts";
import type { StrayCounts } from "../sign-ins/stray-counts.ts";
import type { AddOnRecord } from "./add-on-record.ts";
import type { PluginHooks } from "./plugin-hooks.ts";
import type { SetUpResults } from "./set-up-results.ts";
import type { Withdrawal } from "./withdrawal.ts";

/** A version of an add-on in this process, with what the helpdesk keeps for the add-on as this version sees it. */
export interface AddOnVersion {
	/** The SHA-256 of its zip. Undefined: the helpdesk brings it and does not store it. */
	readonly sha256: string | undefined;
	readonly loaded: LoadedPlugin;
	/** The brands with the paths that are this plugin's, as this node knows them now. */
	readonly brands: readonly Brand[];
	readonly plugin: PluginHooks;
	readonly settings: PluginSettings;
	readonly tests: SetUpResults;
	readonly ledger: SignInLedger;
	readonly people: PeopleByDay;
	readonly attempts: AttemptNotes;
	readonly strays: StrayCounts;
	readonly withdrawal: Withdrawal;
}

/** A plugin installed in the helpdesk, in the version that serves, as it was when a request asked for it. */
export interface AddOn extends AddOnVersion {
	readonly record: AddOnRecord;
}

export function isActive({ record }: AddOn): boolean {
	return record.status === "active";
}

/** The buttons of all active add-ons, in the order that the plugins ask for. */
export async function buttonsOf(
	addOns: readonly AddOn[],
	page: LoginPage,
): Promise<readonly LoginButton[]> {
	const buttons = await Promise.all(
		addOns.filter(isActive).map(({ plugin }) => plugin.buttons(page)),
	);
	return buttons.flat().sort((a, b) => a.order - b.order);
}
