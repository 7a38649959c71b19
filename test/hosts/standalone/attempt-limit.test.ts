import { BlockList } from "node:net";
import { expect, test } from "vitest";
import { AttemptLimit } from "../../../src/hosts/standalone/attempt-limit.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "./http-visitor.ts";
import { openHelpdesk, setUpX } from "./open-helpdesk.ts";

test("one address starts so many log-ins a minute, at each brand for itself", () => {
	const clock = new MockClock();
	const limit = new AttemptLimit(2, clock);
	const start = (brandId: string, address: string) => limit.secondsToWait(brandId, address);

	expect([start("a", "1"), start("a", "1"), start("a", "1")]).toEqual([0, 0, 60]);
	expect([start("a", "2"), start("b", "1")]).toEqual([0, 0]);
	clock.advance(59_001);
	expect(start("a", "1")).toBe(1);
	clock.advance(999);
	expect(start("a", "1")).toBe(0);
});

test("0 is no limit", () => {
	const limit = new AttemptLimit(0, new MockClock());

	expect(Array.from({ length: 1000 }, () => limit.secondsToWait("a", "1"))).not.toContain(60);
});

test("a visitor who starts too often is told to wait, and X is not called", async () => {
	const proxies = new BlockList();
	proxies.addAddress("127.0.0.1");
	const open = await openHelpdesk({ startLimit: 2, trustedProxies: proxies });
	await setUpX(open);
	const start = async (from: string) => {
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/login`);
		const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
		return visitor.request(`${open.portal}/login/x-login/start`, {
			method: "POST",
			headers: { "x-forwarded-for": from },
			body: new URLSearchParams({ _csrf: proof }),
		});
	};

	expect((await start("192.0.2.1")).status).toBe(303);
	expect((await start("192.0.2.1")).status).toBe(303);
	const refused = await start("192.0.2.1");
	expect(refused.status).toBe(429);
	expect(refused.headers.get("retry-after")).toBe("60");
	expect(await refused.text()).toContain("Wait a minute");
	expect((await start("192.0.2.2")).status).toBe(303);
	expect(open.fakeX.stats().total).toBe(3);
});
