import { describe, expect, test } from "vitest";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { agree, newUser, openProvider } from "../../kit/openid/open-provider.ts";
import { PassportParty } from "../../kit/openid/passport-party.ts";

async function begin(party: PassportParty): Promise<string> {
	const begun = await party.begin();
	return begun.kind === "redirect" ? begun.url : expect.fail(`it answered ${begun.kind}`);
}

describe("passport-openidconnect, unmodified", () => {
	test("logs a user in at a helpdesk that cannot send a PKCE challenge", async () => {
		const open = await openProvider({ desk: { pkce: false, clientAuth: "client_secret_post" } });
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
		const open = await openProvider({ desk: { clientAuth: "client_secret_post" } });
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
		const open = await openProvider({ desk: { pkce: false, clientAuth: "client_secret_post" } });
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
