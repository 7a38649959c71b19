import type { FormField } from "../../../../contract/login-request.ts";
import type { TypedSettings } from "../../../settings/typed-settings.ts";
import { field } from "../../visit.ts";

/** The field that removes a stored secret. */
export function removalOf(setting: string): string {
	return `${setting}-remove`;
}

/** What an administrator typed into the fields of a settings page. */
export function typedIn(form: readonly FormField[]): TypedSettings {
	return {
		text: (setting) => field(form, setting) ?? "",
		removes: (setting) => field(form, removalOf(setting)) === "on",
	};
}
