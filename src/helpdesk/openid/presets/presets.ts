import { ANOTHER, ANOTHER_WITHOUT_PKCE } from "./another.ts";
import { DISCOURSE } from "./discourse.ts";
import { GLPI } from "./glpi.ts";
import { FRESHDESK, HUBSPOT, ZENDESK } from "./hosted.ts";
import { ITOP } from "./itop.ts";
import { NODEBB } from "./nodebb.ts";
import { OSTICKET } from "./osticket.ts";
import type { Preset } from "./preset.ts";
import { REQUEST_TRACKER } from "./request-tracker.ts";
import { ZAMMAD } from "./zammad.ts";
import { OTOBO, ZNUNY } from "./znuny-otobo.ts";

/** In the order in which the administration shows them. */
export const PRESETS: readonly Preset[] = [
	REQUEST_TRACKER,
	ZAMMAD,
	OSTICKET,
	ZENDESK,
	FRESHDESK,
	NODEBB,
	ZNUNY,
	OTOBO,
	GLPI,
	ITOP,
	HUBSPOT,
	DISCOURSE,
	ANOTHER,
	ANOTHER_WITHOUT_PKCE,
];

export function presetOf(id: string): Preset | undefined {
	return PRESETS.find((preset) => preset.id === id);
}
