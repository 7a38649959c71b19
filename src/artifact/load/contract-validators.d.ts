// The code is written by build.mjs from the schemas of the contract.
import type { Manifest } from "../../contract/manifest.ts";
import type { SettingsPageLayout } from "../../contract/settings-page.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";
import type { Validator } from "../json-schema.ts";

export const isManifest: Validator<Manifest>;
export const isSettingsPage: Validator<SettingsPageLayout>;
export const isSettingsSchema: Validator<SettingsSchema>;
