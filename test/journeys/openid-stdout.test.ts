import { join } from "node:path";
import { expect, test } from "vitest";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { newDataFolder } from "../kit/helpdesk/start-helpdesk.ts";
import {
	arriveAt,
	logInAt,
	openIdCluster,
	redeemAt,
	userInfoAt,
} from "../kit/nodes/openid-cluster.ts";

test("of all that the OpenID Provider does, nothing reaches stdout, which has one line, and no notice of the library stderr", async () => {
	const cluster = await openIdCluster(`sqlite:${join(await newDataFolder(), "one.sqlite")}`);
	const [one] = cluster.nodes;
	const visitor = new HttpVisitor();
	await logInAt(visitor, one);
	const begun = await cluster.party.begin();
	const answer = await arriveAt(visitor, begun.url, one);
	const { access_token: token, id_token: hint = "" } = await redeemAt(one, answer, begun);
	expect(await userInfoAt(one, token)).toBe(200);
	expect(await redeemAt(one, answer, begun)).toMatchObject({ error: "invalid_grant" });
	expect(await userInfoAt(one, token)).toBe(401);
	for (const path of ["/auth", "/auth?client_id=x", "/nothing", "/session/end?id_token_hint=x"]) {
		expect((await fetch(`${one.url}/oidc${path}`)).status).toBeGreaterThanOrEqual(400);
	}
	const plain = { method: "POST", headers: { "content-type": "text/plain" }, body: "x" };
	expect((await fetch(`${one.url}/oidc/token`, plain)).status).toBe(400);
	await visitor.open(`${one.url}/oidc/session/end?id_token_hint=${hint}`);
	await visitor.submit(`${one.url}/oidc/session/end/confirm`, { logout: "yes" });

	expect(await one.stop()).toBe(0);
	const lines = one.stdout.split("\n");
	expect([lines.length, lines[1]]).toEqual([2, ""]);
	expect(Object.keys(JSON.parse(lines[0] ?? ""))).toContain("portals");
	expect(one.log).not.toContain("the OpenID Provider failed");
	// The library does not name Node.js 20, on which these tests run as well.
	expect(one.log).not.toContain("Unsupported runtime");
});
