// A brand is added while the built helpdesk runs beside its fake X. No browser: host names on loopback are enough here.
import { expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { freePorts, newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";
import { actOnUser } from "../kit/helpdesk/users-pages.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";
const X = `${INTEGRATIONS}/x-login`;
const SOCIAL_LOGIN = "/admin/settings/users/social-login/x-login";

async function throughX(portal: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	expect(url).toContain("/oauth/authenticate");
	await visitor.open(await approveAtX(url, { accountId: "2244994945" }));
	return visitor;
}

test("people log in with X at a brand that was added while the helpdesk ran, and their links are apart from other brands'", async () => {
	const data = await newDataFolder();
	const port = await freePorts();
	const { ready, printed } = await startHelpdeskProcess(data, ["--port", String(port)]);
	const acorn = ready.portals["acorn"] ?? "";
	const shop = `http://localhost:${port}`;
	const operator = new HttpVisitor();
	await operator.open(`${ready.admin}/login`);
	const { email, password } = ready.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await operator.open(`${acorn}${INTEGRATIONS}`);
	await operator.submit(`${X}/activate`);
	const { apiKey, apiKeySecret } = ready.fakeX;
	await operator.open(`${acorn}${X}?brand=*`);
	await operator.submit(`${X}?brand=*`, { apiKey, apiKeySecret });
	expect(runCli(data, "brands", "add", `shop=Shop,${shop}`, "--data", data).status).toBe(0);
	await expect
		.poll(async () => (await operator.open(`${acorn}${SOCIAL_LOGIN}`)).html)
		.toContain('name="shop"');
	await operator.submit(SOCIAL_LOGIN, { acorn: "on", shop: "on" });

	const atAcorn = await throughX(acorn);
	const atShop = await throughX(shop);

	expect(atShop.seen.url).toBe(`${shop}/account`);
	expect(atShop.seen.html).toContain("@ada_l");
	const links = (await (await operator.request(`${acorn}${X}/links.csv`)).text())
		.trim()
		.split("\r\n");
	expect(links).toHaveLength(3);
	const users = new Set(links.slice(1).map((row) => /[\da-f]{8}-[\da-f-]{27}/.exec(row)?.[0]));
	expect(users.size).toBe(2);

	// The account at one brand goes, and the one at the other stays.
	await operator.open(`${acorn}/admin/users`);
	const row =
		operator.seen.html.split("<tr>").find((each) => each.includes('class="soft">Shop<')) ?? "";
	const [, deleted = ""] = /\/admin\/users\/([\w-]+)\/export/.exec(row) ?? [];
	await actOnUser(operator, acorn, deleted, "delete");
	expect((await atShop.open(`${shop}/account`)).url).toContain("/login");
	expect((await atAcorn.open(`${acorn}/account`)).html).toContain("@ada_l");
	expect(printed()).not.toContain('"level":"error"');
});
