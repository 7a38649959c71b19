import type { FakeXAccount } from "../../src/testing/fake-x/fake-x-options.ts";
import { X_ACCOUNT } from "./fixture.ts";

/** The accounts at X that a fixture's people log in with. */
export const X_ACCOUNTS: readonly FakeXAccount[] = [
	{ id: X_ACCOUNT.ada, screenName: "ada_l", name: "Ada Lovelace", email: "ada@example.com" },
	{ id: X_ACCOUNT.zoe, screenName: "zoe_oe", name: "Zoë", email: "zoe@example.com" },
	{ id: X_ACCOUNT.noMail, screenName: "no_mail", name: "Nobody's Mail" },
	{ id: X_ACCOUNT.hostile, screenName: "hostile", name: "Bobby", email: "hostile@example.com" },
];
