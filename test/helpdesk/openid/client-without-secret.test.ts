import * as client from "openid-client";
import { expect, test } from "vitest";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { connectHelpdesk } from "../../kit/openid/connect-helpdesk.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

/** How rack-oauth2 names a client without a secret: HTTP Basic with an empty password. */
const EMPTY_PASSWORD: client.ClientAuth = (_server, { client_id: id }, _body, headers) => {
	headers.set("authorization", `Basic ${btoa(`${id}:`)}`);
};

const keys = [cryptoRandom.bytes(32)];

async function answerAt(auth: client.ClientAuth, desk: Parameters<typeof connectHelpdesk>[1]) {
	const clock = systemClock;
	const storage = new MemoryStorage(clock);
	const open = await openHelpdesk({ keys, storage, clock });
	await setUpX(open);
	const { clientId } = await connectHelpdesk({ keys, storage, clock }, desk);
	const credentials = { clientId, clientSecret: "" };
	const party = await RelyingParty.at(`${open.portal}/oidc`, credentials, () => auth);
	const visitor = new HttpVisitor();
	const begun = await party.begin();
	await visitor.open(begun.url);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));
	const answer = await visitor.submit(new URL(visitor.seen.url).pathname, { answer: "go" });
	return { party, begun, answer };
}

test.each([
	["in the body", client.None()],
	["by HTTP Basic with an empty password", EMPTY_PASSWORD],
])("a helpdesk without a secret names itself %s", async (_, auth) => {
	const { party, begun, answer } = await answerAt(auth, { clientAuth: "none" });
	const tokens = await party.redeem(answer.url, begun);
	expect(tokens.claims()?.sub).toBeTruthy();
});

test("a helpdesk with a secret does not get in with an empty password", async () => {
	const { party, begun, answer } = await answerAt(EMPTY_PASSWORD, {});
	await expect(party.redeem(answer.url, begun)).rejects.toThrow();
});

test("a helpdesk without a secret is refused without a PKCE challenge, whatever is stored", async () => {
	const { party } = await answerAt(client.None(), { clientAuth: "none", pkce: false });
	const { url } = await party.begin();
	const bare = new URL(url);
	bare.searchParams.delete("code_challenge");
	bare.searchParams.delete("code_challenge_method");
	const refused = await new HttpVisitor().open(bare.href);
	expect(new URL(refused.url).searchParams.get("error")).toBe("invalid_request");
});
