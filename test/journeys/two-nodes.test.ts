import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { startRoundRobin } from "../kit/helpdesk/round-robin.ts";
import { freePorts, newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";

/** Two processes on one storage, behind a balancer that sends the requests to each in turn. */
async function twoNodesAreOneHelpdesk(storage: string): Promise<void> {
	const balancer = await startRoundRobin();
	const portal = balancer.url;
	const data = await newDataFolder();
	const common = ["--storage", storage, "--key-file", join(data, "key")];
	const start = async (folder: string, flags: readonly string[]) => {
		const port = await freePorts();
		balancer.nodes.push(`http://127.0.0.1:${port}`);
		const own = ["--port", String(port), "--base-url", `acorn=${portal}`];
		return startHelpdeskProcess(folder, [...common, ...own, ...flags]);
	};
	const one = await start(data, []);
	const { fakeX, operator } = one.ready;
	const two = await start(await newDataFolder(), ["--x-base-url", fakeX.url]);
	expect(two.ready.operator).toEqual({ email: operator.email, password: null });

	const admin = new HttpVisitor();
	await admin.open(`${portal}/admin/login`);
	await admin.submit("/admin/login", { ...operator, password: operator.password ?? "" });
	await admin.open(`${portal}${INTEGRATIONS}`);
	await admin.submit(`${INTEGRATIONS}/x-login/activate`);
	await admin.open(`${portal}${INTEGRATIONS}/x-login?brand=acorn`);
	const { apiKey, apiKeySecret, clientId, clientSecret } = fakeX;
	const settings = `${INTEGRATIONS}/x-login?brand=acorn`;
	await admin.submit(settings, { apiKey, apiKeySecret });
	await admin.open(`${portal}/admin/settings/users/social-login/x-login`);
	await admin.submit("/admin/settings/users/social-login/x-login", { acorn: "on" });

	for (const protocol of ["oauth1", "oauth2"]) {
		await admin.open(`${portal}${settings}`);
		await admin.submit(settings, { protocol, apiKey, apiKeySecret, clientId, clientSecret });
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/login?returnTo=/account`);
		const toX = await visitor.submit("/login/x-login/start");
		expect(new URL(toX.url).searchParams.has("state")).toBe(protocol === "oauth2");
		const back = await visitor.open(await approveAtX(toX.url));
		expect(back.url).toBe(`${portal}/account`);
		for (const node of balancer.nodes) {
			const page = await visitor.request(`${node}/account`);
			expect(await page.text()).toContain("ada@example.com");
		}
	}

	const ends = [one, two].map(({ process }) => once(process, "exit"));
	for (const { process } of [one, two]) {
		process.kill("SIGTERM");
	}
	expect(await Promise.all(ends)).toEqual([
		[0, null],
		[0, null],
	]);
}

describeOn("PostgreSQL", "on one PostgreSQL", (url) => {
	test("two nodes are one helpdesk, under both protocols", async () => {
		await twoNodesAreOneHelpdesk(apart(url));
	});
});

describeOn("Redis", "on one Redis", (url) => {
	test("two nodes are one helpdesk, under both protocols", async () => {
		await twoNodesAreOneHelpdesk(apart(url));
	});
});
