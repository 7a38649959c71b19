import { expect, onTestFinished, test } from "vitest";
import { derivedKeys } from "../../../src/helpdesk/derived-keys.ts";
import { openidKeysOf } from "../../../src/helpdesk/namespaces.ts";
import { SigningKeys } from "../../../src/helpdesk/openid/signing-keys.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { subVerifiedBy } from "../../kit/nodes/openid-cluster.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { openDesk, visitorThroughX } from "../../kit/openid/open-desk.ts";

const MINUTE = 60_000;

test("while keys are rotated, the keys that either node publishes verify every ID token of the last ten minutes", async () => {
	const desk = await openDesk();
	const baseUrls = new Map([["acorn", desk.portal]]);
	const other = await startHelpdesk(await helpdeskOptions({ ...desk.options, baseUrls }));
	onTestFinished(() => other.close());
	const nodes = [desk.portal, other.listening[0] ?? ""];
	const visitor = await visitorThroughX(desk, "1");
	const storage = namespaced(desk.storage, openidKeysOf("acorn"));
	const vault = new Vault(derivedKeys(desk.keys, "vault"));
	const keys = new SigningKeys("acorn", storage, vault, desk.clock, (what, error) => {
		throw new Error(what, { cause: error });
	});
	const kids = new Set<string>();
	let tokens: { readonly idToken: string; readonly at: number }[] = [];
	await keys.rotate();
	for (let minute = 0; minute < 8; minute += 1) {
		const begun = await desk.party.begin();
		let { url } = await visitor.open(begun.url);
		if (!url.startsWith(REDIRECT_URI)) {
			({ url } = await visitor.submit(new URL(url).pathname, { answer: "go" }));
		}
		const { id_token: idToken = "" } = await desk.party.redeem(url, begun);
		tokens.push({ idToken, at: desk.clock.now() });
		tokens = tokens.filter(({ at }) => desk.clock.now() - at <= 10 * MINUTE);
		kids.add(idToken.split(".")[0] ?? "");
		for (const each of tokens) {
			for (const node of nodes) {
				expect(await subVerifiedBy(node, each.idToken)).toEqual(expect.any(String));
			}
		}
		desk.clock.advance(MINUTE);
	}
	// The keys that were new at the start sign since the fifth minute.
	expect(kids.size).toBe(2);
});
