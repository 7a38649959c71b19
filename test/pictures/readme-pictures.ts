import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { setUpXInBrowser } from "../kit/browser/set-up-x.ts";
import { CHOSEN_PASSWORD } from "../kit/helpdesk/change-first-password.ts";
import type { Ready } from "../kit/helpdesk/start-helpdesk.ts";
import type { Camera } from "../kit/walk/camera.ts";
import { ADA_APPROVES, comeFromX, firstPortal } from "../kit/walk/pages.ts";

const FOLDER = fileURLToPath(new URL("../../src/helpdesk/pictures/", import.meta.url));
/** Log-ins are counted every minute, so that Overview is looked at so often at most. */
const MOST_LOOKS = 24;

/** Takes what README.md shows: the log-in page, and what an administrator sees of it. */
export async function takeReadmePictures(camera: Camera, ready: Ready): Promise<void> {
	const { admin } = ready;
	const settings = `${admin}/settings/general/integrations/x-login`;
	const operator = await camera.newPerson();
	await setUpXInBrowser(operator, ready, ready.fakeX);
	await operator.getByText("X is connected").waitFor();
	await changePassword(operator, ready);
	await operator.goto(settings);
	await press(operator, "Save and test");
	await operator.getByText("X is connected to Acorn Outdoor").first().waitFor();
	await comeFromX(await camera.newPerson(), ready, { decision: "cancel" });
	const visitor = await camera.newPerson();
	await comeFromX(visitor, ready, ADA_APPROVES);
	await untilCounted(operator, admin);
	const stranger = await camera.newPerson();
	for (const { page, name, address } of [
		{ page: stranger, name: "log-in", address: `${firstPortal(ready)}/login` },
		{ page: operator, name: "overview", address: admin },
		{ page: operator, name: "settings", address: settings },
		{ page: operator, name: "sign-ins", address: `${admin}/sign-ins` },
	]) {
		await page.setViewportSize({ width: 1280, height: 800 });
		await page.goto(address);
		await page.screenshot({ path: `${FOLDER}${name}.png` });
	}
}

async function changePassword(page: Page, { admin, operator }: Ready): Promise<void> {
	await page.goto(`${admin}/profile`);
	await page.getByLabel("Current password").fill(operator.password ?? "");
	await page.getByLabel("New password").fill(CHOSEN_PASSWORD);
	await press(page, "Change password");
	await page.getByRole("status").first().waitFor();
}

/** Waits until Overview shows the log-in. */
async function untilCounted(page: Page, admin: string): Promise<void> {
	for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
		await page.goto(admin);
		if ((await page.getByText("1 logged in").count()) > 0) {
			return;
		}
		await page.waitForTimeout(5000);
	}
	throw new Error("Overview shows no log-in");
}

async function press(page: Page, name: string): Promise<void> {
	await page.getByRole("button", { name, exact: true }).click();
}
