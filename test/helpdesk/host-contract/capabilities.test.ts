import { expect, onTestFinished, test } from "vitest";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import { Probe } from "../../../src/testing/host-contract/probe.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { openStandalone } from "./helpdesk-under-test.ts";

const away: LoginResponse = { kind: "redirect", location: "https://evil.example/?token=canary" };
const call = {
	method: "GET",
	url: "https://evil.example/",
	headers: {},
	timeoutMs: 1,
	maxBytes: 1,
} as const;

test.each([
	["storage", ({ storage }: HelpdeskHost) => storage.get(["a"])],
	["secrets", ({ secrets }: HelpdeskHost) => secrets.get("acorn", "key")],
	["settings", ({ settings }: HelpdeskHost) => settings.read("acorn")],
	["users:read", ({ users }: HelpdeskHost) => users.find("1")],
	["network: evil.example", ({ http }: HelpdeskHost) => http.send(call)],
	["navigation: https://evil.example", async () => away],
])(
	"a plugin that uses %s without declaring it fails, and the log names it",
	async (name, reach) => {
		const probe = new Probe({ capabilities: { network: [], navigation: [], ports: [] } });
		const helpdesk = await openStandalone({
			plugin: probe.zip,
			clock: new MockClock(),
			origins: {},
		});
		onTestFinished(async () => {
			await helpdesk.close();
			probe.forget();
		});
		await helpdesk.activate();
		probe.answer("handleCallback", async () => (await reach(probe.host)) as LoginResponse);

		const answer = await fetch(`${helpdesk.portalUrl("acorn")}/login/probe/callback`, {
			redirect: "manual",
		});

		expect(answer.status).toBe(502);
		const log = helpdesk.log().join();
		expect(log).toContain(JSON.stringify(`the plugin needs the capability "${name}"`).slice(1, -1));
		expect(log).not.toContain("canary");
	},
);
