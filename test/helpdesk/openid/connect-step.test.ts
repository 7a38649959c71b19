import { describe, expect, test } from "vitest";
import { type ConnectStep, connectStep } from "../../../src/helpdesk/openid/connect-step.ts";
import type { ConnectedHelpdesk } from "../../../src/helpdesk/openid/connected-helpdesk.ts";

const NOW = 1_000_000;
const WAITING = {
	helpdesk: { needsEmail: false, neverAsserted: [] as readonly string[] } as ConnectedHelpdesk,
	beganAt: NOW - 60_000,
	wantsProof: false,
	wantsConsent: false,
	maxAgeMs: undefined as number | undefined,
};
const ACCOUNT = { email: "ada@example.com" as string | null, confirmed: true, unclaimed: false };
const VISITOR = { session: { provenAt: NOW - 120_000 }, account: ACCOUNT, hasConsented: true };

function needing(neverAsserted: readonly string[] = []) {
	return { ...WAITING, helpdesk: { ...WAITING.helpdesk, needsEmail: true, neverAsserted } };
}

describe("a visitor of a connected helpdesk", () => {
	test.each<readonly [string, typeof WAITING, typeof VISITOR | undefined, ConnectStep]>([
		["who is not logged in logs in", WAITING, undefined, "log-in"],
		["who is logged in goes on", WAITING, VISITOR, "go"],
		[
			"sees which data goes there, the first time",
			WAITING,
			{ ...VISITOR, hasConsented: false },
			"consent",
		],
		[
			"sees it again if the helpdesk asks for it",
			{ ...WAITING, wantsConsent: true },
			VISITOR,
			"consent",
		],
		[
			"proves who they are if the helpdesk asks for it",
			{ ...WAITING, wantsProof: true },
			VISITOR,
			"prove",
		],
		[
			"does not prove twice who they are",
			{ ...WAITING, wantsProof: true },
			{ ...VISITOR, session: { provenAt: NOW - 1000 } },
			"go",
		],
		[
			"proves it again if the proof is too old",
			{ ...WAITING, maxAgeMs: 119_999 },
			VISITOR,
			"prove",
		],
		["does not if it is just young enough", { ...WAITING, maxAgeMs: 120_000 }, VISITOR, "go"],
		[
			"proves it once where no proof is young enough",
			{ ...WAITING, maxAgeMs: 0 },
			{ ...VISITOR, session: { provenAt: NOW - 1000 } },
			"go",
		],
		["goes on with a proven address", needing(), VISITOR, "go"],
		[
			"without an address proves one",
			needing(),
			{ ...VISITOR, account: { ...ACCOUNT, email: null } },
			"address",
		],
		[
			"with an address that nobody has proven proves it",
			needing(),
			{ ...VISITOR, account: { ...ACCOUNT, confirmed: false } },
			"address",
		],
		[
			"with an account that nobody has claimed proves its address",
			needing(),
			{ ...VISITOR, account: { ...ACCOUNT, unclaimed: true } },
			"address",
		],
		[
			"does not get in with the address of an agent",
			needing(["ada@example.com"]),
			VISITOR,
			"address-refused",
		],
		[
			"does not get in from a domain of agents",
			needing(["example.com"]),
			VISITOR,
			"address-refused",
		],
	])("%s", (_, waiting, visitor, step) => {
		expect(connectStep(waiting, visitor, NOW)).toBe(step);
	});
});
