import type { HandOffPreset } from "./hand-off-preset.ts";
import { HELP_SCOUT } from "./help-scout.ts";
import { SUPPORTPAL } from "./supportpal.ts";
import { ZENDESK_JWT } from "./zendesk-jwt.ts";

/** In the order in which the administration shows them. */
export const HAND_OFF_PRESETS: readonly HandOffPreset[] = [SUPPORTPAL, ZENDESK_JWT, HELP_SCOUT];

export function handOffPresetOf(id: string): HandOffPreset | undefined {
	return HAND_OFF_PRESETS.find((preset) => preset.id === id);
}
