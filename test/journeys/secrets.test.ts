import { inspect } from "node:util";
import { expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { API_KEY_SECRET, openHouse } from "../kit/plugin/open-house.ts";

test("no secret, token or verifier appears in an event, a page or the settings, or stays stored after the log-in", async () => {
	const { host, fakeX } = await openHouse();
	const browser = host.newBrowser();
	const start = await browser.pressButton();
	const location = start.kind === "redirect" ? start.location : "";
	const callback = await approveAtX(location);
	const canaries = [...new URL(callback).searchParams.values(), API_KEY_SECRET];
	expect(canaries).toHaveLength(3);

	const signedUp = await browser.openCallback(callback);
	const replayed = await host.newBrowser().openCallback(callback);
	fakeX.answerNext({ call: "request_token", status: 401, body: API_KEY_SECRET });
	const failed = await host.newBrowser().pressButton();

	const stored = (await host.storage.list([])).entries;
	const settings = await host.settings.read("brand");
	const seen = inspect(
		{ signedUp, replayed, failed, events: host.events, stored, settings },
		{ depth: 20 },
	);
	for (const canary of canaries) {
		expect(seen).not.toContain(canary);
	}
});
