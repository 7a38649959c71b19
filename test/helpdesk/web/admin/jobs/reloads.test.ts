// Chromium follows the progress of a job without a script.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { expect, onTestFinished, test } from "vitest";
import { FIRST_OPERATOR } from "../../../../../src/helpdesk/people/operator-roster.ts";
import { adminApp } from "../../../../../src/helpdesk/web/admin/admin-app.ts";
import type { Fetch } from "../../../../../src/helpdesk/web/listen.ts";
import { openBrowser } from "../../../../kit/browser/open-browser.ts";
import { openAdmin } from "../../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { countingJob } from "../../../../kit/jobs/counting-job.ts";

test("a browser without scripts sees a job go on and end, and leaves the page as it is when it is told to", async () => {
	const options = await helpdeskOptions();
	const { parts, core, openSession } = openAdmin(options);
	await core.operators.makeFirst();
	const job = countingJob(options.storage);
	core.runner.register(job.kind);
	let fetch: Fetch = () => new Response();
	const server = createAdaptorServer({
		fetch: (request, env) => fetch(request, env),
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	({ fetch } = adminApp({ ...parts, place: { ...parts.place, baseUrl: url } }));
	const browser = await openBrowser();
	onTestFinished(async () => {
		await browser.close();
		server.close();
		await core.close();
	});
	const context = await browser.newContext({ javaScriptEnabled: false });
	const value = await openSession(FIRST_OPERATOR);
	await context.addCookies([{ name: "admin-acorn", value, url }]);
	const page = await context.newPage();
	const started = await core.jobs.start({
		...{ type: "counting", params: { to: 4 }, by: FIRST_OPERATOR },
	});
	const id = started.kind === "started" ? started.id : expect.fail(started.kind);

	let goOn = (): void => {};
	job.during = (position) =>
		position === 2
			? new Promise<void>((resolve) => {
					goOn = resolve;
				})
			: undefined;
	const driven = core.runner.drive(id, 600_000);
	await expect.poll(() => job.begun).toHaveLength(3);
	await page.goto(`${url}/admin/jobs/${id}`);
	const progress = page.getByRole("progressbar");
	expect(await progress.getAttribute("value")).toBe("2");
	expect(await page.getByRole("main").textContent()).toContain("2 of about 4 steps");

	goOn();
	await driven;
	await expect.poll(() => page.getByRole("main").textContent()).toContain("Done. 4 steps");
	expect(await progress.count()).toBe(0);

	const next = await core.jobs.start({
		...{ type: "counting", params: { to: 4 }, by: FIRST_OPERATOR },
	});
	await page.goto(`${url}/admin/jobs/${next.kind === "started" ? next.id : ""}`);
	await page.getByRole("link", { name: "Stop reloading" }).click();
	await expect.poll(() => page.url()).toContain("reload=no");
	await page.getByRole("button", { name: "Cancel" }).click();
	await expect.poll(() => page.getByRole("main").textContent()).toContain("Cancelled.");
});
