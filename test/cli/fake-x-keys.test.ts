import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callbackPath } from "../../src/helpdesk/brands/brand-addresses.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

// RFC 7636, appendix B.
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

test("the fake X's app signs in by OAuth 2.0 to each brand, with keys of an older version too", async () => {
	const data = await newDataFolder();
	await writeFile(join(data, "fake-x.json"), '{"apiKey":"old-key","apiKeySecret":"old-secret"}');
	const { ready } = await startHelpdeskProcess(data, ["--storage", "memory:"]);
	const { url, clientId, clientSecret } = ready.fakeX;
	expect(ready.fakeX).toMatchObject({ apiKey: "old-key", apiKeySecret: "old-secret" });
	expect(Buffer.from(clientId, "base64url").toString()).toMatch(/^[\w-]{20}:1:ci$/);

	for (const portal of Object.values(ready.portals)) {
		const callback = `${portal}${callbackPath("x-login")}`;
		const page = new URL("/i/oauth2/authorize", url);
		page.search = new URLSearchParams({
			response_type: "code",
			client_id: clientId,
			redirect_uri: callback,
			scope: "users.read tweet.read users.email",
			state: "state",
			code_challenge: CHALLENGE,
			code_challenge_method: "S256",
		}).toString();
		const back = new URL(await approveAtX(page.href));
		const answer = await fetch(`${url}/2/oauth2/token`, {
			method: "POST",
			headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
			body: new URLSearchParams({
				grant_type: "authorization_code",
				code: back.searchParams.get("code") ?? "",
				redirect_uri: callback,
				code_verifier: VERIFIER,
			}),
		});
		expect(answer.status).toBe(200);
	}
});
