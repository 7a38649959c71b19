import { secret } from "../../../src/contract/secret.ts";
import type { HandOffHelpdesk } from "../../../src/helpdesk/hand-off/hand-off-helpdesk.ts";
import type { HandOffPreset } from "../../../src/helpdesk/hand-off/presets/hand-off-preset.ts";
import { HELP_SCOUT } from "../../../src/helpdesk/hand-off/presets/help-scout.ts";
import { SUPPORTPAL } from "../../../src/helpdesk/hand-off/presets/supportpal.ts";
import { ZENDESK_JWT } from "../../../src/helpdesk/hand-off/presets/zendesk-jwt.ts";
import type { Account } from "../../../src/helpdesk/people/stored-account.ts";
import {
	HELP_SCOUT_RULES,
	SUPPORTPAL_RULES,
	type TokenRules,
	ZENDESK_RULES,
} from "./token-verifier.ts";

/** Each kind of helpdesk, and what it does with a token. */
export const KINDS: readonly (readonly [string, HandOffPreset, TokenRules])[] = [
	[SUPPORTPAL.name, SUPPORTPAL, SUPPORTPAL_RULES],
	[ZENDESK_JWT.name, ZENDESK_JWT, ZENDESK_RULES],
	[HELP_SCOUT.name, HELP_SCOUT, HELP_SCOUT_RULES],
];

export const KEY = secret("canary-key-0123456789");

export const ADA: Account = {
	id: "4711",
	brandId: "acorn",
	name: "Ada Lovelace",
	email: "ada@example.com",
	locale: "en-GB",
	status: "active",
	confirmed: true,
	unclaimed: false,
	hasPassword: false,
	hasOtherWayIn: false,
	sessionEpoch: 0,
	accessEpoch: "0",
	wayInEndedAt: 0,
	claimCount: 0,
	createdAt: 0,
	links: [],
	passkeys: [],
};

export const DESK: HandOffHelpdesk = {
	id: "supportpal-0123456789ab",
	preset: "supportpal",
	name: "Support Desk",
	address: "https://support.example.com",
	otherSites: ["https://help.example.com"],
	secret: null,
	apiToken: null,
	remoteBrandId: null,
	neverAsserted: [],
	straightToX: false,
	createdAt: 0,
};
