import { expect, onTestFinished, test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

test("the page of plugin calls stays as it is until a developer asks it to reload, and then shows new calls by itself", async () => {
	const { ready } = await startHelpdeskProcess(await newDataFolder(), ["--watch"]);
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	// The page has to work without script.
	const context = await browser.newContext({ javaScriptEnabled: false });
	const page = await context.newPage();
	await page.goto(ready.admin);
	await page.getByLabel("E-mail address").fill(ready.operator.email);
	await page.getByLabel("Password").fill(ready.operator.password ?? "");
	await page.getByRole("button", { name: "Log in" }).click();
	await page.getByRole("link", { name: "Plugin calls" }).click();
	await page.getByText("No hook has been called yet").waitFor();
	expect((await page.reload())?.headers()["refresh"]).toBeUndefined();
	await page.getByRole("link", { name: "reload every 2 seconds" }).click();

	const other = await context.newPage();
	await other.goto(`${ready.admin}/settings/general/integrations`);
	await other.getByRole("button", { name: "Activate", exact: true }).click();
	await page.getByRole("heading", { name: "onActivate" }).waitFor();
	await page.getByText("needs-setup").first().waitFor();

	await page.getByRole("link", { name: "Stop" }).click();
	await page.getByRole("link", { name: "Show new calls" }).waitFor();
	const answer = await page.reload();
	expect(answer?.headers()["refresh"]).toBeUndefined();
});
