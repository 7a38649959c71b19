import { describe, expect, test } from "vitest";
import { checkHelpdesk } from "../../../src/helpdesk/openid/connect-helpdesk.ts";
import type { NewConnectedHelpdesk } from "../../../src/helpdesk/openid/connected-helpdesks.ts";
import { presetOf } from "../../../src/helpdesk/openid/presets/presets.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { agree, newUser, openProvider } from "../../kit/openid/open-provider.ts";
import { PassportParty } from "../../kit/openid/passport-party.ts";

/** A helpdesk as an administrator makes it from a preset. */
function fromPreset(id: string): NewConnectedHelpdesk {
	const preset = presetOf(id) ?? expect.fail(`there is no preset ${id}`);
	const typed = {
		...{ name: "", address: "https://desk.example.org", redirectUris: [REDIRECT_URI] },
		...{ postLogoutRedirectUris: [], backChannelLogoutUri: null, neverAsserted: [] },
		...{ needsEmail: false, straightToX: false },
	};
	const checked = checkHelpdesk(preset, typed, []);
	return checked.kind === "good"
		? checked.helpdesk
		: expect.fail(JSON.stringify([...checked.problems]));
}

async function begin(party: PassportParty): Promise<string> {
	const begun = await party.begin();
	return begun.kind === "redirect" ? begun.url : expect.fail(`it answered ${begun.kind}`);
}

describe("passport-openidconnect, unmodified", () => {
	test("logs a user in at a helpdesk that cannot send a PKCE challenge", async () => {
		const open = await openProvider({ desk: fromPreset("another-without-pkce") });
		const party = new PassportParty(open.issuer, open.client);
		const visitor = await newUser(open);
		await visitor.open(await begin(party));
		const { url } = await agree(visitor);

		const end = await party.comeBack(url);

		const { userId: id } = visitor;
		expect(end).toMatchObject({
			kind: "success",
			user: { id, displayName: "Grace", username: `x-${id}` },
		});
		expect(end).not.toHaveProperty("user.emails");
		expect(await party.comeBack(url)).toMatchObject({ kind: "fail" });
	});

	test("is refused where a challenge is needed", async () => {
		const open = await openProvider({ desk: fromPreset("another") });
		const party = new PassportParty(open.issuer, open.client);
		const visitor = await newUser(open);

		const { url } = await visitor.open(await begin(party));

		expect(url.startsWith(`${REDIRECT_URI}?error=invalid_request`)).toBe(true);
		expect(await party.comeBack(url)).toMatchObject({
			kind: "error",
			error: { code: "invalid_request" },
		});
	});

	test("is refused with another helpdesk's secret", async () => {
		const open = await openProvider({ desk: fromPreset("another-without-pkce") });
		const { clientSecret } = await open.connect();
		const party = new PassportParty(open.issuer, { ...open.client, clientSecret });
		const visitor = await newUser(open);
		await visitor.open(await begin(party));
		const { url } = await agree(visitor);

		expect(await party.comeBack(url)).toMatchObject({
			kind: "error",
			error: { code: "invalid_client" },
		});
	});
});
